"""Text of articles as pages show it. Nothing here makes markup: templates escape every piece."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Final, Literal, NamedTuple

LONGEST_SUBHEAD: Final = 100
_SENTENCE_ENDS: Final = tuple(".!?:;,\"')\u2026\u201d\u2019\u00bb")


class Piece(NamedTuple):
    """A piece of a text, marked or not."""

    text: str
    marked: bool


class Block(NamedTuple):
    """A paragraph of a body, or the subhead above one."""

    kind: Literal["subhead", "paragraph"]
    text: str


def pieces(text: str, marks: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    """Cut a text at its marks: half-open ranges of code points, ascending, that do not overlap."""
    reached = 0
    for start, end in marks:
        if reached < start:
            yield Piece(text[reached:start], marked=False)
        yield Piece(text[start:end], marked=True)
        reached = end
    if reached < len(text):
        yield Piece(text[reached:], marked=False)


def elided(passage: str, cut: list[Piece]) -> list[Piece]:
    """The pieces of a passage, with dots where it seems to begin or to end within a sentence."""
    before = [Piece("\u2026 ", marked=False)] if passage[:1].islower() else []
    after = [Piece(" \u2026", marked=False)] if passage[-1:].isalnum() else []
    return [*before, *cut, *after]


def blocks(body: str) -> list[Block]:
    """The lines of a body. A short line that ends no sentence, above a line that does, is a subhead."""
    lines = [line.strip() for line in body.splitlines() if line.strip()]
    return [
        Block("subhead" if _heads(line, below) else "paragraph", line)
        for line, below in zip_longest(lines, lines[1:], fillvalue="")
    ]


def _heads(line: str, below: str) -> bool:
    return len(line) <= LONGEST_SUBHEAD and not line.endswith(_SENTENCE_ENDS) and below.endswith(_SENTENCE_ENDS)
