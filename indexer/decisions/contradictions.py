"""Which decisions stand in the way of another. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

from indexer.decisions.decision import Act, Alias, Decision, Merge, Retype, Split, Undo, is_story
from indexer.decisions.moves import key_of
from indexer.decisions.rulings import Rulings, replay, standing, take
from nlp.keys import fold


class Contradiction(NamedTuple):
    """The standing decision in the way, and a sentence that says why."""

    decision: Decision
    reason: str


def contradiction(decisions: Sequence[Decision], act: Act) -> Contradiction | None:
    """What is in the way of an act after these decisions; None if nothing is."""
    if isinstance(act, Undo):
        return _undone_already(decisions, act.number) or _built_upon(decisions, act.number)
    return _objection(replay(decisions), _minted(decisions), act)


def entities_of(act: Act) -> tuple[str, ...]:
    """The ids that an act names."""
    match act:
        case Merge(entity, into):
            return entity, into
        case Undo():
            return ()
        case _:
            return (act.entity,)


def _undone_already(decisions: Sequence[Decision], number: int) -> Contradiction | None:
    undoing = (decision for decision in _standing_undos(decisions) if decision.act == Undo(number))
    return next((Contradiction(one, f"Decision {number} is undone already.") for one in undoing), None)


def _standing_undos(decisions: Sequence[Decision]) -> list[Decision]:
    undos: dict[int, Decision] = {}
    undone: set[int] = set()
    for decision in reversed(decisions):
        if isinstance(decision.act, Undo) and decision.number not in undone:
            undone.add(decision.act.number)
            undos[decision.number] = decision
    return list(undos.values())


def _built_upon(decisions: Sequence[Decision], number: int) -> Contradiction | None:
    """The first decision that would not have been possible if one did not stand, or stood again."""
    undo = Decision(len(decisions) + 1, 0, "", "", Undo(number))
    minted = _minted(decisions)
    rulings = Rulings()
    for decision in standing([*decisions, undo]):
        if _objection(rulings, minted, decision.act):
            return Contradiction(decision, f"Decision {decision.number} builds on how things are now: undo it first.")
        take(rulings, decision)
    return None


def _minted(decisions: Sequence[Decision]) -> dict[str, Decision]:
    """The splits by the entities they made, whether they stand or not."""
    return {decision.minted: decision for decision in decisions if decision.minted}


def _objection(rulings: Rulings, minted: dict[str, Decision], act: Act) -> Contradiction | None:
    for entity_id in entities_of(act):
        if gone := _gone(rulings, minted, entity_id):
            return gone
    match act:
        case Alias(_, surface):
            return _taken(rulings, surface)
        case Split(entity, names):
            return next(filter(None, (_not_of(rulings, entity, name) for name in names)), None)
        case Retype(entity, type_) if rulings.types.get(entity) == type_:
            return Contradiction(rulings.retyped[entity], f"{entity} is of the type {type_} already.")
        case _:
            return None


def _gone(rulings: Rulings, minted: dict[str, Decision], entity_id: str) -> Contradiction | None:
    """Nothing can be decided about what is merged, hidden or no longer split off."""
    moves = rulings.of(entity_id)
    if move := moves.merged.get(entity_id):
        return Contradiction(move.decision, f"{entity_id} is merged into {move.to}.")
    if hiding := rulings.hidden.get(entity_id):
        return Contradiction(hiding, f"{entity_id} is hidden.")
    if entity_id in minted and entity_id not in moves.minted:
        return Contradiction(minted[entity_id], f"The split that made {entity_id} does not stand.")
    return None


def _taken(rulings: Rulings, surface: str) -> Contradiction | None:
    """A form means one entity by decision, once."""
    key = fold(surface)
    if alias := rulings.aliases.get(key):
        return Contradiction(alias, f"{surface!r} is a name of {rulings.place(key, '')} already.")
    splits = (move for moves in rulings.moves.values() for move in moves if move.keys and key in move.keys)
    return next((Contradiction(one.decision, f"{surface!r} was split off as {one.to}.") for one in splits), None)


def _not_of(rulings: Rulings, entity: str, name: str) -> Contradiction | None:
    """What by a decision is of another entity or story cannot be split off this one."""
    key, moves = key_of(entity, name), rulings.of(entity)
    place = moves.end(key, entity) if is_story(entity) else rulings.place(key, entity)
    if place == entity:
        return None
    splits = [move.decision for move in moves.moves.get(entity, ()) if move.takes(key)]
    is_of = "in" if is_story(entity) else "a name of"
    return Contradiction(splits[-1] if splits else rulings.aliases[key], f"{name!r} is {is_of} {place}.")
