"""Where the worker takes the trend arrays from."""

from collections.abc import Callable
from threading import Event

from indexer.times import Millis
from service.alerts.watching import Arrays as Source
from service.trends.arrays import Arrays
from service.trends.follower import MARGIN, ChangeSource, Follower, Tail
from service.trends.snapshot import WINDOW, Snapshot


def arrays_of(source: ChangeSource, clock: Callable[[], Millis], follower: Follower | None) -> Source:
    """Those of a follower that is there anyway; without one, arrays of the worker's own."""
    return _own(source, clock) if follower is None else _shared(follower)


def _shared(follower: Follower) -> Source:
    return lambda _: follower.snapshot if follower.ready and follower.error is None else None


def _own(source: ChangeSource, clock: Callable[[], Millis]) -> Source:
    """Loaded when they are asked for the first time, and followed at every other."""
    tail = Tail(source, Arrays(clock() - WINDOW - MARGIN))

    def follow(stop: Event) -> Snapshot | None:
        tail.arrays.advance(clock() - WINDOW - MARGIN)
        while not stop.is_set() and tail.follow():
            pass
        return None if stop.is_set() else tail.arrays.snapshot

    return follow
