"""What to call an item: a pure function of how surprising it was at every hour of the last two days."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from service.trends.scoring import Status

_BEGINS: Final = 2.0
_ENDS: Final = 1.0
_UNHEARD_OF: Final = 0.1


class Phase(NamedTuple):
    """A status, and the place of the hour it began at; of a steady item that was never anything else, the first."""

    status: Status
    began: int


def status(z: float, expected: float, *, known: bool) -> Status:
    """What to call an item by one moment. Where its scope is not `known` for long enough, everything is steady."""
    if not known or abs(z) < _BEGINS:
        return "steady"
    if z < 0:
        return "falling"
    return "new" if expected < _UNHEARD_OF else "rising"


def phase(z: Sequence[float], expected: Sequence[float], *, known: bool) -> Phase:
    """What to call an item after these hours: a status lasts until z comes back to half of what it began at."""
    current = Phase("steady", 0)
    for hour, (surprise, usual) in enumerate(zip(z, expected, strict=True)):
        if not _lasts(current.status, surprise):
            following = status(surprise, usual, known=known)
            current = current if following == current.status else Phase(following, hour)
    return current


def _lasts(current: Status, z: float) -> bool:
    match current:
        case "steady":
            return abs(z) < _BEGINS
        case "falling":
            return z <= -_ENDS
        case "new" | "rising":
            return z >= _ENDS
