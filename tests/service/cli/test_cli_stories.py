"""Stories and alerts at the command line."""

import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from indexer.store.opening import open_store
from indexer.times import HOUR, MINUTE
from service.alerts.alert import Alert, to_json
from tests.contract.factories import NOON, article, entities
from tests.service.cli.conftest import Inside

OF_A_NAME: Final = Alert(
    subject="place:kursk", name="Kursk", type="place", raised_at=NOON, cleared_at=NOON + HOUR, z=6.2, now=15.1,
    expected=0.9, lift=16.8, articles=23, sources=9, sections=("World",), evidence=("a0",), updated_at=NOON,
)  # fmt: skip
OF_A_STORY: Final = replace(OF_A_NAME, subject="story:a0", name="", type=None, cleared_at=None)
KURSK: Final = entities("place:kursk")


@pytest.fixture
def newsroom(tmp_path: Path, inside: Inside) -> Inside:
    """Runs commands in a folder with a filled store: a story of three articles, one of one, and two alerts."""
    with closing(open_store(f"embedded:{tmp_path}/var/dateline")) as store:
        store.prepare()
        for n in range(3):
            told = article(f"a{n}", f"Troops {n}", at=n * MINUTE, story="a0", grouped="a0", source=f"wire{n % 2}")
            store.write([replace(told, entities=KURSK)])
        store.write([article("b", "Storm", story="b", grouped="b")])
        for alert in (OF_A_NAME, OF_A_STORY):
            store.put_record("alert", alert.id, to_json(alert))
        store.refresh()
    return inside


def test_a_story_is_told(newsroom: Inside) -> None:
    said = newsroom("stories", "a0", "--limit", "2")[0].splitlines()
    assert said[0] == "Troops 2"
    assert said[1].startswith("quiet, 3 articles, ")
    rows = [" ".join(line.split()) for line in said]
    assert {"wire0 2", "wire1 1", "Kursk place 3 place:kursk"} <= set(rows)
    assert [row.split()[-1] for row in rows[-2:]] == ["2", "1"]
    answer = json.loads(newsroom("stories", "a0", "--json")[0])
    assert (answer["id"], answer["articles"], len(answer["items"])) == ("a0", 3, 3)


def test_a_merged_story_is_found_by_its_old_id(newsroom: Inside) -> None:
    newsroom("entities", "merge", "story:b", "story:a0", "--why", "one storm of troops", "--who", "ann")
    assert newsroom("stories", "b")[0] == newsroom("stories", "a0")[0]


def test_a_story_that_is_not_there_is_said_so(newsroom: Inside) -> None:
    assert newsroom("stories", "a1", code=1) == ("", "dateline: There is no story 'a1'.\n")


def test_a_search_can_show_each_story_once(newsroom: Inside) -> None:
    rows = [line.split() for line in newsroom("search", "--collapse", "story", "--sort", "newest")[0].splitlines()[2:]]
    assert [row[-1] for row in rows] == ["3", "1"]
    assert newsroom("search", "--story", "b")[1] == "1 article\n"


def test_alerts_are_listed_with_what_showed_them(newsroom: Inside) -> None:
    listed, said = newsroom("alerts")
    rows = [" ".join(line.split()) for line in listed.splitlines()[2:]]
    assert len(rows) == 2
    assert any(row.endswith("Kursk place 23 9 15.1 0.9 6.2 place:kursk") for row in rows)
    assert any(row.endswith("Troops 0 story 23 9 15.1 0.9 6.2 a0") for row in rows)
    assert said == "never looked at, by `dateline serve` or `dateline work`\n"
    [alert] = json.loads(newsroom("alerts", "--type", "story", "--json")[0])["items"]
    assert (alert["story"]["id"], alert["cleared_at"]) == ("a0", None)
