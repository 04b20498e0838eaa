"""Pinning to lists of trends and hiding from them over HTTP, and what a list makes of it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from indexer.times import HOUR, MINUTE, to_text
from service.answers.pins import pins_of
from service.newsroom import Newsroom
from tests.service.api.served import AUTHORISED, KEY, NOW, articles, fill, problem, served

WHO = {"who": "jane", "why": "for a test"}
LATER = to_text(NOW + 2 * HOUR)
KURSK = {"act": "pin", "list": "entities", "item": "place:kursk", "until": LATER}


@pytest.fixture
def newsroom(new_store: Callable[[], str]) -> Newsroom:
    return fill(new_store(), (replace(one, story=one.id, grouped=one.id) for one in articles()), api_key=KEY)


@pytest.fixture
def desk(newsroom: Newsroom) -> Iterator[httpx.Client]:
    with served(newsroom) as client:
        yield client


def post(desk: httpx.Client, **fields: Any) -> httpx.Response:
    return desk.post("/v1/pins", json={**WHO, **fields}, headers=AUTHORISED)


def decide(desk: httpx.Client, **fields: Any) -> Any:
    answer = post(desk, **fields)
    assert answer.status_code == 201, answer.text
    return answer.json()


def listed(desk: httpx.Client, **parameters: Any) -> list[Any]:
    answer = desk.get("/v1/pins", params=parameters)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def test_a_decision_says_what_who_when_why_and_until_when(desk: httpx.Client) -> None:
    decided = decide(desk, **KURSK, position=2, section="World")
    assert decided == {
        **WHO, **KURSK, "number": 1, "at": to_text(NOW), "decision": None, "name": "Kursk", "position": 2,
        "section": "World", "standing": True, "lifted_by": None,
    }  # fmt: skip
    assert listed(desk) == [decided]
    lift = decide(desk, act="lift", decision=1, why="enough")
    assert lift == {**decided, "number": 2, "act": "lift", "why": "enough", "decision": 1, "standing": False}
    assert listed(desk) == [lift, {**decided, "standing": False, "lifted_by": 2}]


def test_any_kind_of_item_is_known_by_its_name(desk: httpx.Client) -> None:
    assert decide(desk, **{**KURSK, "act": "hide"})["name"] == "Kursk"
    assert decide(desk, act="pin", list="articles", item="kursk-1", until=LATER)["name"] == "Troops in Kursk 1"
    assert decide(desk, act="pin", list="stories", item="kursk-2", until=LATER)["name"] == "Troops in Kursk 2"
    for name in ("entities", "articles", "stories"):
        gone = post(desk, act="pin", list=name, item="nothing", until=LATER)
        assert problem(gone, 404)["type"] == "/problems/unknown-id"


def test_an_article_that_founded_no_story_is_none(newsroom: Newsroom, desk: httpx.Client) -> None:
    newsroom.store.revise(["kursk-2"], lambda one: replace(one, story="kursk-1", grouped="kursk-1"))
    newsroom.store.revise(["kursk-3"], lambda one: replace(one, story="", grouped=""))
    newsroom.store.refresh()
    for item in ("kursk-2", "kursk-3"):
        gone = post(desk, act="pin", list="stories", item=item, until=LATER)
        assert problem(gone, 404)["type"] == "/problems/unknown-id"
    assert decide(desk, act="pin", list="stories", item="kursk-1", until=LATER)["item"] == "kursk-1"


def test_decisions_are_listed_the_newest_first_by_pages_and_by_list(desk: httpx.Client) -> None:
    for number in range(5):
        decide(desk, act="hide", list="articles", item=f"kursk-{number}", until=LATER)
    decide(desk, **KURSK)
    decide(desk, act="lift", decision=2)
    pages: list[list[int]] = []
    cursor: dict[str, str] = {}
    while True:
        answer = desk.get("/v1/pins", params={"limit": 3, **cursor}).json()
        pages.append([one["number"] for one in answer["items"]])
        if answer["cursor"] is None:
            break
        cursor = {"cursor": answer["cursor"]}
    assert pages == [[7, 6, 5], [4, 3, 2], [1]]
    assert [one["number"] for one in listed(desk, list="entities")] == [6]
    assert [one["number"] for one in listed(desk, list="articles", standing=True)] == [5, 4, 3, 1]


@pytest.mark.parametrize(
    ("body", "parameter"),
    [
        ({}, "act"),
        ({**KURSK, "act": "unpin"}, "act"),
        ({**KURSK, "list": "names"}, "list"),
        ({**KURSK, "until": None}, "until"),
        ({**KURSK, "until": "soon"}, "until"),
        ({**KURSK, "until": to_text(NOW)}, "until"),
        ({**KURSK, "until": "2024-12-15"}, "until"),
        ({**KURSK, "until": "9999-12-31"}, "until"),
        ({**KURSK, "position": 0}, "position"),
        ({**KURSK, "act": "hide", "position": 1}, "position"),
        ({**KURSK, "item": " "}, "item"),
        ({**KURSK, "who": " "}, "who"),
        ({**KURSK, "why": ""}, "why"),
        ({"act": "lift"}, "decision"),
    ],
)
def test_what_is_wrong_is_named(writing: httpx.Client, body: dict[str, Any], parameter: str) -> None:
    refused = problem(post(writing, **body), 400)
    assert (refused["type"], refused["parameter"]) == ("/problems/invalid-parameter", parameter)
    assert listed(writing) == []


def test_what_makes_no_sense_is_a_problem(writing: httpx.Client) -> None:
    for content in (b"", b"[]", b"\xff"):
        answer = writing.post("/v1/pins", content=content, headers=AUTHORISED)
        assert problem(answer, 400)["type"] == "/problems/invalid-decision"
    assert problem(post(writing, act="lift", decision=1), 400)["type"] == "/problems/invalid-decision"
    assert problem(writing.get("/v1/pins?lists=entities"), 400)["parameter"] == "lists"


def test_deciding_needs_the_key(desk: httpx.Client, api: httpx.Client) -> None:
    assert problem(desk.post("/v1/pins", json={**WHO, **KURSK}), 401)["type"] == "/problems/key-missing"
    refused = api.post("/v1/pins", json={**WHO, **KURSK}, headers=AUTHORISED)
    assert problem(refused, 403)["type"] == "/problems/writing-disabled"
    assert listed(desk) == []


def test_a_date_is_included(desk: httpx.Client) -> None:
    assert decide(desk, **{**KURSK, "until": "2024-11-15"})["until"] == "2024-11-16T00:00:00.000Z"


def test_a_list_has_what_is_pinned_in_its_place_and_the_next_for_what_is_hidden(
    desk: httpx.Client, newsroom: Newsroom
) -> None:
    def ranked(limit: int, now: int = NOW, **parameters: str) -> list[tuple[str, str | None]]:
        newsroom.clock = lambda: max(now, NOW)
        asked: dict[str, Any] = {
            "novelty": 0,
            "half_life": "7d",
            "min_sources": 1,
            "diversity": 0,
            "as_of": to_text(now),
        }
        answer = desk.get("/v1/trends/entities", params={**asked, "limit": limit, **parameters})
        assert answer.status_code == 200, answer.text
        items = answer.json()["items"]
        assert [item["rank"] for item in items] == list(range(1, len(items) + 1))
        return [(item["entity"]["name"], item.get("pinned_by", {}).get("why")) for item in items]

    storm, doe, isw, kursk = "Storm Ophelia", "Jane Doe", "Institute for the Study of War", "Kursk"
    assert [name for name, _ in ranked(4)] == [storm, doe, isw, kursk]
    decide(desk, act="pin", list="entities", item="place:kursk", position=1, until=LATER, why="the story of the day")
    decide(desk, act="hide", list="entities", item="other:storm-ophelia", until=to_text(NOW + HOUR))
    assert ranked(3) == [(kursk, "the story of the day"), (doe, None), (isw, None)]
    assert [name for name, _ in ranked(2, section="Home")] == [doe], "hidden in all sections, pinned in none"
    assert [name for name, _ in ranked(2, type="person")] == [doe], "no person is pinned"
    assert [name for name, _ in ranked(2, NOW - MINUTE)] == [storm, doe], "it was not decided yet"
    assert [name for name, _ in ranked(3, NOW + HOUR)] == [kursk, storm, doe], "the hiding has expired"
    decide(desk, act="lift", decision=1)
    assert [name for name, _ in ranked(2, NOW + HOUR)] == [storm, doe]


def test_a_pin_of_a_merged_entity_is_one_of_what_it_leads_to(desk: httpx.Client, newsroom: Newsroom) -> None:
    decide(desk, act="pin", list="entities", item="person:jane-doe", until=LATER)
    merge = {**WHO, "act": "merge", "entity": "person:jane-doe", "into": "place:kursk"}
    assert desk.post("/v1/decisions", json=merge, headers=AUTHORISED).status_code == 201
    assert [one.act.item for one in pins_of(newsroom, "entities", None, NOW)] == ["place:kursk"]
    assert decide(desk, act="hide", list="entities", item="person:jane-doe", until=LATER)["item"] == "place:kursk"
    assert [one.act.item for one in pins_of(newsroom, "entities", None, NOW)] == ["place:kursk"]
