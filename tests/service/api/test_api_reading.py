"""Single articles, the newest and names over HTTP."""

import csv
from collections.abc import Iterator
from io import StringIO
from itertools import pairwise
from typing import Any

import feedparser  # type: ignore[import-untyped]
import httpx
import pytest

from indexer.article import Entity
from indexer.store.opening import open_store
from indexer.times import HOUR
from service.newsroom import Newsroom
from service.settings import load_settings
from tests.service.api.served import AUTHORISED, NOW, article, ids, problem, served

ISW_ID = "organisation:institute-for-the-study-of-war"


def test_an_article_comes_with_its_body(api: httpx.Client) -> None:
    answer = api.get("/v1/articles/kursk-3")
    assert answer.status_code == 200
    assert answer.json()["body"].endswith("Report 3.")
    assert answer.json()["story"] is None


def test_unknown_ids_are_404(api: httpx.Client) -> None:
    for path in ("/v1/articles/nope", "/v1/entities/place:nope", "/v1/entities/place:nope/timeline"):
        assert problem(api.get(path), 404)["type"] == "/problems/unknown-id"


def test_single_articles_take_no_parameters(api: httpx.Client) -> None:
    assert problem(api.get("/v1/articles/kursk-3?fields=body"), 400)["parameter"] == "fields"


def test_latest_is_newest_ranked_time_first(api: httpx.Client) -> None:
    answer = api.get("/v1/latest?limit=4")
    assert set(answer.json()) == {"items", "as_of", "data_as_of"}
    assert answer.json()["as_of"] == "2024-11-14T12:34:00.000Z"
    assert ids(answer) == ["kursk-0", "kursk-1", "kursk-2", "kursk-3"]
    assert ids(api.get("/v1/latest?section=World&limit=2")) == ["kursk-1", "kursk-3"]
    assert len(ids(api.get("/v1/latest?section=World&section=Politics&limit=100"))) == 8
    assert ids(api.get("/v1/latest?section=Nowhere")) == []


@pytest.mark.parametrize("form", ["rss", "jsonfeed"])
def test_latest_answers_as_feeds(api: httpx.Client, form: str) -> None:
    answer = api.get(f"/v1/latest?format={form}&section=World")
    if form == "jsonfeed":
        assert [item["id"] for item in answer.json()["items"]] == ["kursk-1", "kursk-3", "kursk-5", "kursk-7"]
        return
    feed = feedparser.parse(answer.content)
    assert not feed.bozo
    assert feed.feed.title == "dateline: Latest: World"
    assert len(feed.entries) == 4


@pytest.mark.parametrize("path", ["/v1/latest", "/v1/latest?format=rss", "/v1/trends/entities", "/v1/trends/articles"])
def test_what_is_polled_has_a_weak_etag(api: httpx.Client, path: str) -> None:
    answer = api.get(path)
    etag = answer.headers["etag"]
    assert etag.startswith('W/"')
    assert answer.headers["cache-control"] == "public, max-age=30, stale-while-revalidate=300"
    for tags in (etag, f'"other", {etag}', etag.removeprefix("W/"), "*"):
        same = api.get(path, headers={"If-None-Match": tags})
        assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", etag)
    assert api.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
    assert api.get(f"{path}{'&' if '?' in path else '?'}limit=1").headers["etag"] != etag


def test_the_etag_follows_what_is_listed(writing: httpx.Client) -> None:
    etag = writing.get("/v1/latest").headers["etag"]
    posted = {"id": "fresh", "title": "Fresh", "published_at": "2024-11-14T12:34:56.789Z"}
    writing.post("/v1/articles?refresh=true", json=posted, headers=AUTHORISED)
    answer = writing.get("/v1/latest", headers={"If-None-Match": etag})
    assert answer.status_code == 200
    assert answer.headers["etag"] != etag
    assert "fresh" in ids(answer)
    writing.post("/v1/articles?refresh=true", json=posted | {"title": "Corrected"}, headers=AUTHORISED)
    assert writing.get("/v1/latest", headers={"If-None-Match": answer.headers["etag"]}).status_code == 200


def test_the_description_of_rss_is_text_written_as_html(writing: httpx.Client) -> None:
    posted = {"id": "odd", "title": "Odd", "summary": 'a < b & <b>c</b> "d"', "section": "Odd"}
    writing.post("/v1/articles?refresh=true", json=posted, headers=AUTHORISED)
    content = writing.get("/v1/latest?section=Odd&format=rss").content
    assert b'<description>a &amp;lt; b &amp;amp; &amp;lt;b&amp;gt;c&amp;lt;/b&amp;gt; "d"</description>' in content


