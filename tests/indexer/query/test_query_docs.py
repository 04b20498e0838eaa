"""The tables of docs/query-language.md are what the parser does."""

import re
from importlib.resources import files
from pathlib import Path

import pytest

import indexer.query
from indexer.query.leaves import MOST_NEAR, SHORTEST_FUZZY, SHORTEST_PREFIX, WIDEST_SLOP
from indexer.query.limits import DEEPEST, LONGEST, MOST_WILD, MOST_WORDS
from indexer.query.parser import read
from indexer.query.tokens import LONGEST_FUZZY

GRAMMAR = files(indexer.query).joinpath("query.lark").read_text("utf-8")
PAGE = (Path(__file__).parents[3] / "docs" / "query-language.md").read_text("utf-8")
LINES = re.findall(r"^\| `.*$", PAGE, re.MULTILINE)
ROWS = [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in LINES]
READ = [(row[0], row[2]) for row in ROWS if len(row) == 3]
BROKEN = [(row[0], row[1], int(row[2]), row[3]) for row in ROWS if len(row) == 4]


def test_the_tables_are_there() -> None:
    assert len(READ) >= 35
    assert len(BROKEN) >= 10


@pytest.mark.parametrize(("typed", "read_as"), READ)
def test_what_is_read(typed: str, read_as: str) -> None:
    reading = read(typed)
    assert (reading.read_as, reading.lenient) == (read_as, False)


@pytest.mark.parametrize(("typed", "wrong", "column", "read_as"), BROKEN)
def test_what_is_broken(typed: str, wrong: str, column: int, read_as: str) -> None:
    reading = read(typed)
    assert reading.problem is not None
    assert (str(reading.problem), reading.problem.column, reading.read_as) == (wrong, column, read_as)


def test_the_limits() -> None:
    text = " ".join(PAGE.split())
    assert f"{LONGEST:,} characters and {MOST_WORDS} words, with brackets at most {DEEPEST} deep" in text
    assert f"Before a star there are at least {SHORTEST_PREFIX} letters" in text
    assert f"before a tilde {SHORTEST_FUZZY} to {LONGEST_FUZZY}" in text
    assert f"at most {WIDEST_SLOP} moves in a phrase of at most {MOST_NEAR} words" in text
    assert f"at most {MOST_WILD} words with a star or a tilde" in text


def test_the_grammar_is_the_parsers() -> None:
    (shown,) = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)
    assert shown in GRAMMAR
    assert shown.count(":") == 5


def test_every_field_of_the_grammar_is_in_the_tables() -> None:
    (names,) = re.findall(r"^FIELD\S* /\(\?ai:([a-z|]+)\):/", GRAMMAR, re.MULTILINE)
    assert all(f"{name}:" in PAGE for name in names.split("|"))
