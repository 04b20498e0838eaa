"""Deciding about names over HTTP: what is answered, what is refused, and where merged ids lead."""

from collections.abc import Callable, Iterator
from threading import Thread
from typing import Any

import httpx
import pytest

from indexer.article import Article
from tests.service.api.desk import WHO, Desk, at_desk, mention, named
from tests.service.api.served import AUTHORISED, problem


def articles() -> Iterator[Article]:
    """Three articles about a person under two names, one about a ship."""
    yield named(1, mention("Jane Quimby"))
    yield named(2, mention("Jane Quimby"), mention("J. Quimby"))
    yield named(3, mention("J. Quimby"))
    yield named(4, mention("Ophelia", "other"))


@pytest.fixture
def desk(new_store: Callable[[], str]) -> Iterator[Desk]:
    with at_desk(new_store(), articles()) as desk:
        yield desk


def test_a_merge_moves_the_articles_and_the_merged_id_leads_to_the_other(desk: Desk) -> None:
    assert desk.about("person:j-quimby") == ["a2", "a3"]
    decided = desk.decide("merge", entity="person:j-quimby", into="person:jane-quimby")
    assert {name: decided[name] for name in ("number", "who", "why", "act", "entity", "into", "articles")} == {
        **WHO, "number": 1, "act": "merge", "entity": "person:j-quimby", "into": "person:jane-quimby", "articles": 2,
    }  # fmt: skip
    assert (decided["applied"], decided["pending"], decided["standing"], decided["undone_by"]) == (False, 2, True, None)
    assert [one["name"] for one in decided["entities"]] == ["J. Quimby", "Jane Quimby"]
    desk.settle()
    [listed] = desk.decisions()["items"]
    assert (listed["applied"], listed["pending"]) == (True, 0)
    assert desk.about("person:jane-quimby") == ["a1", "a2", "a3"]
    for place in ("", "/timeline?interval=day", "/articles?sort=oldest&page_size=5"):
        moved = desk.api.get(f"/v1/entities/person:j-quimby{place}")
        assert (moved.status_code, moved.headers["location"]) == (308, f"/v1/entities/person:jane-quimby{place}")
        assert moved.headers["cache-control"] == "no-cache"
        assert desk.api.get(moved.headers["location"]).status_code == 200
    moved = desk.api.get("/entities/person:j-quimby", headers={"Accept": "text/html"})
    assert (moved.status_code, moved.headers["location"]) == (308, "/entities/person:jane-quimby")


def test_filters_take_a_merged_id_as_the_one_it_leads_to(desk: Desk) -> None:
    desk.decide("merge", entity="person:j-quimby", into="person:jane-quimby")
    desk.settle()
    assert desk.about("person:j-quimby") == ["a1", "a2", "a3"]
    asked = desk.api.get("/v1/search", params={"q": "entity:person:j-quimby OR nonsense"}).json()
    assert asked["total"]["value"] == 3
    lines = desk.api.get("/v1/export?entity=person:j-quimby").text.splitlines()
    assert len(lines) == 3
    buckets = desk.api.get("/v1/timeline?entity=person:j-quimby").json()["buckets"]
    assert sum(bucket["articles"] for bucket in buckets) == 3


def test_names_are_found_by_what_editors_called_them(desk: Desk) -> None:
    def found(text: str) -> list[tuple[str, int]]:
        items = desk.api.get("/v1/entities", params={"q": text}).json()["items"]
        return [(item["entity"]["id"], item["articles"]) for item in items]

    assert found("the storm") == []
    desk.decide("alias", entity="other:ophelia", surface="The Storm")
    desk.decide("merge", entity="person:j-quimby", into="person:jane-quimby")
    desk.settle()
    assert found("the storm") == found("Ophelia")
    assert found("J. Quimby") == [("person:jane-quimby", 3)]


