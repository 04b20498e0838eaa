"""What users of such systems complain about, one test a complaint: none of it can happen here. Over both stores."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from threading import Event, Thread
from typing import Any

import httpx
import pytest

from indexer.catalogue.catalogue import Catalogue
from indexer.decisions.names import Names
from indexer.times import DAY, MINUTE, to_text
from nlp.keys import fold
from nlp.mention import Mention
from service.newsroom import Newsroom
from tests.service.api.asking import found, page, posted, text_of, total, walk
from tests.service.api.served import (
    DOE,
    ISW,
    KEY,
    KURSK,
    NOW,
    STORM,
    article,
    articles,
    fill,
    ids,
    problem,
    served,
)

MANY = 10_050
HEBREW = "\u05e7\u05d5\u05e8\u05e1\u05e7"
FACETS = {
    "section": "section", "source": "source", "lang": "lang", "entity": "entity",
    "person": "entity", "organisation": "entity", "place": "entity",
}  # fmt: skip


@pytest.fixture(scope="module")
def newsroom(new_store: Callable[[], str]) -> Newsroom:
    """The small newsroom, with articles that a facet could get wrong."""
    mixed = [
        article("both", NOW - 90 * MINUTE, "Storm stops troops", section="World", source="wire1.example",
                language="en", entities=(KURSK, STORM, ISW)),
        article("silent", NOW - 91 * MINUTE, "Kursk is only in the title", section="World", language="de"),
        article("unsaid", NOW - 92 * MINUTE, "A region", section="Home", entities=(KURSK, DOE)),
    ]  # fmt: skip
    return fill(new_store(), [*articles(), *mixed], api_key=KEY)


@pytest.fixture(scope="module")
def api(newsroom: Newsroom) -> Iterator[httpx.Client]:
    with served(newsroom) as client:
        yield client


@pytest.fixture(scope="module")
def deep(new_store: Callable[[], str]) -> Iterator[httpx.Client]:
    """More articles than some engines page through; five share their millisecond."""
    stored = (article(f"a{number}", NOW - DAY + number // 5, f"Storm {number}") for number in range(MANY))
    with served(fill(new_store(), stored)) as client:
        yield client


# Paging and export


def test_paging_never_stops_short_of_the_last_article_nor_at_ten_thousand(deep: httpx.Client) -> None:
    pages = list(walk(deep, page_size=100))
    walked = [one for page in pages for one in page]
    assert len(walked) == len(set(walked)) == total(deep) == MANY
    assert [len(page) for page in pages] == [100] * 100 + [50]


@pytest.mark.parametrize("sort", ["relevance", "fresh", "newest", "oldest"])
def test_paging_never_gives_the_same_page_for_ever(deep: httpx.Client, sort: str) -> None:
    seen: set[str] = set()
    for number, listed in enumerate(walk(deep, q="storm", sort=sort, page_size=100)):
        assert not seen & set(listed)
        seen |= set(listed)
        if number == 11:
            break
    assert len(seen) == (1_000 if sort in {"relevance", "fresh"} else 1_200)


@pytest.mark.parametrize("sort", ["relevance", "fresh"])
def test_a_list_that_ends_before_the_articles_do_says_where_all_are(deep: httpx.Client, sort: str) -> None:
    cursor: dict[str, str] = {}
    while True:
        answer = found(deep, q="storm", sort=sort, page_size=100, section=[], **cursor)
        if answer["cursor"] is None:
            break
        assert "export" not in answer
        cursor = {"cursor": answer["cursor"]}
    assert answer["export"] == "/v1/export?q=storm"
    assert len(deep.get(answer["export"]).text.splitlines()) == answer["total"]["value"] == MANY


def test_a_whole_search_can_be_had_as_csv_not_only_the_first_250(deep: httpx.Client) -> None:
    text = deep.get("/v1/export?q=storm&format=csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len({row["id"] for row in rows}) == len(rows) == MANY


# Queries


def test_fuzzy_words_never_fail_or_time_out(api: httpx.Client) -> None:
    assert total(api, q="trops~") == total(api, q="troops") > 0
    many = " ".join(f"word{number}~" for number in range(200))
    answer = api.get("/v1/search", params={"q": many})
    assert answer.status_code == 200
    assert answer.elapsed.total_seconds() < 1
    refused = problem(api.get("/v1/search", params={"q": many, "strict": "true"}), 400)
    assert refused["type"] == "/problems/invalid-query"


@pytest.mark.parametrize("q", ['"kursk', "(kursk", "kursk AND", "kursk)", 'kursk "', "kursk OR OR"])
def test_what_a_parser_says_is_never_shown_raw_nor_as_no_result(api: httpx.Client, q: str) -> None:
    answer = found(api, q=q)
    assert answer["total"]["value"] == total(api, q="kursk")
    assert answer["query"]["lenient"]
    trouble = answer["query"]["problem"]
    assert 1 <= trouble["column"] <= len(q) + 1
    refused = problem(api.get("/v1/search", params={"q": q, "strict": "true"}), 400)
    assert (refused["detail"], refused["column"]) == (trouble["detail"], trouble["column"])
    for said in (trouble["detail"], refused["title"]):
        assert not any(sign in said for sign in ("Exception", "Error", "Token(", "$END", "Lark"))
    shown = page(api, q)
    assert "plain words" in text_of(shown)
    assert re.search('<p class="broken">[^<]*<mark>[^<]+</mark>', shown)


@pytest.mark.parametrize("q", ['"troops in kursk" -3', "title:storm (galway OR kursk)", "storm NOT galway", "wind*"])
def test_a_query_means_the_same_on_every_screen(api: httpx.Client, q: str) -> None:
    expected = total(api, q=q)
    assert expected
    assert len(api.get("/v1/export", params={"q": q}).text.splitlines()) == expected
    counted = api.get("/v1/timeline", params={"q": q, "from": "2024-10-01", "to": "2024-11-14"}).json()["buckets"]
    assert sum(bucket["articles"] for bucket in counted) == expected
    assert f"{expected} article" in text_of(page(api, q))
    assert len(json.loads(api.get("/v1/search", params={"q": q, "format": "jsonfeed", "page_size": 100}).text)["items"])


@pytest.mark.parametrize(
    ("title", "q", "marked"),
    [
        ("\U0001f600\U0001f1fa\U0001f1e6 Troops leave", "troops", "Troops"),
        (f"\u05d4\u05d9\u05d5\u05dd {HEBREW} \u05e0\u05e4\u05dc\u05d4", HEBREW, HEBREW),
        ("\u201cCaf\u00e9\u201d opens", "cafe", "Caf\u00e9"),
        ("\uff34\uff52\uff4f\uff4f\uff50\uff53 leave", "leave", "leave"),
    ],
)  # fmt: skip
def test_highlights_never_stand_beside_the_word(
    api: httpx.Client, newsroom: Newsroom, title: str, q: str, marked: str
) -> None:
    with posted(api, newsroom, {"title": title, "section": "Marks"}):
        (hit,) = found(api, q=q, section="Marks", highlight="true")["hits"]
    assert [hit["article"]["title"][start:end] for start, end in hit["highlights"]["title"]] == [marked]


# Facets


def values(api: httpx.Client, facet: str, **parameters: Any) -> dict[str, int]:
    answer = found(api, facet=facet, facet_size=100, page_size=1, **parameters)
    return {one["value"]: one["count"] for one in answer["facets"][facet]["values"]}


@pytest.mark.parametrize("q", ["", "storm OR kursk", "-troops"])
@pytest.mark.parametrize("facet", FACETS)
def test_choosing_a_value_yields_exactly_its_count(api: httpx.Client, facet: str, q: str) -> None:
    parameter = FACETS[facet]
    counts = values(api, facet, q=q)
    within = values(api, facet, q=q, lang="en")
    for value, number in counts.items():
        assert total(api, q=q, **{parameter: value}) == number
        if facet != "lang":
            assert total(api, q=q, lang="en", **{parameter: value}) == within.get(value, 0)


@pytest.mark.parametrize("facet", FACETS)
def test_choosing_one_value_never_hides_the_others(api: httpx.Client, facet: str) -> None:
    before = values(api, facet, q="storm OR troops")
    chosen = min(before, key=lambda value: (before[value], value))
    assert values(api, facet, q="storm OR troops", **{FACETS[facet]: chosen}) == before


@pytest.mark.parametrize("facet", FACETS)
def test_a_chosen_value_is_never_missing_from_its_list(api: httpx.Client, facet: str) -> None:
    before = values(api, facet)
    last = min(before, key=lambda value: (before[value], value))
    prefix = f"{facet}:" if facet in {"person", "organisation", "place"} else "place:"
    never = f"{prefix}never-there"
    answer = found(api, facet=facet, facet_size=1, q="storm", **{FACETS[facet]: [last, never]})
    shown = {one["value"]: one for one in answer["facets"][facet]["values"] if one["selected"]}
    assert set(shown) == {last, never}
    assert shown[never]["count"] == 0


def test_no_facet_shows_an_entity_that_no_article_has(api: httpx.Client) -> None:
    for facet in ("entity", "person", "organisation", "place"):
        for value, number in values(api, facet, q="storm OR kursk").items():
            named = found(api, q="storm OR kursk", entity=value, page_size=100)["hits"]
            assert len(named) == number > 0
            assert all(value in {one["id"] for one in hit["article"]["entities"]} for hit in named)


def test_an_entity_facet_counts_articles_not_where_the_text_has_the_name(api: httpx.Client) -> None:
    hits = found(api, q="kursk", page_size=100)["hits"]
    expected = Counter(one["id"] for hit in hits for one in hit["article"]["entities"])
    assert values(api, "entity", q="kursk") == expected
    assert "silent" in {hit["article"]["id"] for hit in hits}
    assert "silent" not in ids(api.get("/v1/search", params={"q": "kursk", "entity": "place:kursk", "page_size": 100}))


def test_a_facet_never_shows_two_names_of_one_entity(new_store: Callable[[], str]) -> None:
    catalogue = Catalogue.load()
    forms = ("ESA", "European Space Agency")
    stored = [
        article(form.lower().replace(" ", "-"), NOW, f"{form} launches",
                entities=Names(catalogue).project([Mention(fold(form), "organisation", 1, "title", 0, (form,))]))
        for form in forms
    ]  # fmt: skip
    with served(fill(new_store(), stored)) as client:
        assert values(client, "organisation") == {"organisation:european-space-agency": 2}
        for form in forms:
            answer = found(client, q=form)
            assert answer["total"]["value"] == 2
            assert answer["query"]["entity"] == {
                "id": "organisation:european-space-agency",
                "name": "European Space Agency",
                "type": "organisation",
                "page": "/entities/organisation:european-space-agency",
            }
            assert client.get(answer["query"]["entity"]["page"], headers={"Accept": "text/html"}).status_code == 200


# Dates


@pytest.mark.parametrize("published", ["2026-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "9999-12-31", "soon"])
def test_articles_from_the_future_are_never_first_nor_in_the_future(
    api: httpx.Client, newsroom: Newsroom, published: str
) -> None:
    with posted(api, newsroom, {"title": "Zeppelins by then", "published_at": published}):
        assert total(api, q="zeppelins", from_=to_text(NOW - 1), to=to_text(NOW + 1)) == 1
        assert total(api, q="zeppelins", from_=to_text(NOW + 1)) == 0
        assert total(api, q="zeppelins after:2024-11-15") == 0
        later = api.get("/v1/timeline", params={"from": "2024-11-15", "to": "2024-11-20"}).json()["buckets"]
        assert [bucket["articles"] for bucket in later] == [0] * 6


def test_a_day_that_is_two_thirds_over_is_never_shown_as_whole(api: httpx.Client) -> None:
    for path in ("/v1/timeline?q=storm", "/v1/entities/place:kursk/timeline"):
        buckets = api.get(path).json()["buckets"]
        assert [bucket["incomplete"] for bucket in buckets] == [False] * (len(buckets) - 1) + [True]
        assert buckets[-1]["start"] == "2024-11-14T00:00:00.000Z"


def test_hours_can_be_asked_for_not_only_days(api: httpx.Client) -> None:
    hours = api.get("/v1/timeline?q=kursk&interval=hour&from=2024-11-14T10:00&to=2024-11-14T12:00").json()["buckets"]
    assert [(bucket["start"][11:13], bucket["articles"]) for bucket in hours] == [("10", 3), ("11", 6)]
    expected = total(api, q="kursk", from_="2024-11-14T11:00", to="2024-11-14T12:00")
    assert expected == total(api, q="kursk published:2024-11-14T11") == 6


def test_a_histogram_has_no_gaps(api: httpx.Client) -> None:
    buckets = api.get("/v1/timeline?q=essen&from=2024-10-20&to=2024-11-13").json()["buckets"]
    assert len(buckets) == 25
    assert all(one["end"] == other["start"] for one, other in pairwise(buckets))
    assert Counter(bucket["articles"] for bucket in buckets) == {0: 24, 1: 1}


@pytest.mark.parametrize("sort", ["newest", "oldest"])
def test_sorting_by_date_is_by_date(api: httpx.Client, sort: str) -> None:
    hits = found(api, sort=sort, page_size=100)["hits"]
    moments = [hit["article"]["seen_at"] for hit in hits]
    assert moments == sorted(moments, reverse=sort == "newest")
    assert len(moments) == total(api, sort=sort)


def test_the_zone_of_a_time_is_always_known(api: httpx.Client, newsroom: Newsroom) -> None:
    with posted(api, newsroom, {"title": "Zoned", "published_at": "2024-11-14T10:00:00+05:00"}):
        (hit,) = found(api, q="zoned")["hits"]
        assert hit["article"]["published_at"] == "2024-11-14T05:00:00.000Z"
        # A date is a day of the zone asked for, in a parameter and in the query alike.
        for zone, day in (("America/New_York", "2024-11-14"), ("Pacific/Honolulu", "2024-11-13")):
            for other, number in (("2024-11-12", 0), (day, 1), ("2024-11-15", 0)):
                assert total(api, q="zoned", from_=other, to=other, tz=zone) == number
                assert total(api, q=f"zoned published:{other}", tz=zone) == number


# Operations


def test_a_search_is_never_empty_while_the_index_is_rebuilt(newsroom: Newsroom, api: httpx.Client) -> None:
    done, counts = Event(), set[int]()

    def ask() -> None:
        while not done.is_set():
            counts.add(total(api, q="storm"))

    expected = total(api, q="storm")
    asking = Thread(target=ask)
    asking.start()
    try:
        newsroom.store.rebuild()
    finally:
        done.set()
        asking.join()
    assert counts == {expected}


def test_an_edited_article_never_becomes_a_second_one(api: httpx.Client, newsroom: Newsroom) -> None:
    balloons = {"url": "https://wire.example/balloons", "source": "wire.example"}
    with (
        posted(api, newsroom, {**balloons, "title": "Balloons rise"}),
        posted(api, newsroom, {**balloons, "title": "Balloons fall"}),
    ):
        (hit,) = found(api, q="balloons")["hits"]
    assert hit["article"]["title"] == "Balloons fall"
