"""Alerts over HTTP: what they say, what can be asked for, and how they are polled."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from threading import Event
from typing import Any

import httpx
import jsonschema  # type: ignore[import-untyped]
import pytest
from defusedxml.ElementTree import fromstring

from indexer.article import Article
from indexer.store.port import Store
from indexer.times import HOUR, MINUTE, SECOND, Millis, to_text
from service.alerts.alert import Alert, to_json
from service.alerts.arrays import arrays_of
from service.alerts.watching import SETTLING, STEP, Watch
from service.answers.alerts import reason
from service.newsroom import Newsroom
from tests.service.alerts.arrivals import KURSK, NOW, STORM, burst, usual
from tests.service.api.served import AUTHORISED, KEY, fill, problem, served

END = NOW + SETTLING
RAISED = to_text(NOW - 6 * HOUR + 40 * MINUTE)


def _watch(store: Store, now: Millis) -> None:
    Watch(store, arrays_of(store, lambda: now, None), lambda: str, lambda: now).run(Event())


def _articles() -> Iterator[Article]:
    yield from usual()
    yield from burst(KURSK, NOW - 6 * HOUR)
    yield from (replace(one, section="Weather") for one in burst(STORM, NOW - 2 * HOUR, 5))


@pytest.fixture(scope="module")
def newsroom(new_store: Callable[[], str]) -> Newsroom:
    opened = fill(new_store(), _articles(), api_key=KEY)
    opened.clock = lambda: END
    opened.store.put_record("alerting", "alerting", {"moment": NOW - 7 * HOUR})
    _watch(opened.store, NOW - 3 * HOUR)
    _watch(opened.store, END)
    return opened


@pytest.fixture(scope="module")
def desk(newsroom: Newsroom) -> Iterator[httpx.Client]:
    with served(newsroom) as client:
        yield client


def asked(desk: httpx.Client, **parameters: Any) -> Any:
    answer = desk.get("/v1/alerts", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


def _subjects(answer: Any) -> list[str]:
    return [item["entity"]["id"] for item in answer["items"]]


def test_metrics_say_how_many_stand_and_when_they_were_looked_for(desk: httpx.Client) -> None:
    lines = desk.get("/metrics").text.splitlines()
    standing = sum(item["cleared_at"] is None for item in asked(desk)["items"])
    assert f"dateline_alerts_standing {float(standing)}" in lines
    [looked_at] = [line for line in lines if line.startswith("dateline_alerts_looked_at_timestamp_seconds ")]
    assert float(looked_at.split()[1]) == NOW / 1000


def test_alerts_say_what_triggered_them(desk: httpx.Client) -> None:
    """Users of other systems: "alerts should say what triggered them"."""
    storm, kursk = asked(desk)["items"]
    assert (storm["entity"]["id"], kursk["entity"]) == (STORM.id, {"id": KURSK.id, "name": "Kursk", "type": "place"})
    assert (kursk["raised_at"], kursk["cleared_at"], kursk["story"]) == (RAISED, None, None)
    assert kursk["reason"] == (
        "Kursk is in 5 articles of 4 sources within a day: weighted by freshness 4.9, "
        "where hardly any are usual (z 3.7)."
    )
    assert [one["title"] for one in kursk["evidence"]] == [
        f"About place:kursk-{NOW - 6 * HOUR}-{number}" for number in (4, 3, 2)
    ]
    assert (kursk["articles"], kursk["sources"], kursk["sections"]) == (5, 4, ["World"])
    assert kursk["z"] == pytest.approx(3.7, abs=0.05)
    [item] = fromstring(desk.get("/v1/alerts?format=rss&section=World").content).iter("item")
    described = item.findtext("description") or ""
    assert kursk["reason"] in described
    assert all(one["title"] in described for one in kursk["evidence"])


def test_what_is_usual_is_said_where_there_is_any() -> None:
    alert = Alert(
        subject="place:kursk", raised_at=0, z=6.24, now=15.1, expected=0.9, lift=15.1 / 0.9,
        articles=23, sources=9, sections=(), evidence=(),
    )  # fmt: skip
    assert reason(alert, "Kursk") == (
        "Kursk is in 23 articles of 9 sources within a day: weighted by freshness 15.1, where 0.9 are usual, "
        "16.8 times as many (z 6.2)."
    )


def test_they_are_asked_for_by_section_type_and_time(desk: httpx.Client) -> None:
    assert _subjects(asked(desk)) == [STORM.id, KURSK.id]
    assert _subjects(asked(desk, section="World")) == [KURSK.id]
    assert _subjects(asked(desk, section=["World", "Weather"])) == [STORM.id, KURSK.id]
    assert _subjects(asked(desk, type="other")) == [STORM.id]
    assert _subjects(asked(desk, type="person")) == []
    assert _subjects(asked(desk, since=to_text(END))) == [STORM.id], "when it became known counts"
    assert _subjects(asked(desk, since=to_text(END + 10 * SECOND))) == [STORM.id], "it was on its way into the store"
    assert _subjects(asked(desk, since=to_text(END + 10 * SECOND + 1))) == []
    assert asked(desk)["looked_at"] == to_text(NOW)


def test_they_come_in_pages(desk: httpx.Client) -> None:
    first = asked(desk, limit=1)
    second = asked(desk, limit=1, cursor=first["cursor"])
    assert (_subjects(first), _subjects(second), second["cursor"]) == ([STORM.id], [KURSK.id], None)


def test_what_is_wrong_is_named(desk: httpx.Client) -> None:
    for query, parameter in {
        "since=soon": "since", "sinc=2024": "sinc", "type=ship": "type", "limit=0": "limit", "cursor=x": "cursor",
        "format=atom": "format",
    }.items():  # fmt: skip
        assert problem(desk.get(f"/v1/alerts?{query}"), 400)["parameter"] == parameter


def test_feeds_have_an_entry_per_alert_that_stays_the_same(desk: httpx.Client) -> None:
    feed = desk.get("/v1/alerts?format=jsonfeed")
    assert feed.headers["content-type"] == "application/feed+json"
    storm, kursk = feed.json()["items"]
    assert kursk["id"] == asked(desk)["items"][1]["id"]
    assert kursk["url"] == f"{desk.base_url}/entities/place:kursk"
    assert (kursk["title"], kursk["date_published"]) == ("Kursk: far more than usual", RAISED)
    assert (storm["tags"], kursk["tags"]) == (["Weather"], ["World"])
    page = desk.get(kursk["url"], headers={"Accept": "text/html"})
    assert page.status_code == 200
    root = fromstring(desk.get("/v1/alerts?format=rss").content)
    assert [one.text for one in root.iter("guid")] == [storm["id"], kursk["id"]]


def test_they_are_made_to_be_polled(desk: httpx.Client) -> None:
    for form in ("json", "rss"):
        first = desk.get(f"/v1/alerts?format={form}")
        assert first.headers["cache-control"].startswith("public, max-age=30")
        again = desk.get(f"/v1/alerts?format={form}", headers={"If-None-Match": first.headers["etag"]})
        assert again.status_code == 304


def test_who_polls_learns_that_the_worker_goes_on_looking(newsroom: Newsroom, desk: httpx.Client) -> None:
    before = {form: desk.get(f"/v1/alerts?format={form}").headers["etag"] for form in ("json", "rss")}
    newsroom.store.put_record("alerting", "alerting", {"moment": NOW + STEP})
    after = {
        form: desk.get(f"/v1/alerts?format={form}", headers={"If-None-Match": etag}) for form, etag in before.items()
    }
    newsroom.store.put_record("alerting", "alerting", {"moment": NOW})
    assert {form: answer.status_code for form, answer in after.items()} == {"json": 200, "rss": 304}
    assert after["json"].json()["looked_at"] == to_text(NOW + STEP)


def test_the_answer_is_as_described(desk: httpx.Client) -> None:
    described = desk.get("/openapi.json").json()
    schema = {"$ref": "#/components/schemas/AlertsAnswer", "components": described["components"]}
    content = described["paths"]["/v1/alerts"]["get"]["responses"]["200"]["content"]
    jsonschema.validate(asked(desk), schema)
    jsonschema.validate(content["application/json"]["example"], schema)


def test_when_it_is_over_it_says_so_and_what_editors_hide_is_gone(new_store: Callable[[], str]) -> None:
    newsroom = fill(new_store(), _articles(), api_key=KEY)
    newsroom.clock = lambda: NOW + 22 * HOUR
    newsroom.store.put_record("alerting", "alerting", {"moment": NOW - 7 * HOUR})
    _watch(newsroom.store, END)
    over = NOW + 22 * HOUR
    newsroom.store.put_record("alerting", "alerting", {"moment": over - STEP})
    with served(newsroom) as desk:
        before = desk.get("/v1/alerts?format=rss")
        _watch(newsroom.store, over + SETTLING)
        assert desk.get("/v1/alerts?format=rss", headers={"If-None-Match": before.headers["etag"]}).status_code == 200
        storm, kursk = asked(desk, since=to_text(NOW + HOUR))["items"]
        assert (kursk["raised_at"], kursk["cleared_at"]) == (RAISED, to_text(over))
        assert storm["cleared_at"] == to_text(over)
        assert storm["updated_at"] == kursk["updated_at"] == to_text(over + SETTLING)
        newsroom.store.delete([kursk["evidence"][0]["id"]])
        assert asked(desk)["items"][1]["evidence"] == kursk["evidence"][1:]
        merge = {"act": "merge", "entity": KURSK.id, "into": STORM.id, "who": "jane", "why": "for a test"}
        hide = {"act": "hide", "entity": STORM.id, "who": "jane", "why": "for a test"}
        assert desk.post("/v1/decisions", json=merge, headers=AUTHORISED).status_code == 201
        assert _subjects(asked(desk)) == [STORM.id, STORM.id]
        assert desk.post("/v1/decisions", json=hide, headers=AUTHORISED).status_code == 201
        assert asked(desk)["items"] == []


def test_a_story_is_named_by_its_article(new_store: Callable[[], str]) -> None:
    newsroom = fill(new_store(), _articles(), api_key=KEY)
    [founder, *_] = burst(KURSK, NOW - 6 * HOUR)
    alert = Alert(
        subject=f"story:{founder.id}", raised_at=NOW, z=4, now=5, expected=0, lift=None, articles=5, sources=4,
        sections=("World",), evidence=(founder.id,),
    )  # fmt: skip
    newsroom.store.put_record("alert", alert.id, to_json(alert))
    with served(newsroom) as desk:
        [shown] = asked(desk)["items"]
        assert (shown["story"], shown["entity"]) == ({"id": founder.id, "title": founder.title}, None)
        assert shown["reason"].startswith(f"“{founder.title}” is in 5 articles")
        assert asked(desk, type="place")["items"] == []
        assert asked(desk, type="story")["items"] == [shown]
        [entry] = desk.get("/v1/alerts?format=jsonfeed").json()["items"]
        assert entry["url"] == f"{desk.base_url}/stories/{founder.id}"
