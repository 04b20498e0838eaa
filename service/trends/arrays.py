"""The trend arrays: every article of a span of time and the entities it names, kept exact through every change."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from indexer.article import Article
from indexer.store.port import Change
from indexer.times import Millis
from service.trends.memory import Memory
from service.trends.snapshot import Snapshot, settled
from service.trends.tables import Tables

_DEAD_SHARE: Final = 0.25
_BEFORE_ALL: Final = -(2**62)


class Arrays:
    """The articles with `start <= ranked_at <= end`. One thread changes it; any number read its `snapshot`.

    Changes may come in any order of articles and any number of times: what is here depends only on the last state
    of each.
    """

    def __init__(self, start: Millis, end: Millis | None = None) -> None:
        self._start = start
        self._end = end
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
        buried = self._tables.bury(latest)
        self._tables.add([article for article in written if self._keeps(article)])
        self._note_arrivals(written)
        compacted = self._compact()
        snapshot = self._tables.freeze(self._newest_seen, self._complete_from)
        memory = Memory() if compacted else self._still_true([*buried, *range(first, len(self._tables))])
        self._snapshot = replace(snapshot, memory=memory)

    def _keeps(self, article: Article) -> bool:
        if article.ranked_at < self._start:
            self._complete_from = self._start
            return False
        return self._end is None or article.ranked_at <= self._end

    def _note_arrivals(self, written: Sequence[Article]) -> None:
        known = [] if self._newest_seen is None else [self._newest_seen]
        self._newest_seen = max(known + [article.seen_at for article in written], default=None)

    def _still_true(self, changed: Sequence[int]) -> Memory:
        """What is remembered of the days on which none of the changed articles was settled."""
        articles = self._tables.freeze(None, 0).articles
        ranked_at, seen_at = articles.ranked_at[changed], articles.seen_at[changed]
        return self._snapshot.memory.of_days(lambda day: not settled(day, ranked_at, seen_at).any())

    def _compact(self) -> bool:
        """Copy afresh what is alive and not before the start, once too much is not; whether that was done."""
        articles = self._tables.freeze(None, 0).articles
        expired = articles.ranked_at < self._start
        kept = articles.alive & ~expired
        if np.count_nonzero(kept) >= (1 - _DEAD_SHARE) * len(kept):
            return False
        if np.any(articles.alive & expired):
            self._complete_from = self._start
        self._tables = self._tables.compacted(np.flatnonzero(kept))
        return True
