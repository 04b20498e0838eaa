"""The order `fresh`: scores that halve with age, exactly, by looking at few of the articles that match."""

from collections.abc import Iterable
from heapq import nlargest
from math import inf, log2
from typing import Final, NamedTuple

import tantivy
from tantivy import DocAddress, Order, Searcher

from indexer.store.embedded.compile import between, restricted
from indexer.store.embedded.pages import Found, Page, count, counted, ids, positions
from indexer.store.embedded.schema import Fields
from indexer.store.port import Freshness, Position
from indexer.times import Millis

_LOOK: Final = 200
"""How many articles of a span are looked at first."""
_BEGINNING: Final = -(2**62)
_END: Final = 2**62


class _Strength(NamedTuple):
    """What is ordered by: the logarithm of the faded score, which never gets too small, then the place in time."""

    faded: float
    position: Position


def freshest(
    searcher: Searcher, query: tantivy.Query, fields: Fields, freshness: Freshness, *, size: int, offset: int
) -> Page:
    """The page by score times 2 ** -(age / half-life).

    The newest articles tell how strong one has to be to stand on the page, and so which scores the older ones need.
    """
    if size < 1:
        return Page([], count(searcher, query))
    look = max(_LOOK, offset + size)
    newest = searcher.search(query, look + 1, order_by_field="ranked_at", order=Order.Desc)
    edge = int(newest.hits[-1][0]) if len(newest.hits) > look else _BEGINNING
    best = _Best(searcher, query, fields, freshness, offset + size)
    best.look_at(edge, _END, look)
    best.look_at(_BEGINNING, edge, look)
    page = best.found()[offset:]
    names = ids(searcher, [address for _, address in page])
    found = [Found(name, one.position, 2.0**one.faded) for name, (one, _) in zip(names, page, strict=True)]
    return Page(found, counted(newest))


class _Best:
    """The `wanted` strongest of the articles that were looked at."""

    def __init__(
        self, searcher: Searcher, query: tantivy.Query, fields: Fields, freshness: Freshness, wanted: int
    ) -> None:
        self._searcher = searcher
        self._query = query
        self._fields = fields
        self._now, self._half_life = freshness
        self._wanted = wanted
        self._looked_at: dict[tuple[int, int], tuple[_Strength, DocAddress]] = {}

    def found(self) -> list[tuple[_Strength, DocAddress]]:
        return nlargest(self._wanted, self._looked_at.values(), key=lambda one: one[0])

    def look_at(self, since: Millis, until: Millis, number: int) -> None:
        """Look at all articles of a half-open span that may be among the best.

        The `number` of them with the highest scores come first. Those left unseen have lower ones, and so must be
        newer to be strong enough. If that hardly narrows the span, more of them are looked at.
        """
        while since < until:
            within = restricted(self._query, between(self._fields, since, until))
            hits = self._searcher.search(within, number + 1, count=False).hits
            self._add(hits)
            if len(hits) <= number:
                return
            horizon = self._horizon(hits[-1][0])
            if horizon <= since or horizon - since < (min(until, self._now) - since) / 2:
                number *= 4
            since = max(since, horizon)

    def _horizon(self, score: float) -> Millis:
        """The moment before which no article with at most this score can be among the best."""
        found = self.found()
        if len(found) < self._wanted:
            return _BEGINNING
        weakest, _ = found[-1]
        if score <= 0:
            return weakest.position.ranked_at if weakest.faded == -inf else _END
        half_lives = log2(score) - weakest.faded
        if half_lives < 0:
            return _END
        return int(self._now - half_lives * self._half_life) - 1 if half_lives < inf else _BEGINNING

    def _add(self, hits: Iterable[tuple[float, DocAddress]]) -> None:
        new = [hit for hit in hits if (hit[1].segment_ord, hit[1].doc) not in self._looked_at]
        for (score, address), position in zip(new, positions(self._searcher, [one for _, one in new]), strict=True):
            self._looked_at[address.segment_ord, address.doc] = self._strength(score, position), address

    def _strength(self, score: float, position: Position) -> _Strength:
        age = max(0, self._now - position.ranked_at)
        return _Strength(_logarithm(score) - age / self._half_life, position)


def _logarithm(score: float) -> float:
    return log2(score) if score > 0 else -inf
