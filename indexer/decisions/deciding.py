"""Taking a decision: it is judged by all before it, and gets the next number that nobody else took."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, count
from threading import Lock
from typing import TypeGuard, get_args

from indexer.catalogue.catalogue import Catalogue
from indexer.decisions.contradictions import contradiction, entities_of
from indexer.decisions.decision import (
    STORY,
    Act,
    Alias,
    Decision,
    Merge,
    Retype,
    Split,
    Subject,
    Undo,
    from_json,
    is_story,
    to_json,
)
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
    names = named(catalogue, taken)
    subjects = tuple(_subjects(store, names, act))
    if isinstance(act, Split):
        if is_story(act.entity):
            _check_articles(store, names, act)
        subjects = (*subjects, _minted(store, names, taken, act))
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
    ("Nothing can be merged into itself.", lambda act: isinstance(act, Merge) and act.entity == act.into),
    (
        "A story can be merged into a story only, and an entity into an entity.",
        lambda act: isinstance(act, Merge) and is_story(act.entity) != is_story(act.into),
    ),
    (
        "A story has neither names nor a type: it can be merged, and split by the ids of articles.",
        lambda act: _is_about_a_story(act) and not isinstance(act, Merge | Split),
    ),
    (
        "A split of a story says which articles go, by their ids.",
        lambda act: isinstance(act, Split) and _is_about_a_story(act) and not all(act.names or [""]),
    ),
    (
        "A split says which names go, and the name of what they go to.",
        lambda act: _is_split_of_names(act) and not (act.names and all(map(fold, act.names)) and fold(act.new_name)),
    ),
    ("An alias is a name.", lambda act: isinstance(act, Alias) and not fold(act.surface)),
    (
        f"The types are {', '.join(get_args(EntityType))}.",
        lambda act: (_is_split_of_names(act) or isinstance(act, Retype)) and act.type not in get_args(EntityType),
    ),
)


def _is_about_a_story(act: Act) -> bool:
    return any(map(is_story, entities_of(act)))


def _is_split_of_names(act: Act) -> TypeGuard[Split]:
    return isinstance(act, Split) and not is_story(act.entity)


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
            raise UnknownEntity(f"There is no {'story' if is_story(entity_id) else 'entity'} {entity_id!r}.")
        yield subject


def _check_articles(store: Store, names: Names, split: Split) -> None:
    """UnknownEntity for articles that are not in a story that shall be split."""
    for article_id, article in zip(split.names, store.get(split.names), strict=True):
        if article is None or f"{STORY}{names.story(article)}" != split.entity:
            raise UnknownEntity(f"There is no article {article_id!r} in {split.entity}.")


def _minted(store: Store, names: Names, taken: Sequence[Decision], split: Split) -> Subject:
    """What a split makes. Its id says its name, of a story its first article, and that of a taken one a number too."""
    made = _made(store, split)
    spoken_of = {subject.id for decision in taken for subject in decision.subjects}
    ids = chain([made.id], (f"{made.id}-{number}" for number in count(len(taken) + 1)))
    return replace(made, id=next(one for one in ids if one not in spoken_of and _find(store, names, one) is None))


def _made(store: Store, split: Split) -> Subject:
    if is_story(split.entity):
        (first,) = store.get(split.names[:1])
        return Subject(f"{STORY}{split.names[0]}", first.title if first else "", "story")
    assert split.type  # noqa: S101 - `_check` has seen to it
    return Subject(f"{split.type}:{slug(split.new_name)}", split.new_name, split.type)


def _find(store: Store, names: Names, entity_id: str) -> Subject | None:
    """What is known of something by the catalogue, by decisions or by the newest article about it, or in it."""
    if is_story(entity_id):
        return names.rulings.stories.subjects.get(entity_id) or _find_story(store, entity_id)
    if entry := names.get(entity_id):
        return Subject(entry.id, entry.name, entry.type, entry.short)
    hits = store.search(Request(Selection(filters={"entity": (entity_id,)}), size=1)).hits
    shown = (entity for hit in hits for entity in hit.article.entities if entity.id == entity_id)
    return next((Subject(one.id, one.name, one.type, one.short) for one in shown), None)


def _find_story(store: Store, entity_id: str) -> Subject | None:
    """A story by the title of its newest article."""
    hits = store.search(Request(Selection(filters={"story": (entity_id.removeprefix(STORY),)}), size=1)).hits
    return next((Subject(entity_id, hit.article.title, "story") for hit in hits), None)
