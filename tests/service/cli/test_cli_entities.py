"""Mending names at the command line, and decisions in files."""

import csv
import json
from contextlib import closing
from getpass import getuser
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Article
from indexer.catalogue.catalogue import Catalogue
from indexer.decisions.deciding import NewestNames
from indexer.decisions.names import Names
from indexer.decisions.reprojecting import reproject
from indexer.store.opening import open_store
from nlp.mention import Mention
from service.cli import decision_files, entity_commands
from tests.contract.factories import article
from tests.service.cli.conftest import Inside

MERGE = ("entities", "merge", "person:j-quimby", "person:jane-quimby", "--why", "one person")
NAMES = ("Jane Quimby", "J. Quimby", "Ophelia Quimby")


def named(number: int, *surfaces: str) -> Article:
    mentions = tuple(Mention(surface.lower(), "person", 1, "title", 0, (surface,)) for surface in surfaces)
    return Names(Catalogue.load()).read(article(f"a{number}", " ".join(surfaces), at=number, mentions=mentions))


def fill(url: str) -> None:
    with closing(open_store(url)) as store:
        store.prepare()
        store.write([named(1, NAMES[0]), named(2, *NAMES[:2]), named(3, NAMES[1]), named(4, NAMES[2])])
        store.refresh()


def work(url: str) -> None:
    """Do what the worker does."""
    with closing(open_store(url)) as store:
        reproject(store, NewestNames(store, Catalogue.load())(), Event())
        store.refresh()


@pytest.fixture
def newsroom(tmp_path: Path, inside: Inside) -> Inside:
    """Runs commands in a folder with a filled store at its default place."""
    fill(f"embedded:{tmp_path}/var/dateline")
    return inside


def counts(newsroom: Inside) -> dict[str, int]:
    return {
        one["entity"]["id"]: one["articles"] for one in json.loads(newsroom("entities", "list", "--json")[0])["items"]
    }


def listed(newsroom: Inside) -> list[dict[str, Any]]:
    return list(json.loads(newsroom("entities", "decisions", "--json")[0])["items"])


def test_a_merge_and_its_undoing(newsroom: Inside, tmp_path: Path) -> None:
    assert newsroom(*MERGE) == ("", "decision 1: 2 articles\n")
    assert "2 to look at" in newsroom("entities", "decisions")[0]
    work(f"embedded:{tmp_path}/var/dateline")
    assert counts(newsroom) == {"person:jane-quimby": 3, "person:ophelia-quimby": 1}
    newsroom("entities", "undo", "1", "--why", "they are two", "--who", "ann")
    work(f"embedded:{tmp_path}/var/dateline")
    assert counts(newsroom) == {"person:j-quimby": 2, "person:jane-quimby": 2, "person:ophelia-quimby": 1}
    rows = [line.split() for line in newsroom("entities", "decisions")[0].splitlines()[2:]]
    assert [(row[0], row[3]) for row in rows] == [("2", "ann"), ("1", getuser())]
    assert " ".join(rows[0][4:]) == "undo 1 they are two yes yes"
    assert " ".join(rows[1][4:]) == "merge person:j-quimby into person:jane-quimby one person undone by 2 yes"