def names(answer: httpx.Response) -> list[tuple[str, int]]:
    assert answer.status_code == 200, answer.text
    return [(item["entity"]["id"], item["articles"]) for item in answer.json()["items"]]


def test_names_come_with_article_counts(api: httpx.Client) -> None:
    answer = api.get("/v1/entities")
    assert names(answer) == [("other:storm-ophelia", 30), ("person:jane-doe", 30), (ISW_ID, 8), ("place:kursk", 8)]
    assert answer.json()["cursor"] is None
    assert answer.json()["items"][2]["entity"] == {
        "id": ISW_ID,
        "name": "Institute for the Study of War",
        "short": "ISW",
        "type": "organisation",
    }
    assert names(api.get("/v1/entities?type=place")) == [("place:kursk", 8)]
    assert names(api.get("/v1/entities?type=other")) == [("other:storm-ophelia", 30)]
    assert names(api.get("/v1/entities?section=World")) == [(ISW_ID, 4), ("place:kursk", 4)]
    assert names(api.get("/v1/entities?from=2024-11-14&type=person")) == [("person:jane-doe", 1)]


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("kursk", ["place:kursk"]),
        ("KUR", ["place:kursk"]),
        ("study war", [ISW_ID]),
        ("isw", [ISW_ID]),
        ("jane", ["person:jane-doe"]),
        ("troops", []),
        ('"', []),
    ],
)
def test_names_are_found_by_words_and_abbreviations(api: httpx.Client, q: str, found: list[str]) -> None:
    assert [entity_id for entity_id, _ in names(api.get("/v1/entities", params={"q": q}))] == found


def test_names_of_another_type_or_time_are_not_found(api: httpx.Client) -> None:
    assert names(api.get("/v1/entities?q=kursk&type=person")) == []
    assert names(api.get("/v1/entities?q=kursk&to=2024-11-01")) == []


def test_names_are_found_by_an_alias(writable: Newsroom) -> None:
    (entry,) = (one for one in writable.catalogue if one.id == "place:russia")
    named = Entity(entry.id, entry.name, entry.type, 1)
    writable.store.write([article("russian", NOW - HOUR, "Moscow speaks", entities=(named,))])
    writable.store.refresh()
    with served(writable) as client:
        assert names(client.get("/v1/entities", params={"q": "Russian Federation"})) == [(entry.id, 1)]


@pytest.mark.parametrize("q", ["", "e"])
def test_a_walk_over_names_gives_each_once(api: httpx.Client, q: str) -> None:
    walked: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = api.get("/v1/entities", params={"q": q, "limit": 1, "cursor": cursor})
        walked += [entity_id for entity_id, _ in names(answer)]
        cursor = answer.json()["cursor"]
    assert len(walked) == len(set(walked))
    assert walked == [entity_id for entity_id, _ in names(api.get("/v1/entities", params={"q": q}))]


def test_one_name(api: httpx.Client) -> None:
    answer = api.get("/v1/entities/place:kursk?section=World").json()
    assert {
        name: answer[name] for name in ("entity", "articles", "first_seen", "last_seen", "as_of", "data_as_of")
    } == {
        "entity": {"id": "place:kursk", "name": "Kursk", "short": None, "type": "place"},
        "articles": 4,
        "first_seen": "2024-11-14T10:14:56.789Z",
        "last_seen": "2024-11-14T12:14:56.789Z",
        "as_of": "2024-11-14T12:34:56.789Z",
        "data_as_of": "2024-11-14T12:34:56.789Z",
    }
    nothing = api.get("/v1/entities/place:kursk?to=2024-11-01").json()
    assert (nothing["articles"], nothing["first_seen"], nothing["last_seen"]) == (0, None, None)


def timeline(api: httpx.Client, **parameters: Any) -> list[dict[str, Any]]:
    answer = api.get("/v1/entities/place:kursk/timeline", params=parameters)
    assert answer.status_code == 200, answer.text
    assert set(answer.json()) == {"entity", "interval", "tz", "buckets", "as_of", "data_as_of"}
    buckets: list[dict[str, Any]] = answer.json()["buckets"]
    return buckets


