"""The tables of docs/query-language.md are what the parser does."""

import re
from pathlib import Path

import pytest

from indexer.query.parser import DEEPEST, LONGEST, MOST_WORDS, read

PAGE = (Path(__file__).parents[3] / "docs" / "query-language.md").read_text("utf-8")
LINES = re.findall(r"^\| `.*$", PAGE, re.MULTILINE)
ROWS = [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in LINES]
READ = [(row[0], row[2]) for row in ROWS if len(row) == 3]
BROKEN = [(row[0], row[1], int(row[2]), row[3]) for row in ROWS if len(row) == 4]


def test_both_tables_are_there() -> None:
    assert len(READ) >= 10
    assert len(BROKEN) >= 4


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
    assert f"{LONGEST:,} characters and {MOST_WORDS} words, with brackets at most {DEEPEST} deep" in PAGE
