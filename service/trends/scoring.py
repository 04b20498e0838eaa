"""The formulas of docs/trends.md: pure functions of decayed counts, over all items of a scope at once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from indexer.errors import InvalidParameter
from indexer.times import DAY, HOUR, Millis
from nlp.mention import EntityType
from service.trends.columns import Array, Floats, Indices, Ints

SHORTEST: Final = HOUR
LONGEST: Final = 7 * DAY
"""The half-lives that can be asked for."""
RECENT_HALF_LIVES: Final = 3
"""How far back the articles and sources of an item are counted."""
HISTORY: Final = 7 * DAY
"""How long a scope must have been watched before anything in it is called new, rising or falling."""
DECIMALS: Final = 9
"""Scores are rounded to this, so that the order in which numbers were added up decides nothing."""
Status = Literal["new", "rising", "steady", "falling"]

FEWEST: Final = 2.0
_LISTED_ABOVE: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What is asked: half-lives in milliseconds, `novelty` from 0 (volume) to 1 (versus usual), and the scope.

    `min_sources`: from how many sources an item must be; None is 2 where the scope has three or more, else 1. From 2 on
    nobody's volume decides alone (see sources.py). `diversity` is from 0 (the order of the scores) to 1.
    InvalidParameter if the baseline does not outlive what is compared with it, or a number is out of its range.
    """

    half_life: Millis = 10 * HOUR
    baseline_half_life: Millis = 14 * DAY
    novelty: float = 1.0
    section: str | None = None
    type: EntityType | None = None
    limit: int = 10
    min_sources: int | None = None
    diversity: float = 0.2

    def __post_init__(self) -> None:
        if not SHORTEST <= self.half_life <= LONGEST:
            raise InvalidParameter("half_life", "half_life must be from 1h to 7d")
        if self.baseline_half_life <= self.half_life:
            raise InvalidParameter("baseline_half_life", "baseline_half_life must be longer than half_life")
        if not 0 <= self.novelty <= 1:
            raise InvalidParameter("novelty", "novelty must be from 0 to 1")
        if not 0 <= self.diversity <= 1:
            raise InvalidParameter("diversity", "diversity must be from 0 to 1")
        if self.min_sources is not None and self.min_sources < 1:
            raise InvalidParameter("min_sources", "min_sources must be at least 1")
        if self.limit < 1:
            raise InvalidParameter("limit", "limit must be at least 1")


@dataclass(frozen=True, slots=True)
class Scores:
    """Per item: decayed articles `now`, as `typical` and as `expected`, the excess as a ranking `score`, and its `z`.

    Expected is its usual share of what the scope has now, typical of what it has had of late.
    """

    now: Floats
    expected: Floats
    typical: Floats
    score: Floats
    z: Floats

    def at(self, places: Ints) -> "Scores":
        """Those of some items."""
        return Scores(self.now[places], self.expected[places], self.typical[places], self.score[places], self.z[places])


@dataclass(frozen=True, slots=True)
class Explain:
    """Decayed articles now, as typical and as expected, and how surprising that is. `half_life` is in milliseconds.

    `since` is when the status began, `demoted_by` the id of the item that this one stands below for being too like it.
    """

    now: float
    typical: float
    expected: float
    lift: float | None
    z: float
    half_life: Millis
    since: Millis | None = None
    demoted_by: str | None = None


@dataclass(frozen=True, slots=True)
class Level:
    """What a scope has now, what it usually has, and what it has had `of_late`: the sums over everything in it.

    Of late is the mean over three half-lives, in which an hour of the day weighs little.
    """

    now: float
    usual: float
    of_late: float

    @property
    def trust(self) -> float:
        """How far the baseline can be relied on."""
        return self.usual / (self.usual + 2 * self.now) if self.usual > 0 else 0.0

    def expected(self, usual: Floats) -> Floats:
        """The usual share of each item of what the scope has now."""
        return self._share(usual) * self.now

    def typical(self, usual: Floats) -> Floats:
        """The usual share of each item of what the scope has had of late."""
        return self._share(usual) * self.of_late

    def _share(self, usual: Floats) -> Floats:
        return usual / self.usual if self.usual > 0 else np.zeros_like(usual)


def score(now: Floats, usual: Floats, level: Level, novelty: float, weight: Floats | None = None) -> Scores:
    """Score items against their scope: what is above typical, by what `now` is worth (`weight`), if not itself."""
    expected, typical = level.expected(usual), level.typical(usual)
    excess = now - novelty * level.trust * typical
    if weight is not None:
        excess *= np.divide(weight, now, out=np.zeros_like(now), where=now > 0)
    values = (now, expected, typical, excess, surprise(now, expected))
    rounded = (np.round(value, DECIMALS) + 0.0 for value in values)  # without a minus before 0
    return Scores(*rounded)


def surprise(now: Floats, expected: Floats) -> Floats:
    """How many standard deviations `now` lies from `expected`, half an article given away."""
    variance = 1.5 * (expected + 0.5) / 2 + (0.25 * expected) ** 2 + 1
    return (now - expected - 0.5) / np.sqrt(variance)


def lift(now: float, expected: float) -> float | None:
    """How many times the usual; None where nothing is usual."""
    return now / expected if expected > 0 else None


def explain(scores: Scores, place: int, half_life: Millis, since: Millis | None, demoted_by: str | None) -> Explain:
    """Why the item at a place stands where it does."""
    now, typical, expected, z = (
        float(values[place]) for values in (scores.now, scores.typical, scores.expected, scores.z)
    )
    return Explain(now, typical, expected, lift(now, expected), z, half_life, since, demoted_by)


def listed(scores: Scores, novelty: float) -> Indices:
    """Which items a list may hold: places in `scores`. At novelty 1 those that have an article more than is typical."""
    enough = scores.now >= FEWEST
    return np.flatnonzero(enough & (scores.now - scores.typical >= _LISTED_ABOVE) if novelty == 1 else enough)


def best(scores: Array, name: Callable[[int], str], limit: int) -> list[int]:
    """The places of the highest scores, highest first; ties by name."""
    floor = np.partition(scores, -limit)[-limit] if limit < len(scores) else -np.inf
    chosen = np.flatnonzero(scores >= floor)
    places = chosen.tolist()
    ranked = sorted(zip((-scores[chosen]).tolist(), map(name, places), places, strict=True))
    return [place for _, _, place in ranked[:limit]]