def test_a_timeline_has_no_gaps_and_marks_what_is_incomplete(api: httpx.Client) -> None:
    buckets = timeline(api)
    assert len(buckets) == 30
    assert all(before["end"] == after["start"] for before, after in pairwise(buckets))
    assert buckets[-1] == {
        "start": "2024-11-14T00:00:00.000Z",
        "end": "2024-11-15T00:00:00.000Z",
        "articles": 8,
        "all": 9,
        "share": 8 / 9,
        "incomplete": True,
    }
    assert buckets[-2] == {
        "start": "2024-11-13T00:00:00.000Z",
        "end": "2024-11-14T00:00:00.000Z",
        "articles": 0,
        "all": 1,
        "share": 0.0,
        "incomplete": False,
    }
    assert sum(bucket["articles"] for bucket in timeline(api, interval="hour")) == 8
    assert len(timeline(api, interval="hour")) == 48
    assert [bucket["articles"] for bucket in timeline(api, interval="week")][-1] == 8


@pytest.mark.parametrize("span", [{"to": "0002-01-01"}, {"from": "9998-12-01", "to": "9998-12-30"}])
@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "America/Los_Angeles"])
def test_a_timeline_can_be_at_the_ends_of_the_calendar(api: httpx.Client, span: dict[str, str], zone: str) -> None:
    assert timeline(api, interval="week", tz=zone, **span)


def test_a_timeline_follows_the_calendar_of_its_zone(api: httpx.Client) -> None:
    buckets = timeline(api, tz="Europe/Rome", **{"from": "2024-10-26", "to": "2024-10-28"})
    assert [bucket["start"] for bucket in buckets] == [
        "2024-10-25T22:00:00.000Z",
        "2024-10-26T22:00:00.000Z",
        "2024-10-27T23:00:00.000Z",
    ]
    assert buckets[-1]["end"] == "2024-10-28T23:00:00.000Z"


def test_a_timeline_cut_inside_a_day_is_incomplete_there(api: httpx.Client) -> None:
    buckets = timeline(api, **{"from": "2024-11-12T06:00:00Z", "to": "2024-11-13"})
    assert [(bucket["start"][8:13], bucket["incomplete"]) for bucket in buckets] == [("12T06", True), ("13T00", False)]


def test_a_timeline_counts_in_sections(api: httpx.Client) -> None:
    last = timeline(api, section=["World", "Home"])[-1]
    assert (last["articles"], last["all"], last["share"]) == (4, 5, 0.8)


def test_a_timeline_answers_as_csv(api: httpx.Client) -> None:
    answer = api.get("/v1/entities/place:kursk/timeline?format=csv&from=2024-11-14&to=2024-11-14")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert list(csv.DictReader(StringIO(answer.text))) == [
        {
            "start": "2024-11-14T00:00:00.000Z",
            "end": "2024-11-15T00:00:00.000Z",
            "articles": "8",
            "all": "9",
            "share": str(8 / 9),
            "incomplete": "true",
        }
    ]


def test_a_timeline_has_a_bounded_number_of_buckets(api: httpx.Client) -> None:
    refused = problem(api.get("/v1/entities/place:kursk/timeline?interval=hour&from=2024-01-01"), 400)
    assert refused["parameter"] == "interval"
    assert "more than 1,000" in refused["detail"]


def test_names_have_four_types(api: httpx.Client) -> None:
    assert problem(api.get("/v1/entities?type=country"), 400)["parameter"] == "type"


@pytest.fixture
def away(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A service whose store is not there, and cannot be made."""
    folder = tmp_path_factory.mktemp("away")
    (folder / "store").write_text("not a folder", encoding="utf-8")
    settings = load_settings(store=f"embedded:{folder / 'store'}", api_key="k")
    newsroom = Newsroom(open_store(settings.store), settings, lambda: NOW)
    with served(newsroom, ready=False) as client:
        yield client


@pytest.mark.parametrize(
    "path",
    ["/v1/search?q=a", "/v1/latest", "/v1/articles/a", "/v1/entities", "/v1/entities/place:a", "/v1/trends/entities"],
)
def test_a_store_that_is_away_is_503(away: httpx.Client, path: str) -> None:
    answer = away.get(path)
    assert problem(answer, 503)["type"] == "/problems/store-unavailable"
    assert int(answer.headers["retry-after"]) >= 1
    assert away.get("/healthz").json() == {"status": "alive"}
    assert problem(away.get("/readyz"), 503)["detail"].startswith("store: ")
    assert "dateline_store_up 0.0" in away.get("/metrics").text