def test_every_act(newsroom: Inside) -> None:
    why = ("--why", "for a test")
    _, said = newsroom(
        "entities", "split", "person:jane-quimby", "Jane Quimby", "--new-name", "Jane Q", "--type", "person", *why
    )
    assert said == "decision 1, which makes person:jane-q: 2 articles\n"
    newsroom("entities", "alias", "person:jane-q", "J. Quimby", *why)
    newsroom("entities", "retype", "person:jane-q", "other", *why)
    newsroom("entities", "hide", "person:ophelia-quimby", *why)
    assert [one["act"] for one in listed(newsroom)] == ["hide", "retype", "alias", "split"]
    shown = newsroom("entities", "decisions", "--limit", "2", "--entity", "person:jane-q")[0]
    assert [line.split()[0] for line in shown.splitlines()[2:]] == ["3", "2"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("merge", "person:j-quimby", "person:jane-quimby"), 2, "--why"),
        (("merge", "person:j-quimby", "person:jane-quimby", "--why", " "), 2, "why: a decision says"),
        (("merge", "person:j-quimby", "person:j-quimby", "--why", "x"), 2, "itself"),
        (("hide", "person:nobody", "--why", "x"), 1, "There is no entity 'person:nobody'."),
        (("undo", "7", "--why", "x"), 2, "There is no decision 7."),
        (("retype", "person:j-quimby", "ship", "--why", "x"), 2, "'ship' is not one of"),
        (("export", "decisions.txt"), 2, "neither .csv nor .json"),
        (("import", "missing.csv"), 1, "No such file"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(
    newsroom: Inside, arguments: tuple[str, ...], code: int, said: str
) -> None:
    assert said in newsroom("entities", *arguments, code=code)[1]
    assert listed(newsroom) == []


def test_a_contradiction_names_the_decision_in_the_way(newsroom: Inside) -> None:
    newsroom(*MERGE, "--who", "ann")
    said = newsroom("entities", "hide", "person:j-quimby", "--why", "x", code=1)[1]
    assert "merged into person:jane-quimby" in said
    assert "Decision 1 of ann" in said


@pytest.mark.parametrize("form", ["csv", "json"])
def test_decisions_go_through_a_file_into_another_newsroom_once(newsroom: Inside, tmp_path: Path, form: str) -> None:
    other = ("--store", f"embedded:{tmp_path}/other")
    fill(other[1])
    newsroom(*other, "entities", "hide", "person:ophelia-quimby", "--why", "here already")
    newsroom(*MERGE, "--who", "=ann")
    newsroom("entities", "undo", "1", "--why", "'-' they are two")
    newsroom(*MERGE, "--who", "=ann")
    file = f"decisions.{form}"
    assert newsroom("entities", "export", file)[1] == f"3 decisions in {file}\n"
    said = newsroom(*other, "entities", "import", file)[1]
    assert said == "3 decisions taken, 0 known before, 0 refused\n"
    said = newsroom(*other, "entities", "import", file)[1]
    assert said == "0 decisions taken, 3 known before, 0 refused\n"
    there = json.loads(newsroom(*other, "entities", "decisions", "--json")[0])["items"]
    assert [(one["act"], one["who"], one["standing"], one.get("decision")) for one in there] == [
        ("merge", "=ann", True, None), ("undo", getuser(), True, 2), ("merge", "=ann", False, None),
        ("hide", getuser(), True, None),
    ]  # fmt: skip


def test_what_a_split_made_elsewhere_is_what_it_makes_here(newsroom: Inside, tmp_path: Path) -> None:
    other = ("--store", f"embedded:{tmp_path}/other")
    fill(other[1])
    with closing(open_store(other[1])) as store:
        store.write([named(5, "Jane Q")])
        store.refresh()
    newsroom(
        "entities", "split", "person:j-quimby", "J. Quimby", "--new-name", "Jane Q", "--type", "person", "--why", "x"
    )
    newsroom("entities", "merge", "person:jane-quimby", "person:jane-q", "--why", "x")
    newsroom("entities", "export", "decisions.csv")
    assert newsroom(*other, "entities", "import", "decisions.csv")[1].startswith("2 decisions taken")
    there = json.loads(newsroom(*other, "entities", "decisions", "--json")[0])["items"]
    assert (there[0]["into"], there[1]["new_entity"]) == ("person:jane-q-1", "person:jane-q-1")


def test_a_line_that_cannot_be_decided_is_reported_and_the_others_are_taken(newsroom: Inside, tmp_path: Path) -> None:
    rows = [
        {"act": "merge", "entity": "person:j-quimby", "into": "person:jane-quimby", "why": "one\nperson"},
        {"act": "merge", "entity": "person:j-quimby", "into": "person:ophelia-quimby", "why": "contradicts"},
        {"act": "hide", "entity": "person:nobody", "why": "unknown"},
        {"act": "rename", "why": "no such act"},
        {"act": "hide", "entity": "person:ophelia-quimby"},
        {"number": "77", "act": "hide", "entity": "person:nobody", "why": "unknown"},
        {"act": "undo", "decision": "77", "why": "of what could not be taken"},
        {"act": "split", "entity": "person:ophelia-quimby", "names": "Ophelia Quimby|O. Quimby", "new_name": "O. Q.",
         "type": "person", "who": "ann", "why": "names are joined"},
    ]  # fmt: skip
    with (tmp_path / "decisions.csv").open("w", newline="") as file:
        writer = csv.DictWriter(
            file, ["number", "act", "entity", "into", "names", "new_name", "type", "decision", "who", "why"]
        )
        writer.writeheader()
        writer.writerows(rows)
    said = newsroom("entities", "import", "decisions.csv", "--who", "bob", code=1)[1].splitlines()
    assert said[-1] == "2 decisions taken, 0 known before, 6 refused"
    assert [line.partition(": ")[0] for line in said[:-1]] == [f"decisions.csv, line {n}" for n in (4, 5, 6, 7, 8, 9)]
    assert "person:j-quimby is merged" in said[0]
    assert "person:nobody" in said[1]
    assert "act: one of merge" in said[2]
    assert "why: " in said[3]
    assert "decision 77 of the file could not be taken" in said[5]
    assert [(one["who"], one["act"]) for one in listed(newsroom)] == [("ann", "split"), ("bob", "merge")]
    assert "6 refused" in newsroom("entities", "import", "decisions.csv", "--who", "bob", code=1)[1]
    assert len(listed(newsroom)) == 2


def test_a_file_that_says_nobody_is_known_whoever_brings_it(newsroom: Inside, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('[{"act": "hide", "entity": "person:j-quimby", "why": "x"}]')
    assert newsroom("entities", "import", "a.json", "--who", "ann")[1].startswith("1 decisions taken")
    assert newsroom("entities", "import", "a.json", "--who", "bob")[1].startswith("0 decisions taken, 1 known")
    assert [one["who"] for one in listed(newsroom)] == ["ann"]


def test_who_has_no_login_name_has_to_say_who_decides(newsroom: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found: 4711")

    monkeypatch.setattr(entity_commands, "getuser", nobody)
    assert newsroom(*MERGE, code=2)[1] == "dateline: who: a decision says who takes it and why\n"
    newsroom(*MERGE, "--who", "ann")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"", "there is no act"),
        ("a.csv", b"entity,into\nx,y\n", "there is no act"),
        ("a.json", b"{", "not JSON"),
        ("a.json", b"{}", "not a list"),
        ("a.json", b"[1]", "entry 1: act: one of"),
        ("a.csv", b"act,why\nhide,\xff\n", "not UTF-8"),
        ("a.csv", b'act,entity,why\nhide,"person:j-quimby,x\nhide,person:jane-quimby,x\n', "not CSV: unexpected end"),
        ("a.csv", b"act,why\nhide," + b"x" * 200_000, "not CSV: field larger"),
        ("a.json", b"[" * 100_000, "not JSON"),
    ],
)
def test_what_is_no_file_of_decisions_is_refused(
    newsroom: Inside, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    assert said in newsroom("entities", "import", name, code=1)[1]


_texts = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), min_size=1).filter(str.strip)
_decisions = st.fixed_dictionaries(
    {"number": st.integers(1), "act": st.just("split"), "who": _texts, "why": _texts, "entity": _texts},
    optional={"names": st.lists(_texts, min_size=1).map(tuple), "new_name": _texts},
)


@given(st.lists(_decisions), st.sampled_from(["csv", "json"]))
def test_what_is_read_from_a_file_is_what_was_written(taken: list[dict[str, Any]], form: decision_files.Form) -> None:
    def plain(fields: dict[str, Any]) -> dict[str, Any]:
        return {name: list(value) if isinstance(value, tuple) else str(value) for name, value in fields.items()}

    read = [line.fields for line in decision_files.read(decision_files.written(taken, form), form)]
    assert [{name: one if isinstance(one, list) else str(one) for name, one in row.items()} for row in read] == [
        plain(row) for row in taken
    ]
