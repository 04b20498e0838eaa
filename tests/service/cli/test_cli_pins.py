"""Pinning at the command line."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from indexer.store.opening import open_store
from indexer.times import DAY, to_text
from service.clock import system_clock
from tests.contract.factories import article, entities
from tests.service.cli.conftest import Inside

WHY = ("--why", "for a test", "--who", "ann")


@pytest.fixture
def newsroom(tmp_path: Path, inside: Inside) -> Inside:
    """Runs commands in a folder with a filled store at its default place."""
    with closing(open_store(f"embedded:{tmp_path}/var/dateline")) as store:
        store.prepare()
        store.write([article("a", "Troops", entities=entities("place:kursk"))])
        store.refresh()
    return inside


def test_pinning_hiding_and_lifting(newsroom: Inside) -> None:
    until = to_text(system_clock() + DAY)
    minute = until[:16].replace("T", " ")
    _, said = newsroom("pins", "pin", "entities", "place:kursk", "--position", "2", "--until", until, *WHY)
    assert said == f"decision 1: pin place:kursk to entities at 2 until {minute}\n"
    _, said = newsroom("pins", "hide", "articles", "a", "--section", "World", "--until", until, *WHY)
    assert said == f"decision 2: hide a from articles of World until {minute}\n"
    _, said = newsroom("pins", "lift", "1", *WHY)
    assert said == "decision 3: lift 1, place:kursk in entities\n"
    rows = [line.split() for line in newsroom("pins", "list")[0].splitlines()[2:]]
    assert [(row[0], row[3], row[4], " ".join(row[-3:])) for row in rows] == [
        ("3", "ann", "lift", "for a test"), ("2", "ann", "hide", "a test yes"), ("1", "ann", "pin", "lifted by 3"),
    ]  # fmt: skip
    [standing] = json.loads(newsroom("pins", "list", "--standing", "--json")[0])["items"]
    assert (standing["number"], standing["section"], standing["until"]) == (2, "World", until)
    assert json.loads(newsroom("pins", "list", "--list", "stories", "--json")[0])["items"] == []


def test_what_cannot_be_is_said(newsroom: Inside) -> None:
    assert newsroom("pins", "lift", "1", *WHY, code=2)[1] == (
        "dateline: Nothing is pinned or hidden by a decision 1 now.\n"
    )
    until = ("--until", "2001-01-01")
    assert "30 days" in newsroom("pins", "pin", "articles", "a", *until, *WHY, code=2)[1]
    until = ("--until", to_text(system_clock() + DAY))
    assert "nothing 'b'" in newsroom("pins", "pin", "articles", "b", *until, *WHY, code=1)[1]
    newsroom("pins", "pin", "articles", "a", *until, code=2)
