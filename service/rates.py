"""How often one client may ask. Pure."""

import re
from collections import OrderedDict
from typing import Final, NamedTuple

MOST_CLIENTS: Final = 100_000
"""How many clients are remembered; of more, those that have been quiet the longest are forgotten."""
_RATE: Final = re.compile(r"([1-9]\d{0,8})/(s|min|h)", re.ASCII)
_SECONDS: Final = {"s": 1.0, "min": 60.0, "h": 3_600.0}


class Rate(NamedTuple):
    """So many requests in so many seconds, at once or spread over them."""

    requests: int
    seconds: float


def parse_rate(text: str) -> Rate:
    """Read "10/s", "600/min" or "5000/h". ValueError for anything else."""
    match = _RATE.fullmatch(text.strip())
    if match is None:
        message = f"{text!r} is not a rate like 10/s, 600/min or 5000/h"
        raise ValueError(message)
    return Rate(int(match[1]), _SECONDS[match[2]])


class Buckets:
    """A bucket of tokens per client: a request takes one, and an empty bucket is full again after `rate.seconds`."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._full_at = OrderedDict[str, float]()

    def take(self, client: str, now: float) -> float:
        """Take a token, and 0; or else the seconds until there is one. `now` is in seconds and never goes back."""
        full_at = max(now, self._full_at.get(client, now)) + self._rate.seconds / self._rate.requests
        wait = full_at - now - self._rate.seconds
        if wait > 1e-6:  # noqa: PLR2004 - less than a sum of floats can tell
            return wait
        self._full_at[client] = full_at
        self._full_at.move_to_end(client)
        self._forget(now)
        return 0.0

    def _forget(self, now: float) -> None:
        """Leave out who has not asked for so long that it makes no difference, and who is one too many."""
        while self._full_at:
            quietest = next(iter(self._full_at))
            if len(self._full_at) <= MOST_CLIENTS and self._full_at[quietest] > now:
                return
            del self._full_at[quietest]