def test_every_act_and_its_undoing(desk: Desk) -> None:
    split = desk.decide(
        "split", entity="person:jane-quimby", names=["Jane Quimby"], new_name="Jane Quimby MP", type="person"
    )
    assert split["new_entity"] == "person:jane-quimby-mp"
    desk.decide("alias", entity="other:ophelia", surface="J. Quimby")
    desk.decide("retype", entity="other:ophelia", type="place")
    desk.decide("hide", entity="person:jane-quimby-mp")
    desk.settle()
    assert desk.about("other:ophelia") == ["a2", "a3", "a4"]
    assert desk.api.get("/v1/entities/other:ophelia").json()["entity"]["type"] == "place"
    assert desk.about("person:jane-quimby-mp") == desk.about("person:jane-quimby") == []
    for number in (4, 3, 2, 1):
        desk.decide("undo", decision=number)
    desk.settle()
    assert desk.about("person:jane-quimby") == ["a1", "a2"]
    assert desk.about("person:j-quimby") == ["a2", "a3"]
    assert desk.api.get("/v1/entities/other:ophelia").json()["entity"]["type"] == "other"
    listed = desk.decisions()["items"]
    assert [(one["number"], one["act"], one["standing"], one["undone_by"]) for one in listed] == [
        (8, "undo", True, None), (7, "undo", True, None), (6, "undo", True, None), (5, "undo", True, None),
        (4, "hide", False, 5), (3, "retype", False, 6), (2, "alias", False, 7), (1, "split", False, 8),
    ]  # fmt: skip


def test_decisions_are_listed_the_newest_first_by_pages_and_by_entity(desk: Desk) -> None:
    for number in range(1, 8):
        desk.decide("alias", entity="other:ophelia", surface=f"Ship {number}")
    desk.decide("hide", entity="person:j-quimby")
    pages: list[list[int]] = []
    cursor: dict[str, str] = {}
    while True:
        answer = desk.decisions(limit=3, **cursor)
        pages.append([one["number"] for one in answer["items"]])
        if answer["cursor"] is None:
            break
        cursor = {"cursor": answer["cursor"]}
    assert pages == [[8, 7, 6], [5, 4, 3], [2, 1]]
    desk.decide("undo", decision=8)
    assert [one["number"] for one in desk.decisions(entity="person:j-quimby")["items"]] == [9, 8]
    assert desk.decisions(entity="person:nobody")["items"] == []
    first = desk.decisions(limit=3)["cursor"]
    wrong = problem(desk.api.get("/v1/decisions", params={"limit": 4, "cursor": first}), 400)
    assert wrong["parameter"] == "cursor"


@pytest.mark.parametrize(
    ("act", "fields", "articles"),
    [
        ("merge", {"entity": "person:j-quimby", "into": "person:jane-quimby"}, 2),
        ("hide", {"entity": "person:jane-quimby"}, 2),
        ("retype", {"entity": "other:ophelia", "type": "place"}, 1),
        ("alias", {"entity": "other:ophelia", "surface": "j. quimby"}, 2),
        ("split", {"entity": "other:ophelia", "names": ["Ophelia"], "new_name": "Storm", "type": "other"}, 1),
    ],
)
def test_a_preview_says_how_many_articles_and_decides_nothing(
    desk: Desk, act: str, fields: dict[str, Any], articles: int
) -> None:
    shown = desk.post(act, preview=True, who="", why="", **fields)
    assert shown.status_code == 200, shown.text
    assert shown.json()["articles"] == articles
    assert shown.json()["entities"][0]["id"] == fields["entity"]
    assert desk.decisions()["items"] == []
    assert desk.decide(act, **fields)["articles"] == articles
    assert desk.post("undo", preview=True, decision=1).json()["articles"] == articles


