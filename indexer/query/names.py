"""The names in a query: where one is known, what names its entity by any other name is found as well. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Final, Protocol, TypeVar

from indexer.query.ast import And, Field, Named, Or, Phrase, Query, Text
from indexer.query.stopwords import STOP_WORDS
from nlp.keys import fold
from nlp.mention import EntityType

LONGEST_NAME: Final = 8
"""Words of the longest name that is looked up where it is written without quotes."""


class Entity(Protocol):
    """What a name stands for."""

    @property
    def id(self) -> str: ...

    @property
    def type(self) -> EntityType: ...


Lookup = Callable[[str], Entity | None]
"""The entity that a name stands for, if it is known."""


@dataclass(frozen=True, slots=True)
class Understanding:
    """A query that finds all that the one asked finds. `entity_id`: what the whole query is a name of."""

    query: Query
    entity_id: str | None


def understood(query: Query, lookup: Lookup) -> Understanding:
    """The query with every name in it widened to the entity, but for what is excluded.

    Words side by side that are a name together are taken as one, the longest name first. In a field for entities,
    a name is that of an entity of this type.
    """
    entity = _of_all(query, lookup)
    return Understanding(_widened(query, lookup), entity.id if entity else None)


def _of_all(query: Query, lookup: Lookup) -> Entity | None:
    match query:
        case And(parts) | Or(parts):
            length, entity = _first_name(parts, lookup)
            return entity if length == len(parts) else None
        case _:
            return _of_part(query, lookup)


def _widened(query: Query, lookup: Lookup) -> Query:
    match query:
        case And(parts):
            together = [_either(_joined(And, group), entity, lookup) for group, entity in _groups(parts, lookup)]
            return _joined(And, together)
        case Or(parts):
            return Or(tuple(_flat(_groups(parts, lookup), lookup)))
        case _:
            return _either(query, _of_part(query, lookup), lookup)


def _either(part: Query, entity: Entity | None, lookup: Lookup) -> Query:
    if entity:
        return Or((part, Named(entity.id)))
    return _widened(part, lookup) if isinstance(part, And | Or) else part


_Group = tuple[Sequence[Query], Entity | None]


def _flat(groups: Iterator[_Group], lookup: Lookup) -> Iterator[Query]:
    for group, entity in groups:
        yield from (group if entity else (_either(part, None, lookup) for part in group))
        if entity:
            yield Named(entity.id)


def _groups(parts: Sequence[Query], lookup: Lookup) -> Iterator[_Group]:
    """The parts in order, words that are a name together as one group."""
    while parts:
        length, entity = _first_name(parts, lookup)
        yield parts[:length], entity
        parts = parts[length:]


def _first_name(parts: Sequence[Query], lookup: Lookup) -> tuple[int, Entity | None]:
    """How many of the first parts are the longest name, and of what; one part if they are none."""
    words = [part.word for part in takewhile(_is_word, parts[:LONGEST_NAME]) if isinstance(part, Text)]
    for length in range(len(words), 1, -1):
        entity = _known(" ".join(words[:length]), lookup)
        if entity:
            return length, entity
    return 1, _of_part(parts[0], lookup)


def _is_word(part: Query) -> bool:
    return isinstance(part, Text)


def _of_part(part: Query, lookup: Lookup) -> Entity | None:
    match part:
        case Text(text) | Phrase(text, 0):
            return _known(text, lookup)
        case Field("person" | "organisation" | "place" | "entity" as name, Text(text) | Phrase(text, 0)):
            entity = lookup(text)
            return entity if entity and name in {"entity", entity.type} else None
        case _:
            return None


def _known(text: str, lookup: Lookup) -> Entity | None:
    """The entity of a name. "us" and "who" are names only in capitals."""
    key = fold(text)
    if key in STOP_WORDS and not any(word[: len(key)].isupper() for word in text.split() if fold(word) == key):
        return None
    return lookup(text)


_Kind = TypeVar("_Kind", And, Or)


def _joined(kind: type[_Kind], parts: Sequence[Query]) -> Query:
    return kind(tuple(parts)) if len(parts) > 1 else parts[0]
