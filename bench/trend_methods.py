"""Ways to rank entities by what an archive held at a moment: the baselines that trends are compared with."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from indexer.times import DAY, HOUR, Millis
from service.trends.columns import Floats, Indices, Int64s
from service.trends.snapshot import Snapshot

Method = Callable[[Millis], Floats]
"""The score of every entity at a moment; asked in the order of time."""


class Stream:
    """Every article's time and entities in the order of time, for an archive in which all were seen when ranked."""

    def __init__(self, snapshot: Snapshot) -> None:
        articles = np.flatnonzero(snapshot.articles.alive)
        articles = articles[np.argsort(snapshot.articles.ranked_at[articles], kind="stable")]
        self.entities = snapshot.entities
        self._times: Int64s = np.repeat(snapshot.articles.ranked_at[articles], snapshot.articles.rows[articles])
        self._rows: Indices = snapshot.rows.entity[snapshot.rows_of_articles(articles)]

    def count(self, start: Millis, end: Millis) -> Floats:
        """Per entity, the articles after `start` up to `end`."""
        first, last = np.searchsorted(self._times, (start, end), side="right")
        return np.bincount(self._rows[first:last], minlength=self.entities).astype(np.float64)

    def decayed(self, now: Millis, half_life: float) -> Floats:
        """Per entity, the sum of `2 ** (-age / half_life)` over the articles up to `now`."""
        first, last = np.searchsorted(self._times, (now - 40 * half_life, now), side="right")
        weights = np.exp2((self._times[first:last] - now) / half_life)
        return np.bincount(self._rows[first:last], weights, self.entities).astype(np.float64)


def excess(stream: Stream, now: Millis) -> Floats:
    """What is to be foreseen: the articles of the next day above the daily mean of the 14 days before, at least 0."""
    usual = stream.count(now - 14 * DAY, now) / 14
    return np.maximum(stream.count(now, now + DAY) - usual, 0)


def excess_share(stream: Stream, now: Millis) -> Floats:
    """The articles of the next day above the share that was usual in the 14 days before, at least 0."""
    usual, coming = stream.count(now - 14 * DAY, now), stream.count(now, now + DAY)
    above: Floats = np.maximum(coming - usual / max(usual.sum(), 1) * coming.sum(), 0)
    return above


def count_of_a_day(stream: Stream) -> Method:
    return lambda now: stream.count(now - DAY, now)


def decay(stream: Stream, half_life: Millis = 12 * HOUR) -> Method:
    return lambda now: stream.decayed(now, half_life)


def jlh(stream: Stream) -> Method:
    """The default heuristic of Elasticsearch's significant_terms: the last day against the 14 days with it."""

    def score(now: Millis) -> Floats:
        day, fortnight = stream.count(now - DAY, now), stream.count(now - 14 * DAY, now)
        share, usual = day / max(day.sum(), 1), fortnight / max(fortnight.sum(), 1)
        lift = np.divide(share, usual, out=np.zeros_like(share), where=usual > 0)
        return np.where((share > usual) & (day >= _MIN_DOC_COUNT), (share - usual) * lift, 0)

    return score


def macd(stream: Stream, fast: Millis, slow: Millis) -> Method:
    """The difference of two exponential averages of articles an hour."""
    return lambda now: stream.decayed(now, fast) / fast - stream.decayed(now, slow) / slow


class Mastodon:
    """The formula of Mastodon's trending tags: today against yesterday, by the calendar, its maximum decaying.

    Source: its `app/models/trends/tags.rb`, with the defaults of 2023, an article for an account.
    """

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._highest = np.zeros(stream.entities)
        self._reached = np.full(stream.entities, -(2.0**60))

    def __call__(self, now: Millis) -> Floats:
        midnight = now - now % DAY
        observed = self._stream.count(midnight - 1, now)
        expected = np.maximum(self._stream.count(midnight - DAY - 1, midnight - 1), 1)
        hot = (observed >= expected) & (observed >= _THRESHOLD)
        score = np.where(hot, (observed - expected) ** 2 / expected, 0)
        forgotten = self._reached < now - _COOLDOWN
        self._highest[forgotten] = 0
        higher = score > self._highest
        self._highest[higher], self._reached[higher] = score[higher], now
        decayed: Floats = self._highest * np.exp2((self._reached - now) / _HALF_LIFE)
        return decayed


_MIN_DOC_COUNT: Final = 3
_THRESHOLD: Final = 5
_COOLDOWN: Final = 2 * DAY
_HALF_LIFE: Final = 4 * HOUR


def top(scores: Floats, ids: Sequence[str], number: int) -> list[int]:
    """The places of the highest scores above 0, ties by id."""
    possible = np.flatnonzero(scores > 0)
    if len(possible) > number:
        floor = np.partition(scores[possible], -number)[-number]
        possible = possible[scores[possible] >= floor]
    return sorted(possible.tolist(), key=lambda place: (-scores[place], ids[place]))[:number]
