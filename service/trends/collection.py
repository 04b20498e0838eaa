"""Whether articles still arrive: silence is no news about the world."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from indexer.times import DAY, Millis
from service.trends.columns import Int64s
from service.trends.snapshot import WINDOW, View

State = Literal["ok", "quiet", "stopped"]

_WEEK: Final = 7
_LOOKING_BACK: Final = 15 * DAY
_QUIET: Final = 5
_STOPPED: Final = 20


@dataclass(frozen=True, slots=True)
class Collection:
    """How articles of a section arrive, and since when none has; `since` is None where there are none at all."""

    state: State
    since: Millis | None


def collection(view: View, section: str | None) -> Collection:
    """Whether the silence is longer than usual: by what arrived in the same hours of each of seven days before it."""
    arrivals = _arrivals(view, section, _LOOKING_BACK)
    if len(arrivals) == 0 or view.now - arrivals.max() > _WEEK * DAY:
        arrivals = _arrivals(view, section, WINDOW)
    if len(arrivals) == 0:
        return Collection("quiet", None)
    last = int(arrivals.max())
    days = max(-(-(view.now - last) // DAY), 1)
    spans = ((last - shift * DAY, view.now - shift * DAY) for shift in range(days, days + _WEEK))
    missed = sum(np.count_nonzero((arrivals >= start) & (arrivals < end)) for start, end in spans)
    return Collection(_state(missed / _WEEK), last)


def _arrivals(view: View, section: str | None, length: Millis) -> Int64s:
    """When the articles of a section came that came within a length of time."""
    seen_at = view.snapshot.articles.seen_at
    arrivals: Int64s = seen_at[view.within(section) & (seen_at > view.now - length)]
    return arrivals


def _state(missed: float) -> State:
    if missed < _QUIET:
        return "ok"
    return "quiet" if missed < _STOPPED else "stopped"
