"""The trend arrays: every article of a span of time and the entities it names, kept exact through every change."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from indexer.article import Article
from indexer.store.port import Change
from indexer.times import DAY, Millis
from service.trends.snapshot import Snapshot, settled
from service.trends.tables import Tables

ROWS: Final = 40_000_000
"""The most articles and rows together: about two gigabytes."""
_DEAD_SHARE: Final = 0.25
_BEFORE_ALL: Final = -(2**62)


class Arrays:
    """The articles with `start <= ranked_at <= end`. One thread changes it; any number read its `snapshot`.

    Changes may come in any order of articles and any number of times: what is here depends only on the last state
    of each. Where that is more than `budget` articles and rows, the oldest days are let go.
    """

    def __init__(self, start: Millis, end: Millis | None = None, budget: int = ROWS) -> None:
        self._start = start
        self._end = end
        self._budget = budget
        self._complete_from = _BEFORE_ALL
        self._newest_seen: Millis | None = None
        self._tables = Tables()
        self._snapshot = self._tables.freeze(None, _BEFORE_ALL)

    @property
    def snapshot(self) -> Snapshot:
        """The arrays after the last change. It never changes, and taking it waits for nothing."""
        return self._snapshot

    def advance(self, start: Millis) -> None:
        """Let go of the articles before `start`: they leave with the next compaction."""
        self._start = max(self._start, start)

    def apply(self, changes: Iterable[Change]) -> None:
        """Take in writes and deletions; of one article, the last counts."""
        latest = {change.id: change.article for change in changes}
        written = [article for article in latest.values() if article is not None]
        first = len(self._tables)
        other = self._tables.regroup(written)
        buried = self._tables.bury(latest.keys() - {article.id for article in written} | {one.id for one in other})
        self._tables.add([article for article in other if self._keeps(article)])
        self._note_arrivals(written)
        compacted = self._compact(shortened=self._shorten())
        snapshot = self._tables.freeze(self._newest_seen, self._complete_from)
        if not compacted:
            snapshot = self._still_true(snapshot, [*buried, *range(first, len(self._tables))])
        self._snapshot = snapshot

    def _keeps(self, article: Article) -> bool:
        if article.ranked_at < self._start:
            self._complete_from = self._start
            return False
        return self._end is None or article.ranked_at <= self._end

    def _note_arrivals(self, written: Sequence[Article]) -> None:
        known = [] if self._newest_seen is None else [self._newest_seen]
        self._newest_seen = max(known + [article.seen_at for article in written], default=None)

    def _still_true(self, snapshot: Snapshot, changed: Sequence[int]) -> Snapshot:
        """With what is remembered of days on which none of the changed articles was settled, or seen at the hour."""
        ranked_at, seen_at = snapshot.articles.ranked_at[changed], snapshot.articles.seen_at[changed]
        return replace(
            snapshot,
            memory=self._snapshot.memory.of_times(lambda day: not settled(day, ranked_at, seen_at).any()),
            hourly=self._snapshot.hourly.of_times(lambda hour: not (seen_at <= hour).any()),
        )

    def _shorten(self) -> bool:
        """Let go of the oldest days if there is too much, so that there is room for a while; whether there was."""
        if self._tables.size <= self._budget:
            return False
        columns = self._tables.freeze(None, 0).articles
        alive = np.flatnonzero(columns.alive)
        newest_first = alive[np.argsort(-columns.ranked_at[alive], kind="stable")]
        beyond = np.cumsum(columns.rows[newest_first] + 1) > (1 - _DEAD_SHARE) * self._budget
        if beyond.any():
            oldest = int(columns.ranked_at[newest_first[beyond.argmax()]])
            self.advance(oldest - oldest % DAY + DAY)
        return True

    def _compact(self, *, shortened: bool) -> bool:
        """Copy afresh what is alive and not before the start, once too much is not; whether that was done."""
        articles = self._tables.freeze(None, 0).articles
        expired = articles.ranked_at < self._start
        kept = articles.alive & ~expired
        if not shortened and np.count_nonzero(kept) >= (1 - _DEAD_SHARE) * len(kept):
            return False
        if np.any(articles.alive & expired):
            self._complete_from = self._start
        self._tables = self._tables.compacted(np.flatnonzero(kept))
        return True
