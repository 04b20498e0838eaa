"""Which names of one text mean the same: surnames after full names, abbreviations that the text defines."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from nlp.definitions import Definition
from nlp.keys import fold
from nlp.spans import Span

_NICKNAME: Final = re.compile("(?<=\\w) [\"'\u201c\u201d(][^\"'\u201c\u201d()]+[\"'\u201c\u201d)] (?=\\w)")
_SHORTEST: Final = 4
"""Letters of a first surname; what is shorter is mostly a particle or an initial."""
_SUFFIXES: Final = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"})


def keys_of(spans: Sequence[Span], definitions: Sequence[Definition]) -> list[str]:
    """The key of each of the spans of a text, which come in reading order."""
    longs = {fold(definition.short): fold(definition.long) for definition in definitions}
    people = _People(spans)
    return [longs.get(span.key) or _without_nickname(people.full_name(place, span)) for place, span in enumerate(spans)]


def _without_nickname(key: str) -> str:
    """Benjamin "Bibi" Netanyahu is Benjamin Netanyahu."""
    return _NICKNAME.sub(" ", key)


class _People:
    """The full names of a text, by the shorter names that can stand for them."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._by_surname: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self._by_forename: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for place, span in enumerate(spans):
            if span.type == "person":
                self._add(place, span.key)

    def _add(self, place: int, key: str) -> None:
        words = key.split()
        for cut in range(1, len(words)):
            self._by_surname[" ".join(words[cut:])].append((place, key))
        for first_surname in words[1:-1]:
            if len(first_surname) >= _SHORTEST:
                self._by_surname[first_surname].append((place, key))
        if len(words) > 1:
            self._by_forename[words[0]].append((place, key))

    def full_name(self, place: int, span: Span) -> str:
        """The key of the person last named in full before a bare name, else of the first one after; else its own."""
        key = span.key
        if span.type == "place" or key in _SUFFIXES:
            return key
        bearers = self._by_surname.get(key) or (self._by_forename.get(key) if span.type == "person" else None)
        if not bearers:
            return key
        before = bisect_left(bearers, (place, ""))
        return bearers[max(before - 1, 0)][1]
