import re
from collections import Counter
from urllib.parse import urlsplit

import pytest

from indexer.times import DAY, MINUTE, parse
from service.sample import Json, records

NOW = parse("2031-03-05T14:07:31.123Z")
SECTIONS = {"World", "Politics", "Business", "Science", "Health", "Sport", "Culture", "Technology", "Climate"}


@pytest.fixture(scope="module")
def newsroom() -> list[Json]:
    return list(records(NOW))


def age(record: Json) -> int:
    return NOW - parse(record["published_at"])


def text(record: Json) -> str:
    return " ".join((record["title"], record["summary"], record["body"]))


def per_day(newsroom: list[Json], name: str) -> Counter[int]:
    """Articles that name something, by full days before now."""
    return Counter(age(record) // DAY for record in newsroom if name in text(record))


def test_holds_a_few_hundred_articles_from_a_dozen_sources_in_nine_sections(newsroom: list[Json]) -> None:
    assert 320 <= len(newsroom) <= 400
    assert {record["section"] for record in newsroom} == SECTIONS
    assert 12 <= len({record["source"] for record in newsroom}) <= 14


def test_every_record_has_the_same_fields(newsroom: list[Json]) -> None:
    fields = {"id", "title", "summary", "body", "section", "labels", "source", "refs", "authors", "url", "published_at"}
    assert all(record.keys() == fields for record in newsroom)


def test_no_two_articles_share_a_title_a_body_an_address_or_a_moment(newsroom: list[Json]) -> None:
    for field in ("id", "title", "summary", "body", "url", "published_at"):
        assert len({record[field] for record in newsroom}) == len(newsroom), field


def test_articles_are_short(newsroom: list[Json]) -> None:
    sentences = [len(re.findall(r"[.?!]'?(?:\s|$)", record["body"])) for record in newsroom]
    assert min(sentences) >= 2
    assert sorted(sentences)[-2] <= 5


def test_addresses_are_of_example_domains(newsroom: list[Json]) -> None:
    for record in newsroom:
        address = urlsplit(record["url"])
        assert address.scheme == "https"
        assert (address.hostname or "").endswith(".example")


def test_spans_the_five_weeks_before_loading_and_nothing_after(newsroom: list[Json]) -> None:
    ages = [age(record) for record in newsroom]
    assert ages == sorted(ages, reverse=True)
    assert 34 * DAY < ages[0] < 35 * DAY
    assert MINUTE < ages[-1] < 15 * MINUTE


def test_every_day_and_every_section_has_news(newsroom: list[Json]) -> None:
    assert {age(record) // DAY for record in newsroom} == set(range(35))
    for section in SECTIONS:
        days = {age(record) // DAY for record in newsroom if record["section"] == section}
        assert len(days) >= 10
        assert max(days) >= 28


def test_weeks_have_two_quieter_days(newsroom: list[Json]) -> None:
    daily = Counter(age(record) // DAY for record in newsroom)
    quiet = [daily[day] for day in (30, 31, 23, 9, 10)]
    busy = [daily[day] for day in (28, 29, 32, 33, 21, 22, 7, 8, 11, 12)]
    assert max(quiet) < min(busy)


def test_ids_stay_when_the_dates_move(newsroom: list[Json]) -> None:
    later = list(records(NOW + 3 * DAY))
    assert [record["id"] for record in later] == [record["id"] for record in newsroom]
    assert newsroom[0]["id"] == "sample-001"
    shift = {parse(new["published_at"]) - parse(old["published_at"]) for new, old in zip(later, newsroom, strict=True)}
    assert shift == {3 * DAY}


@pytest.mark.parametrize(
    "name",
    [
        "Russia", "Kursk", "Institute for the Study of War (ISW)", "Gaza", "Ukraine", "North Korea", "Donald Trump",
        "OECD", "Human Rights Watch", "United Nations", "West Bank", "Itamar Ben-Gvir", "Columbus",
    ],
)  # fmt: skip
def test_the_great_stories_of_the_day_are_told_by_several_sources(newsroom: list[Json], name: str) -> None:
    recent = [record for record in newsroom if age(record) < 2 * DAY and name in text(record)]
    assert len({record["source"] for record in recent}) >= 2


@pytest.mark.parametrize(
    ("name", "days"),
    [
        ("Antofagasta", (23, 24)),
        ("Rabat", (16, 17)),
        ("Marchetti", (6, 7)),
        ("Nairobi", (3, 4, 5)),
        ("Odette", (0, 1)),
        ("Kursk", (0, 1)),
    ],
)
def test_planted_bursts_stand_out(newsroom: list[Json], name: str, days: tuple[int, ...]) -> None:
    daily = per_day(newsroom, name)
    burst = sum(daily[day] for day in days)
    assert burst >= 6
    assert burst >= 0.7 * daily.total()


@pytest.mark.parametrize("name", ["Russia", "United States", "China", "European Union", "Federal Reserve", "NHS"])
def test_the_usual_names_are_there_throughout(newsroom: list[Json], name: str) -> None:
    daily = per_day(newsroom, name)
    assert {day // 7 for day in daily} == set(range(5))
    assert len(daily) >= 8
