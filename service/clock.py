"""The present."""

import time
from collections.abc import Callable

from indexer.times import Millis

Clock = Callable[[], Millis]


def system_clock() -> Millis:
    """The present by the clock of this machine."""
    return time.time_ns() // 1_000_000