def test_an_earlier_decision_in_the_way_is_named(desk: Desk) -> None:
    desk.decide("merge", entity="person:j-quimby", into="person:jane-quimby", who="ann")
    for preview in (True, False):
        refused = problem(desk.post("hide", preview=preview, entity="person:j-quimby"), 409)
        assert refused["type"] == "/problems/decision-conflict"
        assert refused["decision"] == {"number": 1, "who": "ann", "at": "2024-11-14T12:34:56.789Z", "why": "for a test"}
        assert "person:j-quimby is merged into person:jane-quimby" in refused["detail"]


@pytest.mark.parametrize(
    ("body", "parameter"),
    [
        ({}, "act"),
        ({"act": "rename", "entity": "other:ophelia"}, "act"),
        ({"act": "merge", "entity": "other:ophelia"}, "into"),
        ({"act": "hide", "entity": "  "}, "entity"),
        ({"act": "hide", "entity": 7}, "entity"),
        ({"act": "hide", "entity": "other:ophelia", "into": "x"}, "into"),
        ({"act": "retype", "entity": "other:ophelia", "type": "ship"}, "type"),
        ({"act": "split", "entity": "other:ophelia", "names": [], "new_name": "x", "type": "other"}, "names"),
        ({"act": "undo", "decision": "first"}, "decision"),
        ({"act": "hide", "entity": "other:ophelia", "why": ""}, "why"),
        ({"act": "hide", "entity": "other:ophelia", "who": " "}, "who"),
        ({"act": "hide", "entity": "other:ophelia", "why": "x" * 1_001}, "why"),
    ],
)
def test_what_is_wrong_is_named(desk: Desk, body: dict[str, Any], parameter: str) -> None:
    refused = problem(desk.api.post("/v1/decisions", json={**WHO, **body}, headers=AUTHORISED), 400)
    assert (refused["type"], refused["parameter"]) == ("/problems/invalid-parameter", parameter)
    assert refused["detail"].startswith(f"{parameter}: ")


def test_what_makes_no_sense_or_is_not_there_is_a_problem(desk: Desk) -> None:
    for content in (b"", b"{", b"[]", b'"merge"', b"\xff"):
        answer = desk.api.post("/v1/decisions", content=content, headers=AUTHORISED)
        assert problem(answer, 400)["type"] == "/problems/invalid-decision"
    myself = desk.post("merge", entity="other:ophelia", into="other:ophelia")
    assert problem(myself, 400)["type"] == "/problems/invalid-decision"
    assert problem(desk.post("undo", decision=3), 400)["type"] == "/problems/invalid-decision"
    for preview in (True, False):
        unknown = problem(desk.post("hide", preview=preview, entity="person:nobody"), 404)
        assert (unknown["type"], unknown["detail"]) == (
            "/problems/unknown-entity",
            "There is no entity 'person:nobody'.",
        )
    assert (
        problem(desk.api.post("/v1/decisions?previw=true", json={}, headers=AUTHORISED), 400)["parameter"] == "previw"
    )
    assert desk.decisions()["items"] == []


def test_deciding_needs_the_key(desk: Desk, api: httpx.Client) -> None:
    body = {"act": "hide", "entity": "other:ophelia", **WHO}
    assert problem(desk.api.post("/v1/decisions", json=body), 401)["type"] == "/problems/key-missing"
    assert (
        problem(api.post("/v1/decisions", json=body, headers=AUTHORISED), 403)["type"] == "/problems/writing-disabled"
    )
    assert desk.decisions()["items"] == []


def test_a_decision_may_not_be_too_large(writing: httpx.Client) -> None:
    answer = writing.post("/v1/decisions", content=b" " * 11_000, headers=AUTHORISED)
    assert problem(answer, 413)["type"] == "/problems/body-too-large"


def test_two_editors_at_the_same_moment_decide_one_after_the_other(desk: Desk) -> None:
    answers: list[httpx.Response] = []

    def merge(into: str) -> None:
        answers.append(desk.post("merge", entity="person:j-quimby", into=into))

    threads = [Thread(target=merge, args=(into,)) for into in ("person:jane-quimby", "other:ophelia") * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409, 409]
    assert len(desk.decisions()["items"]) == 1
