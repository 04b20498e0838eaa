"""What users of other trend lists complained about, asked of this one. Each test names its complaint."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest

from indexer.article import Article, Entity
from indexer.store.port import Change
from indexer.times import DAY, HOUR, MINUTE, Millis, to_text
from service.newsroom import Newsroom
from service.trends.arrays import Arrays
from service.trends.entities import trending_entities
from service.trends.follower import MARGIN
from service.trends.scoring import Parameters
from service.trends.snapshot import WINDOW
from service.trends.stories import trending_stories
from tests.service.api.served import AUTHORISED, KEY, NOW, article, entity, fill, open_filled, served

SOURCES = [f"paper{number}.example" for number in range(6)]
FRIDAY, KURSK, OSLO = entity("Fish Friday", "other"), entity("Kursk", "place"), entity("Oslo", "place")


def told(what: str, at: Iterable[Millis], *names: Entity, story: bool = True, source: str = "") -> list[Article]:
    """Articles about something at some times, of one paper after the other."""
    return [
        article(
            f"{what}-{number}", moment, f"{what.capitalize()} report {number}", entities=names, section="World",
            source=source or SOURCES[number % len(SOURCES)], story=f"{what}-0" if story else "",
        )
        for number, moment in enumerate(at)
    ]  # fmt: skip


def every(length: Millis, first: Millis, number: int) -> list[Millis]:
    """So many times going back from one."""
    return [first - place * length for place in range(number)]


def background() -> list[Article]:
    """Two months of the same names every day, in stories of their own."""
    times = every(2 * HOUR, NOW - 10 * MINUTE, 700)
    return [
        replace(one, id=f"usual-{number}", story=f"usual-{number}", title=f"Usual {number}")
        for number, one in enumerate(told("usual", times, OSLO))
    ]


@contextmanager
def desk(tmp_path_factory: pytest.TempPathFactory, *stored: Article) -> Iterator[httpx.Client]:
    opened = open_filled(tmp_path_factory.mktemp("trends") / "store", [*background(), *stored], api_key=KEY)
    with served(opened) as client:
        yield client


def asked(api: httpx.Client, what: str, **parameters: Any) -> Any:
    answer = api.get(f"/v1/trends/{what}", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


def names(answer: Any) -> list[str]:
    return [item["entity"]["name"] for item in answer["items"]]


def test_weekly_hashtags_crowd_out_news(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What comes every week is usual on the day that it comes."""
    weekly = [moment for week in range(9) for moment in every(10 * MINUTE, NOW - week * 7 * DAY - HOUR, 12)]
    news = told("kursk", every(10 * MINUTE, NOW - HOUR, 12), KURSK)
    with desk(tmp_path_factory, *told("friday", weekly, FRIDAY), *news) as api:
        listed = asked(api, "entities", explain=True, novelty=0.99)["items"]
        by_name = {item["entity"]["name"]: item for item in listed}
        assert names(asked(api, "entities"))[0] == "Kursk"
        assert by_name["Fish Friday"]["articles"] == by_name["Kursk"]["articles"] == 12
        assert by_name["Fish Friday"]["score"] < by_name["Kursk"]["score"]
        assert by_name["Kursk"]["status"] == "new"
        assert by_name["Fish Friday"]["status"] != "new"


