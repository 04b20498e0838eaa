"""Where the words of a query stand in a text. All offsets count code points.

A text is not cut into tokens as a whole: a regular expression finds the places where a word of the query could begin,
and only the words around those are analyzed. Only words that have to be near each other need all of it.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice, takewhile
from typing import Final

from indexer.query.ast import Query
from indexer.query.hint import hint
from indexer.query.nearness import Pair
from indexer.query.needles import Needle, Needles, needles
from indexer.query.passages import Found, Passage, Span, best_passages, united
from indexer.query.tokens import fold, spans, term

MOST_MARKS: Final = 500
LONGEST: Final = 100_000
_SPACE: Final = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class Marker:
    """What a query looks for in one part of an article, and where a text could hold it."""

    needles: Needles
    hint: re.Pattern[str] | None

    def marks(self, text: str) -> list[Span]:
        """The marks in a text, in order; no two overlap."""
        return united(span for _, span in self._found(text))

    def passages(self, text: str, count: int) -> list[Passage]:
        """Up to `count` passages that hold the most different words of the query, in the order of the text.

        None where the text has no word of it.
        """
        return best_passages(text, self._found(text), count)

    def _found(self, text: str) -> list[Found]:
        """The first `MOST_MARKS` needles within the first `LONGEST` code points, in order."""
        start = text[:LONGEST]
        near = _near(self.needles.near, start) if self.needles.near else ()
        found = chain(islice(self._together(start), MOST_MARKS), islice(near, MOST_MARKS))
        return sorted(found, key=lambda one: one[1])

    def _together(self, text: str) -> Iterator[Found]:
        end = -1
        for candidate in self.hint.finditer(text) if self.hint else ():
            if candidate.start() > end:
                start, end = _surroundings(text, candidate.start())
                yield from self._between(text, start, end)

    def _between(self, text: str, start: int, end: int) -> Iterator[Found]:
        """The needles whose first token stands in a stretch without white space."""
        for first in takewhile(lambda span: span[0] < end, spans(text, start)):
            token = text[first[0] : first[1]]
            for phrase in self.needles.by_first.get(term(token), ()):
                last = _last(phrase, text, first)
                if last:
                    yield phrase, (first[0], last)
            if not self.needles.are_stems:
                yield from ((needle, first) for needle in self.needles.like(fold(token)))


@dataclass(frozen=True, slots=True)
class Highlighter:
    """One query prepared for many articles: what it marks in a title, and in a summary or body."""

    title: Marker
    body: Marker


def highlighter(query: Query) -> Highlighter:
    """Prepare a query. What it excludes is not marked, and what it looks for in the title only there."""
    in_title, in_body = needles(query, in_title=True), needles(query, in_title=False)
    body = Marker(in_body, hint(in_body))
    return Highlighter(body if in_title == in_body else Marker(in_title, hint(in_title)), body)


def _last(phrase: Needle, text: str, first: Span) -> int | None:
    """Where a phrase ends whose first term is that of the token at `first`; None if it does not go on like that."""
    end = first[1]
    following = spans(text, end)
    for wanted in phrase[1:]:
        start, end = next(following, (0, 0))
        if not end or term(text[start:end]) != wanted:
            return None
    return end


def _near(sought: Iterable[Sequence[Pair]], text: str) -> Iterator[Found]:
    """The words of each set of pairs that stand near each other, if every pair does somewhere."""
    cut = list(spans(text))
    places: dict[str, list[int]] = {}
    for place, (start, end) in enumerate(cut):
        places.setdefault(term(text[start:end]), []).append(place)
    for pairs in sought:
        standing = [_standing(pair, places) for pair in pairs]
        if all(standing):
            needle = tuple(word for pair in pairs for word in pair[:2])
            yield from ((needle, cut[place]) for place in sorted(set().union(*standing)))


def _standing(pair: Pair, places: Mapping[str, Sequence[int]]) -> set[int]:
    """Where the words of a pair stand near each other."""
    seconds = places.get(pair.second, ())
    standing: set[int] = set()
    for first in places.get(pair.first, ()):
        lowest, highest = bisect_left(seconds, first + 1 - pair.moves), bisect_right(seconds, first + 1 + pair.moves)
        near = [second for second in seconds[lowest:highest] if second != first]
        standing.update(near, [first] if near else [])
    return standing


def _surroundings(text: str, position: int) -> Span:
    """The stretch without white space around a position: no token reaches beyond it."""
    start = position
    while start and not text[start - 1].isspace():
        start -= 1
    space = _SPACE.search(text, position)
    return start, space.start() if space else len(text)
