"""Lists that are never empty: where nothing trends, what comes nearest, and its name."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final, Generic, TypeVar

from indexer.times import HOUR, MINUTE, Millis
from service.trends.scoring import LONGEST, Parameters

LATEST: Final = "latest"
_WIDER: Final = 3
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Listing(Generic[_Item]):
    """The items of a list, and what they are instead of what was asked for: None, or the name of a rung."""

    items: tuple[_Item, ...]
    fallback: str | None


def climb(
    asked: Callable[[Parameters], tuple[_Item, ...]],
    latest: Callable[[Parameters], tuple[_Item, ...]],
    parameters: Parameters,
) -> Listing[_Item]:
    """What was asked for; where that is nothing, plain volume, of ever longer half-lives; and at last the newest."""
    for name, rung in _rungs(parameters):
        if items := asked(rung):
            return Listing(items, name)
    return Listing(latest(_widest(parameters)), LATEST)


def _widest(parameters: Parameters) -> Parameters:
    baseline = max(parameters.baseline_half_life, 2 * LONGEST)
    return replace(parameters, half_life=LONGEST, baseline_half_life=baseline, min_sources=1)


def duration(length: Millis) -> str:
    """A duration in hours, or where that leaves a rest, minutes."""
    return f"{length // HOUR}h" if length % HOUR == 0 else f"{length // MINUTE}m"


def _rungs(parameters: Parameters) -> Iterator[tuple[str | None, Parameters]]:
    yield None, parameters
    volume = replace(parameters, novelty=0.0)
    if volume != parameters:
        yield "volume", volume
    lengths = (min(_WIDER**step * parameters.half_life, LONGEST) for step in range(1, 6))
    for half_life in dict.fromkeys(lengths):
        if parameters.half_life < half_life < parameters.baseline_half_life:
            yield f"wider:{duration(half_life)}", replace(volume, half_life=half_life)
