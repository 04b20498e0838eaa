"""What "near" means for a phrase of any number of words, in terms of two words at a time. Pure.

Lucene and Tantivy agree on how far two words are from standing together, not on three and more. So a near phrase is a
conjunction of pairs, which is what both engines do alike.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

REACH: Final = 3
"""A word is compared with so many words after it: up to four words, each one with every other."""


class Pair(NamedTuple):
    """Two words, and how many moves of a word they may be away from standing together in this order."""

    first: str
    second: str
    moves: int


def near_pairs(words: Sequence[str], slop: int) -> list[Pair]:
    """The pairs that all have to be in one field. `words` are two or more tokens in the order of the phrase."""
    moves: dict[tuple[str, str], int] = {}
    for place, first in enumerate(words):
        for apart, second in enumerate(words[place + 1 : place + 1 + REACH]):
            moves[first, second] = min(slop + apart, moves.get((first, second), slop + apart))
    return [Pair(first, second, number) for (first, second), number in moves.items()]
