"""Taking a decision: it is judged by all before it, and gets the next number that nobody else took."""

from collections.abc import Callable, Iterator, Sequence
from threading import Lock
from typing import get_args

from indexer.catalogue.catalogue import Catalogue
from indexer.decisions.contradictions import contradiction, entities_of
from indexer.decisions.decision import Act, Alias, Decision, Merge, Retype, Split, Subject, Undo, from_json, to_json
from indexer.decisions.names import Names
from indexer.decisions.rulings import replay
from indexer.errors import DecisionConflict, InvalidDecision, UnknownEntity
from indexer.store.port import Request, Selection, Store
from indexer.times import Millis, to_text
from nlp.keys import fold, slug
from nlp.mention import EntityType

KIND = "decision"
"""The records that decisions are kept as."""


def decisions(store: Store, *, after: int = 0) -> list[Decision]:
    """The decisions of a newsroom after a number, in their order. StoreError."""
    records = store.records(KIND, after=_record_id(after))
    return [from_json(records[record_id]) for record_id in sorted(records)]


def decide(store: Store, catalogue: Catalogue, act: Act, *, who: str, why: str, now: Millis) -> Decision:
    """Take a decision. Of two at the same moment the second is judged again, with the first before it.

    InvalidDecision, UnknownEntity, DecisionConflict, StoreError.
    """
    if not who.strip() or not why.strip():
        raise InvalidDecision("A decision says who takes it and why.")
    taken = decisions(store)
    while True:
        decision = Decision(len(taken) + 1, now, who.strip(), why.strip(), act)
        decision = judged(store, catalogue, taken, decision)
        if store.put_record(KIND, _record_id(decision.number), to_json(decision), only_new=True):
            return decision
        taken += decisions(store, after=len(taken))


def judged(store: Store, catalogue: Catalogue, taken: Sequence[Decision], decision: Decision) -> Decision:
    """The decision with its subjects, if it makes sense after those taken. The errors are those of `decide`."""
    act = decision.act
    _check(act)
    if isinstance(act, Undo) and not 0 < act.number <= len(taken):
        raise InvalidDecision(f"There is no decision {act.number}.")
    if found := contradiction(taken, act):
        standing = found.decision
        raise DecisionConflict(
            f"{found.reason} (Decision {standing.number} of {standing.who}, {to_text(standing.at)})",
            standing.number, standing.who, standing.at, standing.why,
        )  # fmt: skip
    subjects = tuple(_subjects(store, named(catalogue, taken), act))
    if isinstance(act, Split):
        subjects = (*subjects, _minted(store, catalogue, taken, act))
    if isinstance(act, Retype) and subjects[0].type == act.type:
        raise InvalidDecision(f"{act.entity} is of the type {act.type} already.")
    return Decision(decision.number, decision.at, decision.who, decision.why, act, subjects)


class NewestNames:
    """The names after the newest decisions. Asking again reads only what was decided meanwhile."""

    def __init__(self, store: Store, catalogue: Catalogue, *, demonyms: bool = True) -> None:
        self._store = store
        self._decisions: list[Decision] = []
        self._names = Names(catalogue, demonyms=demonyms)
        self._lock = Lock()

    def __call__(self) -> Names:
        """The names as of now. StoreError."""
        with self._lock:
            if newer := decisions(self._store, after=self._names.number):
                self._decisions += newer
                self._names = named(self._names.catalogue, self._decisions, demonyms=self._names.demonyms)
            return self._names


def named(catalogue: Catalogue, taken: Sequence[Decision], *, demonyms: bool = True) -> Names:
    """The names after some decisions."""
    return Names(catalogue, replay(taken), len(taken), demonyms=demonyms)


_PROBLEMS: tuple[tuple[str, Callable[[Act], bool]], ...] = (
    ("An entity cannot be merged into itself.", lambda act: isinstance(act, Merge) and act.entity == act.into),
    (
        "A split says which names go, and the name of what they go to.",
        lambda act: isinstance(act, Split) and not (act.names and all(map(fold, act.names)) and fold(act.new_name)),
    ),
    ("An alias is a name.", lambda act: isinstance(act, Alias) and not fold(act.surface)),
    (
        f"The types are {', '.join(get_args(EntityType))}.",
        lambda act: isinstance(act, Split | Retype) and act.type not in get_args(EntityType),
    ),
)


def _check(act: Act) -> None:
    """InvalidDecision for what nobody can have meant, whatever was decided before."""
    for problem, wrong in _PROBLEMS:
        if wrong(act):
            raise InvalidDecision(problem)


def _record_id(number: int) -> str:
    return f"{number:08d}"


def _subjects(store: Store, names: Names, act: Act) -> Iterator[Subject]:
    for entity_id in entities_of(act):
        subject = _find(store, names, entity_id)
        if subject is None:
            raise UnknownEntity(f"There is no entity {entity_id!r}.")
        yield subject


def _minted(store: Store, catalogue: Catalogue, taken: Sequence[Decision], split: Split) -> Subject:
    """The entity that a split makes: its id says its name, and the number of the decision where that id is taken."""
    plain = f"{split.type}:{slug(split.new_name)}"
    spoken_of = any(subject.id == plain for decision in taken for subject in decision.subjects)
    free = not spoken_of and _find(store, named(catalogue, taken), plain) is None
    return Subject(plain if free else f"{plain}-{len(taken) + 1}", split.new_name, split.type)


def _find(store: Store, names: Names, entity_id: str) -> Subject | None:
    """What is known of an entity by the catalogue, by decisions or by the newest article about it."""
    if entry := names.get(entity_id):
        return Subject(entry.id, entry.name, entry.type, entry.short)
    hits = store.search(Request(Selection(filters={"entity": (entity_id,)}), size=1)).hits
    shown = (entity for hit in hits for entity in hit.article.entities if entity.id == entity_id)
    return next((Subject(one.id, one.name, one.type, one.short) for one in shown), None)
