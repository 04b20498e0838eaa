"""Abbreviations that a text defines itself: "Institute for the Study of War (ISW)"."""

import logging
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, Final, NamedTuple

_SHORT: Final = re.compile(r" \(([A-Z][\w&.-]{1,9})\)")
_LONGEST: Final = 120
_CAPITALS: Final = 2


class Definition(NamedTuple):
    """`short` stands for `long`, both as written; the two reach from `start` to `end` in their line."""

    short: str
    long: str
    start: int
    end: int


def find(line: str) -> Iterator[Definition]:
    """The definitions of one line, by the rule of Schwartz and Hearst, whose long form is written as a name."""
    for match in _SHORT.finditer(line):
        short, before = match[1], line[max(0, match.start() - _LONGEST) : match.start()]
        if sum(letter.isupper() for letter in short) >= _CAPITALS and (long := _long_form(short, before)):
            yield Definition(short, long, match.start() - len(long), match.end())


def _long_form(short: str, before: str) -> str | None:
    """The words at the end of a text that an abbreviation after them stands for, if they are written as a name."""
    nearest = re.split("[()]", before)[-1]
    pairs = _schwartz_hearst().extract_abbreviation_definition_pairs(doc_text=f"{nearest} ({short})")
    long = str(pairs.get(short, ""))
    return long if long[:1].isupper() and nearest.endswith(long) else None


@cache
def _schwartz_hearst() -> Any:
    """The module `abbreviations.schwartz_hearst`, without its change to the root logger."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    from abbreviations import schwartz_hearst  # type: ignore[import-untyped]  # noqa: PLC0415 - so that its logging set-up can be undone

    root.handlers[:] = handlers
    root.setLevel(level)
    return schwartz_hearst
