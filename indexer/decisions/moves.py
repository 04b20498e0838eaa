"""Merges and splits that stand, and where they lead. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from indexer.decisions.decision import Decision, Merge, Split, Subject, is_story
from nlp.keys import fold


class Move(NamedTuple):
    """A standing decision that makes things of one id another's: those with some keys, or all (None)."""

    decision: Decision
    to: str
    keys: frozenset[str] | None

    def takes(self, key: str) -> bool:
        return self.keys is None or key in self.keys


@dataclass(frozen=True, slots=True)
class Moves:
    """The merges and splits among ids of one sort, in the order of their numbers; nobody changes them.

    `moves` are by the id that loses something, `merged` by the one that is gone, `absorbed` by the one that got all of
    it, `minted` are the splits by what they made. `subjects` are all ids that a decision speaks of.
    """

    moves: dict[str, list[Move]] = field(default_factory=dict)
    merged: dict[str, Move] = field(default_factory=dict)
    absorbed: dict[str, list[str]] = field(default_factory=dict)
    minted: dict[str, Decision] = field(default_factory=dict)
    subjects: dict[str, Subject] = field(default_factory=dict)

    def resolve(self, entity_id: str) -> str:
        """The id that an id leads to: merged ones to what they were merged into."""
        while move := self.merged.get(entity_id):
            entity_id = move.to
        return entity_id

    def sources(self, entity_id: str) -> Iterator[str]:
        """The id itself, and all that were merged into it."""
        yield entity_id
        for absorbed in self.absorbed.get(entity_id, ()):
            yield from self.sources(absorbed)

    def path(self, key: str, entity_id: str, number: int = 0) -> Iterator[str]:
        """The ids that a key passes from one on, by the decisions after a number."""
        yield entity_id
        while move := self._next(key, entity_id, number):
            number, entity_id = move.decision.number, move.to
            yield entity_id

    def end(self, key: str, entity_id: str, number: int = 0) -> str:
        """Where that path ends."""
        *_, last = self.path(key, entity_id, number)
        return last

    def merge(self, decision: Decision, act: Merge) -> None:
        """Add a merge while they are still being made."""
        self.merged[act.entity] = Move(decision, act.into, None)
        self.moves.setdefault(act.entity, []).append(self.merged[act.entity])
        self.absorbed.setdefault(act.into, []).append(act.entity)

    def split(self, decision: Decision, act: Split) -> str:
        """Add a split while they are still being made; what it made."""
        new = decision.minted or act.entity
        keys = frozenset(key_of(act.entity, name) for name in act.names)
        self.moves.setdefault(act.entity, []).append(Move(decision, new, keys))
        self.minted[new] = decision
        return new

    def _next(self, key: str, entity_id: str, number: int) -> Move | None:
        moves = self.moves.get(entity_id, ())
        return next((move for move in moves if move.decision.number > number and move.takes(key)), None)


def key_of(entity_id: str, name: str) -> str:
    """The key of what a split takes off: of a name, however it is written; of an article, its id."""
    return name if is_story(entity_id) else fold(name)
