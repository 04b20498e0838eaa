"""The worker's chore that raises and clears alerts, at every moment of a fixed grid of time.

Nothing is remembered between two runs but what is written down: the alerts, and the last moment that was looked at. One
that was looked at in part is looked at again, and nothing comes of it twice: the id of an alert is made of its moment
and its subject. So whoever takes over, whenever that is, loses nothing and repeats nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from threading import Event
from typing import Final

from indexer.store.port import Store
from indexer.times import DAY, HOUR, MINUTE, SECOND, Millis
from indexer.worker import Chore
from service.alerts.alert import Alert, from_json, to_json
from service.alerts.crossing import Crossings, crossings
from service.trends.snapshot import UNGROUPED, Snapshot

KIND: Final = "alert"
"""The records of alerts."""
STEP: Final = 5 * MINUTE
SETTLING: Final = 30 * SECOND
"""How long after a moment it is looked at: what arrived before it may still be on its way into the store."""
LONGEST_ABSENCE: Final = 2 * DAY
"""How far back the moments are made up for that nobody looked at."""
SET_BACK: Final = HOUR
"""A last moment that is so much ahead was looked at by a clock that was wrong."""
KEPT: Final = 30 * DAY
"""How long an alert is kept that is over."""
_MARK: Final = "alerting"
_PAUSE: Final = 5.0

Resolve = Callable[[str], str]
"""Leads from an id to the one that it was merged into."""
Arrays = Callable[[Event], Snapshot | None]
"""The arrays with everything in them that is stored now; None while that cannot be had."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Looks at the moments of the grid as they pass."""

    store: Store
    arrays: Arrays
    resolving: Callable[[], Resolve]
    clock: Callable[[], Millis]

    def chore(self) -> Chore:
        """What the worker does again and again."""
        return Chore("alerts", _PAUSE, self.run)

    def run(self, stop: Event) -> None:
        """Look at every moment that has passed since the last one, unless `stop` is set before. StoreError."""
        passed = moments(looked_at(self.store), self.clock())
        if not passed or (snapshot := self.arrays(stop)) is None:
            return
        due = in_stories(snapshot, passed)
        if not due:
            return
        resolve = self.resolving()
        kept = {alert.id: alert for alert in all_alerts(self.store)}
        standing = [alert for alert in kept.values() if _stands(alert, due[0])]
        for moment in due:
            if stop.is_set():
                return
            found = crossings(snapshot, moment, standing, resolve)
            standing = [alert for alert in standing if alert not in found.cleared]
            standing += self._note(found, moment, kept)
            self.store.put_record(_MARK, _MARK, {"moment": moment})
        self._forget(kept.values(), due[-1])

    def _note(self, found: Crossings, moment: Millis, kept: Mapping[str, Alert]) -> list[Alert]:
        """Write down what begins and what ends at a moment, unless it is `kept` so already; what begins."""
        now = self.clock()
        for alert in found.raised:
            self.store.put_record(KIND, alert.id, to_json(replace(alert, updated_at=now)), only_new=True)
        for alert in (one for one in found.cleared if one.cleared_at != moment):
            self.store.put_record(KIND, alert.id, to_json(replace(alert, cleared_at=moment, updated_at=now)))
        return [kept.get(alert.id, alert) for alert in found.raised]

    def _forget(self, kept: Iterable[Alert], now: Millis) -> None:
        for alert in kept:
            if alert.cleared_at is not None and alert.cleared_at < now - KEPT:
                self.store.drop_record(KIND, alert.id)


def moments(looked_at: Millis | None, now: Millis) -> range:
    """The moments of the grid after one, up to the last that is settled now; no more than the longest absence."""
    last = (now - SETTLING) // STEP * STEP
    earliest = last - LONGEST_ABSENCE
    if looked_at is None or looked_at > last + SET_BACK:
        return range(earliest, last + 1, STEP)
    return range(max(looked_at + STEP, earliest), last + 1, STEP)


def in_stories(snapshot: Snapshot, passed: range) -> range:
    """Those of the moments by which all that had come within a day is in its story; all, if nothing is in any."""
    articles = snapshot.articles
    ungrouped = articles.story == UNGROUPED
    if ungrouped.all():
        return passed
    waiting = articles.seen_at[ungrouped & articles.alive & (articles.seen_at > passed[0] - DAY)]
    return range(passed.start, min(int(waiting.min(initial=passed.stop)), passed.stop), STEP)


def looked_at(store: Store) -> Millis | None:
    """The last moment that was looked at; None before the first. StoreError."""
    moment: Millis | None = store.records(_MARK).get(_MARK, {}).get("moment")
    return moment


def all_alerts(store: Store) -> list[Alert]:
    """Every alert that is kept, in the order of time. StoreError."""
    return [from_json(record) for _, record in sorted(store.records(KIND).items())]


def _stands(alert: Alert, moment: Millis) -> bool:
    """Whether an alert stands when a moment is about to be looked at, be it once more."""
    return alert.raised_at <= moment and (alert.cleared_at is None or alert.cleared_at > moment)
