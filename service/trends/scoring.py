"""The formulas of docs/trends.md: pure functions of decayed counts, over all entities of a scope at once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from indexer.errors import InvalidParameter
from indexer.times import DAY, HOUR, Millis
from nlp.mention import EntityType
from service.trends.columns import Array, Floats, Indices

ALGORITHM: Final = "decayed-excess/1"
HISTORY: Final = 7 * DAY
"""How long a scope must have been watched before anything in it is called new, rising or falling."""
DECIMALS: Final = 9
"""Scores are rounded to this, so that the order in which numbers were added up decides nothing."""
Status = Literal["new", "rising", "steady", "falling"]

_FEWEST: Final = 2.0
_LISTED_Z: Final = 1.0
_LABELLED_Z: Final = 2.0
_UNHEARD_OF: Final = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What is asked: half-lives in milliseconds, `novelty` from 0 (volume) to 1 (versus usual), and the scope.

    InvalidParameter if the baseline does not outlive what is compared with it, or a number is out of its range.
    """

    half_life: Millis = 8 * HOUR
    baseline_half_life: Millis = 14 * DAY
    novelty: float = 1.0
    section: str | None = None
    type: EntityType | None = None
    limit: int = 10

    def __post_init__(self) -> None:
        if self.half_life <= 0:
            raise InvalidParameter("half_life", "half_life must be longer than nothing")
        if self.baseline_half_life <= self.half_life:
            raise InvalidParameter("baseline_half_life", "baseline_half_life must be longer than half_life")
        if not 0 <= self.novelty <= 1:
            raise InvalidParameter("novelty", "novelty must be from 0 to 1")
        if self.limit < 1:
            raise InvalidParameter("limit", "limit must be at least 1")


@dataclass(frozen=True, slots=True)
class Scores:
    """Per entity: decayed articles `now`, as `expected`, the excess as a ranking `score`, and how surprising it is."""

    now: Floats
    expected: Floats
    score: Floats
    z: Floats


@dataclass(frozen=True, slots=True)
class Explain:
    """Decayed articles now and as usual, their ratio, and how surprising that is. `half_life` is in milliseconds."""

    now: float
    expected: float
    lift: float | None
    z: float
    half_life: Millis
    demoted_by: str | None = None


def score(now: Floats, usual: Floats, now_all: float, usual_all: float, novelty: float) -> Scores:
    """Score entities against the sums over all entities of their scope."""
    expected = usual / usual_all * now_all if usual_all > 0 else np.zeros_like(usual)
    trust = usual_all / (usual_all + 2 * now_all) if usual_all > 0 else 0.0
    excess = now - novelty * trust * expected
    rounded = (np.round(values, DECIMALS) for values in (now, expected, excess, surprise(now, expected)))
    return Scores(*rounded)


def surprise(now: Floats, expected: Floats) -> Floats:
    """How many standard deviations `now` lies from `expected`, half an article given away."""
    variance = 1.5 * (expected + 0.5) / 2 + (0.25 * expected) ** 2 + 1
    return (now - expected - 0.5) / np.sqrt(variance)


def lift(now: float, expected: float) -> float | None:
    """How many times the usual; None where nothing is usual."""
    return now / expected if expected > 0 else None


def listed(scores: Scores, novelty: float) -> Indices:
    """Which entities a list may hold: places in `scores`."""
    enough = scores.now >= _FEWEST
    return np.flatnonzero(enough & (scores.z >= _LISTED_Z) if novelty == 1 else enough)


def status(z: float, expected: float, *, known: bool) -> Status:
    """What to call an entity. Where its scope is not `known` for long enough, everything is steady."""
    if not known or abs(z) < _LABELLED_Z:
        return "steady"
    if z < 0:
        return "falling"
    return "new" if expected < _UNHEARD_OF else "rising"


def best(scores: Array, name: Callable[[int], str], limit: int) -> list[int]:
    """The places of the highest scores, highest first; ties by name."""
    floor = np.partition(scores, -limit)[-limit] if limit < len(scores) else -np.inf
    chosen = np.flatnonzero(scores >= floor)
    places = chosen.tolist()
    ranked = sorted(zip((-scores[chosen]).tolist(), map(name, places), places, strict=True))
    return [place for _, _, place in ranked[:limit]]
