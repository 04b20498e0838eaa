"""Keeping the trend arrays up to date with a store, and answering for moments that they do not reach back to."""

import logging
import threading
from collections.abc import Callable
from typing import Final, Protocol

from indexer.errors import DatelineError
from indexer.store.port import Changes
from indexer.times import DAY, Millis
from service.trends.arrays import Arrays
from service.trends.snapshot import WINDOW, Snapshot

MARGIN: Final = 30 * DAY
"""How far beyond one window articles are kept, so that a moment of last month costs nothing more."""
PAGE: Final = 1_000
_LOG: Final = logging.getLogger(__name__)
_PAUSE: Final = 0.2
_LONGEST_PAUSE: Final = 10.0
_PATIENCE: Final = 1.0


class ChangeSource(Protocol):
    """The part of a store that trends follow."""

    def changes(self, after: str | None, limit: int) -> Changes: ...


class Tail:
    """Arrays that follow a source, and how far they have got. One thread at a time may `follow`."""

    def __init__(self, source: ChangeSource, arrays: Arrays) -> None:
        self.arrays = arrays
        self.loaded = 0
        self._source = source
        self._mark: str | None = None

    def follow(self) -> int:
        """Take in the next page of changes; how many they were. StoreError if the store cannot be read."""
        items, mark = self._source.changes(self._mark, PAGE)
        if items:
            self.arrays.apply(items)
        self._mark = mark
        self.loaded += len(items)
        return len(items)


class Past:
    """The one window kept for questions about a moment that the live arrays do not cover."""

    def __init__(self, source: ChangeSource) -> None:
        self._source = source
        self._lock = threading.Lock()
        self._tail: Tail | None = None
        self._span = range(0)

    def snapshot(self, moment: Millis) -> Snapshot:
        """Today's archive around a moment. Reads the whole store the first time; StoreError if it cannot."""
        with self._lock:
            if self._tail is None or moment not in self._span:
                self._tail = Tail(self._source, Arrays(moment - WINDOW - MARGIN, moment + MARGIN))
                self._span = range(moment - MARGIN, moment + MARGIN + 1)
            while self._tail.follow():
                pass
            return self._tail.arrays.snapshot


class Follower:
    """A thread that keeps arrays of the last `WINDOW + MARGIN` up to date with a store.

    `clock` gives the present. The thread outlives every error: it says so in `error` and in the log, and tries again.
    """

    def __init__(self, source: ChangeSource, clock: Callable[[], Millis], pause: float = _PAUSE) -> None:
        self._clock = clock
        self._pause = pause
        self._tail = Tail(source, Arrays(clock() - WINDOW - MARGIN))
        self._past = Past(source)
        self._caught_up = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="trends", daemon=True)
        self._error: Exception | None = None

    def start(self) -> None:
        """Begin to follow. A follower starts once."""
        self._thread.start()

    def stop(self) -> None:
        """End, within a second: a read of the store that takes longer is left to end by itself."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(_PATIENCE)

    @property
    def ready(self) -> bool:
        """Whether everything has been taken in that was there at the start."""
        return self._caught_up.is_set()

    @property
    def loaded(self) -> int:
        """How many changes have been taken in."""
        return self._tail.loaded

    @property
    def error(self) -> Exception | None:
        """Why the last attempt failed; None if it did not."""
        return self._error

    @property
    def snapshot(self) -> Snapshot:
        """The arrays as they are now."""
        return self._tail.arrays.snapshot

    def snapshot_as_of(self, moment: Millis) -> Snapshot:
        """Arrays that cover a moment: these, or a window of its own from the store. StoreError if it cannot be read."""
        live = self.snapshot
        return live if live.covers(moment) else self._past.snapshot(moment)

    def _run(self) -> None:
        pause = self._pause
        while not self._stopping.is_set():
            pause = self._pause if self._follow() else min(2 * pause, _LONGEST_PAUSE)
            self._stopping.wait(pause)

    def _follow(self) -> bool:
        """Take in all there is; False if that failed."""
        try:
            self._tail.arrays.advance(self._clock() - WINDOW - MARGIN)
            while not self._stopping.is_set() and self._tail.follow():
                pass
        except Exception as error:  # noqa: BLE001 - a follower that ended for good would let trends grow old unnoticed
            _LOG.warning("trends do not follow the store: %s", error, exc_info=not isinstance(error, DatelineError))
            self._error = error
            return False
        self._error = None
        if not self._stopping.is_set():
            self._caught_up.set()
        return True
