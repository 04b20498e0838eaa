"""What the decisions that stand make of names. Pure.

Decisions take effect in the order of their numbers, so a name goes from the entity it is born as to the one it is
shown as by the moves that were decided one after the other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from indexer.decisions.decision import Alias, Decision, Hide, Merge, Retype, Split, Subject, Undo
from nlp.keys import fold
from nlp.mention import EntityType


class Move(NamedTuple):
    """A standing decision that makes names of one entity another's: those with some keys, or all (None)."""

    decision: Decision
    to: str
    keys: frozenset[str] | None

    def takes(self, key: str) -> bool:
        return self.keys is None or key in self.keys


@dataclass(frozen=True, slots=True)
class Rulings:
    """The effect of the decisions that stand, as `replay` made it; nobody changes it.

    `moves` are merges and splits by the entity that loses names, `aliases` by key, everything else by entity.
    """

    moves: dict[str, list[Move]] = field(default_factory=dict)
    merged: dict[str, Move] = field(default_factory=dict)
    absorbed: dict[str, list[str]] = field(default_factory=dict)
    aliases: dict[str, Decision] = field(default_factory=dict)
    surfaces: dict[str, list[str]] = field(default_factory=dict)
    minted: dict[str, Decision] = field(default_factory=dict)
    hidden: dict[str, Decision] = field(default_factory=dict)
    retyped: dict[str, Decision] = field(default_factory=dict)
    types: dict[str, EntityType] = field(default_factory=dict)
    subjects: dict[str, Subject] = field(default_factory=dict)

    def resolve(self, entity_id: str) -> str:
        """The id that an id leads to: merged ones to what they were merged into."""
        while move := self.merged.get(entity_id):
            entity_id = move.to
        return entity_id

    def place(self, key: str, born: str) -> str:
        """The id of the entity that a key, `born` as one, is shown as."""
        number, entity_id = 0, born
        if alias := self.aliases.get(key):
            number, entity_id = alias.number, _entity_of(alias)
        while move := self._next(key, entity_id, number):
            number, entity_id = move.decision.number, move.to
        return entity_id

    def sources(self, entity_id: str) -> Iterator[str]:
        """The id itself, and all that were merged into it."""
        yield entity_id
        for absorbed in self.absorbed.get(entity_id, ()):
            yield from self.sources(absorbed)

    def _next(self, key: str, entity_id: str, number: int) -> Move | None:
        moves = self.moves.get(entity_id, ())
        return next((move for move in moves if move.decision.number > number and move.takes(key)), None)


def standing(decisions: Sequence[Decision]) -> list[Decision]:
    """The decisions that stand, in order: neither undone nor an undo. An undo that is undone undoes nothing."""
    undone: set[int] = set()
    kept = []
    for decision in reversed(decisions):
        if decision.number in undone:
            continue
        if isinstance(decision.act, Undo):
            undone.add(decision.act.number)
        else:
            kept.append(decision)
    return kept[::-1]


def replay(decisions: Sequence[Decision]) -> Rulings:
    """The effect of the decisions of a newsroom, all of them from the first."""
    rulings = Rulings()
    for decision in standing(decisions):
        take(rulings, decision)
    return rulings


def take(rulings: Rulings, decision: Decision) -> None:
    """Add the effect of one decision more to rulings that are still being made."""
    rulings.subjects.update({subject.id: subject for subject in decision.subjects})
    match decision.act:
        case Merge(entity, into):
            rulings.merged[entity] = Move(decision, into, None)
            rulings.moves.setdefault(entity, []).append(rulings.merged[entity])
            rulings.absorbed.setdefault(into, []).append(entity)
        case Split(entity, names):
            new = decision.minted or entity
            rulings.moves.setdefault(entity, []).append(Move(decision, new, frozenset(map(fold, names))))
            rulings.minted[new] = decision
            rulings.surfaces[new] = list(names)
        case Alias(entity, surface):
            rulings.aliases[fold(surface)] = decision
            rulings.surfaces.setdefault(entity, []).append(surface)
        case Hide(entity):
            rulings.hidden[entity] = decision
        case Retype(entity, type_):
            rulings.retyped[entity] = decision
            rulings.types[entity] = type_


def _entity_of(alias: Decision) -> str:
    return alias.act.entity if isinstance(alias.act, Alias) else ""
