"""What the decisions that stand make of names. Pure.

Decisions take effect in the order of their numbers, so a name goes from the entity it is born as to the one it is
shown as by the moves that were decided one after the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from indexer.decisions.decision import STORY, Alias, Decision, Hide, Merge, Retype, Split, Undo, is_story
from indexer.decisions.moves import Moves
from indexer.decisions.stories import Stories
from nlp.keys import fold
from nlp.mention import EntityType


@dataclass(frozen=True, slots=True)
class Rulings(Moves):
    """The effect of the decisions that stand, as `replay` made it; nobody changes it.

    `aliases` are by key, everything else by entity. What is decided about stories is in `stories` alone.
    """

    aliases: dict[str, Decision] = field(default_factory=dict)
    surfaces: dict[str, list[str]] = field(default_factory=dict)
    hidden: dict[str, Decision] = field(default_factory=dict)
    retyped: dict[str, Decision] = field(default_factory=dict)
    types: dict[str, EntityType] = field(default_factory=dict)
    stories: Stories = field(default_factory=Stories)

    def resolve(self, entity_id: str) -> str:
        """The id that an id leads to, of an entity or a story."""
        if is_story(entity_id):
            return f"{STORY}{self.stories.leads_to(entity_id.removeprefix(STORY))}"
        return Moves.resolve(self, entity_id)

    def of(self, entity_id: str) -> Moves:
        """The merges and splits among ids of the same sort."""
        return self.stories if is_story(entity_id) else self

    def place(self, key: str, born: str) -> str:
        """The id of the entity that a key, `born` as one, is shown as."""
        alias = self.aliases.get(key)
        return self.end(key, _entity_of(alias), alias.number) if alias else self.end(key, born)


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
    made = [(decision.minted, decision.act.entity) for decision in decisions if isinstance(decision.act, Split)]
    gone = {new: old for new, old in made if new and is_story(old) and new not in rulings.stories.minted}
    rulings.stories.fallen.update(gone)
    return rulings


def take(rulings: Rulings, decision: Decision) -> None:
    """Add the effect of one decision more to rulings that are still being made."""
    match decision.act:
        case Merge(entity) as act:
            rulings.of(entity).merge(decision, act)
        case Split(entity, names) as act:
            new = rulings.of(entity).split(decision, act)
            if not is_story(entity):
                rulings.surfaces[new] = list(names)
        case Alias(entity, surface):
            rulings.aliases[fold(surface)] = decision
            rulings.surfaces.setdefault(entity, []).append(surface)
        case Hide(entity):
            rulings.hidden[entity] = decision
        case Retype(entity, type_):
            rulings.retyped[entity] = decision
            rulings.types[entity] = type_
    for subject in decision.subjects:
        rulings.of(subject.id).subjects[subject.id] = subject


def _entity_of(alias: Decision) -> str:
    return alias.act.entity if isinstance(alias.act, Alias) else ""
