"""The text of a query as it was typed, made plain enough to be read by a grammar. Pure."""

from dataclasses import dataclass
from typing import Final
from unicodedata import category

_IGNORED: Final = frozenset(
    "\u00ad\ufe0e\ufe0f\ufeff"  # soft hyphen, how an emoji is drawn, byte order mark
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # which way the text runs
    "\u2060\u2061\u2062\u2063\u2064"  # joiners and operators that nobody sees
)
_APOSTROPHE: Final = 0xFF07
_PLAIN: Final = (
    {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if code != _APOSTROPHE}  # full width
    | {code: " " for code in range(0x3001) if chr(code).isspace() or category(chr(code)) == "Cc"}
    | {0x200B: " "}  # a space without width
)


@dataclass(frozen=True, slots=True)
class Typed:
    """A query on one line: full-width signs, odd spaces and halves of surrogate pairs made plain, marks left out.

    `columns`: where each of its characters stood in what was typed, in code points from 1; last, where that ended.
    """

    text: str
    columns: tuple[int, ...]


def typed(text: str) -> Typed:
    """The plain form of a text."""
    plain = text.encode("utf-8", "replace").decode().translate(_PLAIN)
    kept = [place for place, character in enumerate(plain) if character not in _IGNORED]
    columns = (*(place + 1 for place in kept), len(plain) + 1)
    return Typed("".join(plain[place] for place in kept), columns)
