"""Names as one types them: every name and alias from each of its words on, in one sorted list."""

import threading
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from string import ascii_lowercase, digits
from typing import Final

import numpy as np

from indexer.times import MINUTE, Millis
from service.trends.columns import Floats, Indices
from service.trends.scope import Scope, score_scope
from service.trends.scoring import Parameters, Status, best
from service.trends.snapshot import Label, Snapshot
from service.trends.wording import words

FORGIVING: Final = 4
"""From how many letters on one may be wrong. Fewer are the beginning of too much."""
_LONGEST: Final = 40
_LAST: Final = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Completed:
    """A name that begins as was typed; its articles of the trend window, and how it stands against what is usual."""

    label: Label
    articles: int
    status: Status | None


@dataclass(frozen=True, slots=True, eq=False)
class Completion:
    """The names of a snapshot at one moment. `owners` are the numbers of the entities at the places of `starts`."""

    starts: Sequence[str]
    owners: Indices
    counts: Floats
    scope: Scope

    def complete(self, typed: str, limit: int) -> list[Completed]:
        """The names with a word from which on they begin as typed, in the most articles first; ties by id.

        Where there are too few, those follow that do so with one letter added, left out, changed or swapped.
        """
        beginning = words(typed)[1 : None if typed[-1:].isspace() else -1][:_LONGEST]
        if not beginning.strip():
            return []
        found = self._most_named([beginning], limit)
        if len(found) < limit and len(beginning.strip()) >= FORGIVING:
            near = self._most_named(_variants(beginning), limit + len(found))
            found += [entity for entity in near if entity not in found]
        return [self._completed(entity) for entity in found[:limit]]

    def _most_named(self, beginnings: Iterable[str], limit: int) -> list[int]:
        spans = (self._span(beginning) for beginning in beginnings)
        owners = [self.owners[start:end] for start, end in spans if start < end]
        entities = np.unique(np.concatenate(owners)) if owners else np.empty(0, np.intp)
        entities = entities[self.counts[entities] > 0]
        ids = self.scope.view.snapshot.names.entities.values
        chosen: list[int] = entities[best(self.counts[entities], lambda place: ids[entities[place]], limit)].tolist()
        return chosen

    def _span(self, beginning: str) -> tuple[int, int]:
        return bisect_left(self.starts, beginning), bisect_left(self.starts, beginning + _LAST)

    def _completed(self, entity: int) -> Completed:
        view = self.scope.view
        label = view.snapshot.names.labels.values[view.labels()[entity]]
        place = self.scope.place(label.entity_id)
        return Completed(label, round(self.counts[entity]), None if place is None else self.scope.status(place))


class Completions:
    """The completion of every minute. `aliases` are further forms with the ids of their entities. Threads share it."""

    def __init__(self, aliases: Iterable[tuple[str, str]]) -> None:
        self._aliases = [(start, entity_id) for form, entity_id in aliases for start in _starts(words(form))]
        self._lock = threading.Lock()
        self._forms: Sequence[str] = ()
        self._known = 0
        self._names: list[tuple[str, int]] = []
        self._latest: tuple[tuple[Millis, bool], Completion] | None = None

    def at(self, snapshot: Snapshot, now: Millis, *, whole: bool) -> Completion:
        """The names as at the first call of a minute, and again when the snapshot is `whole` for the first time."""
        key = now // MINUTE, whole
        with self._lock:
            if self._latest is None or self._latest[0] != key:
                self._latest = key, self._make(snapshot, now)
            return self._latest[1]

    def _make(self, snapshot: Snapshot, now: Millis) -> Completion:
        self._take_in(snapshot)
        view = snapshot.at(now)
        names = sorted(self._names + self._known_aliases(snapshot))
        owners = np.fromiter((owner for _, owner in names), np.intp, len(names))
        counts = view.articles_per_entity()
        return Completion([start for start, _ in names], owners, counts, score_scope(view, Parameters()))

    def _take_in(self, snapshot: Snapshot) -> None:
        """Add what has been called something new; after a compaction the numbers are others."""
        forms = snapshot.names.forms
        if forms is not self._forms:
            self._forms, self._known, self._names = forms, 0, []
        known = len(snapshot.names.label_entity)
        for label in range(self._known, known):
            owner = int(snapshot.names.label_entity[label])
            self._names.extend((start, owner) for form in forms[label].split("\n") for start in _starts(form))
        self._known = known
        self._names.sort()

    def _known_aliases(self, snapshot: Snapshot) -> list[tuple[str, int]]:
        numbers = ((start, snapshot.names.entities.find(entity_id)) for start, entity_id in self._aliases)
        return [(start, number) for start, number in numbers if number is not None]


def _starts(form: str) -> Iterator[str]:
    """A form, given as `words`, from each of its words on; a space ends every word."""
    rest = form.lstrip()
    while rest:
        yield rest[:_LONGEST]
        rest = rest.partition(" ")[2]


def _variants(typed: str) -> Iterator[str]:
    """Everything that one letter more, less, other or swapped with the next makes of what was typed."""
    letters = ascii_lowercase + digits
    for place in range(len(typed) + 1):
        before, after = typed[:place], typed[place:]
        yield from (before + letter + after for letter in letters)
        if after:
            yield before + after[1:]
            yield from (before + letter + after[1:] for letter in letters)
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