def test_trends_vanish_at_midnight(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A list of one minute after midnight is that of one minute before."""
    midnight = NOW - NOW % DAY
    news = told("kursk", every(10 * MINUTE, midnight - HOUR, 12), KURSK)
    with desk(tmp_path_factory, *news) as api:
        lists = [asked(api, "entities", as_of=to_text(midnight + minute * MINUTE)) for minute in (-1, 0, 1)]
        assert [names(one) for one in lists] == [["Kursk"]] * 3
        scores = [one["items"][0]["score"] for one in lists]
        assert scores == sorted(scores, reverse=True)
        assert scores[2] > 0.99 * scores[0]


def test_a_future_timestamp_stays_first_for_days(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A date in the future counts as the time of arrival, and ages from there."""
    with desk(tmp_path_factory) as api:
        for number, source in enumerate(SOURCES):
            posted = {"id": f"f{number}", "title": f"Future {number}", "source": source, "published_at": "2026-11-14"}
            assert api.post("/v1/articles?refresh=true", json=posted, headers=AUTHORISED).is_success
        newest = api.get("/v1/latest").json()["items"]
        assert all(one["seen_at"] <= to_text(NOW) for one in newest)
        (stored,) = (one for one in api.get("/v1/search?q=future&sort=newest").json()["hits"][:1])
        assert stored["article"]["published_at"] is None or stored["article"]["published_at"] <= to_text(NOW)


def test_a_future_timestamp_gains_nothing_in_a_list() -> None:
    now_and_later = [told("kursk", [moment] * 6, KURSK) for moment in (NOW, NOW + 30 * DAY)]
    lists = []
    for articles in now_and_later:
        arrays = Arrays(NOW - WINDOW)
        arrays.apply([Change(one.id, one) for one in [*background(), *articles]])
        lists.append([item.entity.name for item in trending_entities(arrays.snapshot, Parameters(), NOW)])
    assert lists == [["Kursk"], []]


def test_items_with_count_0(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What a list holds has articles, and each of its counts can be found."""
    with desk(tmp_path_factory, *told("kursk", every(HOUR, NOW - HOUR, 12), KURSK)) as api:
        for what in ("entities", "stories", "articles"):
            for novelty in (0, 1):
                items = asked(api, what, novelty=novelty)["items"]
                assert items
                assert all(item["articles"] >= 2 and item["sources"] >= 2 and item["evidence"] for item in items)


def test_wrong_counts_removed_from_the_ui(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The numbers under an item are those that a search for it finds."""
    news = told("kursk", every(HOUR, NOW - HOUR, 40), KURSK)
    with desk(tmp_path_factory, *news) as api:
        (item,) = (one for one in asked(api, "entities")["items"] if one["entity"]["name"] == "Kursk")
        since = to_text(NOW - NOW % MINUTE - 30 * HOUR)
        found = api.get("/v1/search", params={"entity": item["entity"]["id"], "from": since, "facet": "source"}).json()
        assert item["articles"] == found["total"]["value"]
        assert item["sources"] == len(found["facets"]["source"]["values"])
        (story,) = (one for one in asked(api, "stories")["items"] if one["story"]["id"] == "kursk-0")
        assert (
            story["articles"]
            == api.get("/v1/search", params={"q": "story:kursk-0", "from": since}).json()["total"]["value"]
        )


def test_an_undocumented_score(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The score can be worked out from the explanation, and the formula has a name."""
    with desk(tmp_path_factory, *told("kursk", every(10 * MINUTE, NOW - HOUR, 12), KURSK)) as api:
        volume = asked(api, "entities", explain=True, novelty=0)
        assert volume["algorithm"] == "decayed-excess/3"
        for item in volume["items"]:
            assert item["score"] == item["explain"]["now"]
            assert item["explain"]["lift"] == pytest.approx(item["explain"]["now"] / item["explain"]["expected"])


@pytest.mark.parametrize("names_too", [True, False])
def test_one_producer_dominates(tmp_path_factory: pytest.TempPathFactory, names_too: bool) -> None:  # noqa: FBT001
    """A publisher that posts thousands of articles in an hour captures no list, by its own names or by others'."""
    news = told("kursk", every(10 * MINUTE, NOW - HOUR, 12), KURSK)
    acme = [entity(f"Acme {number}", "organisation") for number in range(20)]
    flood = told(
        "acme", every(1_000, NOW - MINUTE, 3_000), *acme, *([OSLO] if names_too else []), source="acme.example"
    )
    flood = [replace(one, story=f"acme-{number // 10}") for number, one in enumerate(flood)]
    with desk(tmp_path_factory, *news, *flood) as api:
        assert names(asked(api, "entities"))[0] == "Kursk"
        assert not {name for name in names(asked(api, "entities")) if name.startswith("Acme")}
        assert [item["story"]["id"] for item in asked(api, "stories")["items"]] == ["kursk-0"]
        assert [item["article"]["source"] for item in asked(api, "articles")["items"]] != ["acme.example"]
        (kursk,) = (one for one in asked(api, "entities", explain=True)["items"] if one["entity"]["name"] == "Kursk")
        assert kursk["status"] == "new"


def test_one_producer_dominates_before_anything_is_grouped(tmp_path_factory: pytest.TempPathFactory) -> None:
    news = told("kursk", every(10 * MINUTE, NOW - HOUR, 12), KURSK, story=False)
    flood = told(
        "acme", every(1_000, NOW - MINUTE, 3_000), entity("Acme", "organisation"), story=False, source="acme.example"
    )
    ungrouped = [replace(one, story="") for one in background()]
    opened = open_filled(tmp_path_factory.mktemp("trends") / "store", [*ungrouped, *news, *flood])
    with served(opened) as api:
        sources = [item["article"]["source"] for item in asked(api, "articles")["items"]]
    assert len(sources) == 10
    assert sources.count("acme.example") <= 4


def test_a_newsroom_of_one_source_has_trends(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What protects from one producer does not silence the only one."""
    stored = [replace(one, source="house.example") for one in [*background(), *told("kursk", [NOW - HOUR] * 9, KURSK)]]
    with served(open_filled(tmp_path_factory.mktemp("trends") / "store", stored)) as api:
        answer = asked(api, "entities")
        assert (answer["fallback"], names(answer)) == (None, ["Kursk"])
        assert asked(api, "stories")["items"][0]["story"]["id"] == "kursk-0"


def test_days_old_items_in_hot(tmp_path_factory: pytest.TempPathFactory) -> None:
    """However much was written, three days later it is no more in the list than what is new."""
    old = told("kursk", every(MINUTE, NOW - 3 * DAY, 300), KURSK)
    new = told("friday", every(MINUTE, NOW - HOUR, 12), FRIDAY)
    with desk(tmp_path_factory, *old, *new) as api:
        assert names(asked(api, "entities")) == ["Fish Friday"]
        assert [item["story"]["id"] for item in asked(api, "stories")["items"]] == ["friday-0"]
        assert [item["story"]["id"] for item in asked(api, "stories", novelty=0)["items"]] == ["friday-0"]


def test_the_first_use_is_a_rise_of_100_percent(tmp_path_factory: pytest.TempPathFactory) -> None:
    """One article about a name that nobody knew is no trend; there is no lift without anything to compare with."""
    with desk(tmp_path_factory, *told("kursk", [NOW - HOUR], KURSK)) as api:
        assert "Kursk" not in names(asked(api, "entities"))
        assert "Kursk" not in names(asked(api, "entities", novelty=0))


def test_the_same_headline_several_times_but_copies_keep_their_heat(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A story is listed once, and every copy counts."""
    copies = [replace(one, title="Troops leave Kursk") for one in told("kursk", every(MINUTE, NOW - HOUR, 12), KURSK)]
    single = told("friday", every(MINUTE, NOW - HOUR, 3), FRIDAY)
    with desk(tmp_path_factory, *copies, *single) as api:
        titles = [item["article"]["title"] for item in asked(api, "articles")["items"]]
        assert titles.count("Troops leave Kursk") == 1
        first = asked(api, "stories")["items"][0]
        assert (first["story"]["title"], first["articles"], first["sources"]) == ("Troops leave Kursk", 12, 6)


def test_the_half_life_is_not_configurable(tmp_path_factory: pytest.TempPathFactory) -> None:
    yesterday = told("kursk", every(MINUTE, NOW - DAY, 60), KURSK)
    today = told("friday", every(MINUTE, NOW - HOUR, 12), FRIDAY)
    with desk(tmp_path_factory, *yesterday, *today) as api:
        assert names(asked(api, "entities", half_life="2h", novelty=0.5))[:1] == ["Fish Friday"]
        assert "Kursk" not in names(asked(api, "entities", half_life="2h", novelty=0))
        slow = names(asked(api, "entities", half_life="4d", novelty=0.5))
        assert slow.index("Kursk") < slow.index("Fish Friday")


def test_the_trend_cache_is_stale(tmp_path_factory: pytest.TempPathFactory) -> None:
    """An answer is remembered as long as nothing changes, and not longer."""
    newsroom = open_filled(tmp_path_factory.mktemp("trends") / "store", background(), api_key=KEY)
    with served(newsroom) as api:
        before = api.get("/v1/trends/entities")
        again = api.get("/v1/trends/entities", headers={"If-None-Match": before.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert "stale-while-revalidate" in again.headers["cache-control"]
        taken_in = newsroom.trends.snapshot
        newsroom.store.write(told("kursk", every(MINUTE, NOW - HOUR, 12), KURSK))
        _wait(lambda: newsroom.trends.snapshot is not taken_in)
        after = api.get("/v1/trends/entities", headers={"If-None-Match": before.headers["etag"]})
        assert after.status_code == 200
        assert names(after.json())[0] == "Kursk"


def test_a_collector_that_stopped_is_not_the_end_of_all_news(tmp_path_factory: pytest.TempPathFactory) -> None:
    silent = NOW + 12 * HOUR
    newsroom = open_filled(tmp_path_factory.mktemp("trends") / "store", background())
    newsroom.clock = lambda: silent
    with served(newsroom) as api:
        answer = asked(api, "entities", novelty=0)
        assert answer["collection"] == {"state": "quiet", "since": to_text(NOW - 10 * MINUTE)}
        assert {item["status"] for item in answer["items"]} <= {"steady"}


def test_both_stores_list_the_same(new_store: Callable[[], str]) -> None:
    """A list depends on the articles and their stories, not on what keeps them."""
    stored = [
        *background(),
        *told("kursk", every(HOUR, NOW - HOUR, 30), KURSK, OSLO),
        *told("friday", [NOW] * 4, FRIDAY),
    ]
    arrays = Arrays(NOW - WINDOW - MARGIN)
    arrays.apply([Change(one.id, one) for one in stored])
    newsroom: Newsroom = fill(new_store(), stored)
    newsroom.load_trends()
    kept = newsroom.trends.snapshot
    for parameters in (
        Parameters(),
        Parameters(novelty=0.0, diversity=0.9),
        Parameters(section="World", min_sources=1),
    ):
        assert trending_entities(kept, parameters, NOW) == trending_entities(arrays.snapshot, parameters, NOW)
        assert trending_stories(kept, parameters, NOW) == trending_stories(arrays.snapshot, parameters, NOW)
    newsroom.stop()


def _wait(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)
