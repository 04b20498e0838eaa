"""The names in a query: where one is known, what names its entity by any other name is found as well. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Final, Protocol, TypeVar

from indexer.query.ast import And, Field, InStory, Named, Not, Or, Phrase, Query, Text
from indexer.query.building import Match
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


def understood(query: Query, lookup: Lookup, match: Match = "all") -> Understanding:
    """The query with every name in it widened to the entity, but for what is excluded.

    Words that are joined as words side by side are (by AND, or with `match="any"` by OR) and are a name together are
    taken as one, the longest name first. In a field for entities, a name is that of an entity of this type.
    """
    widening = _Widening(lookup, And if match == "all" else Or)
    entity = widening.of_all(query)
    return Understanding(widening.widened(query), entity.id if entity else None)


def followed(query: Query, entity: Callable[[str], str], story: Callable[[str], str]) -> Query:
    """The query with every id of an entity or a story as what it leads to."""
    match query:
        case And(parts) | Or(parts):
            return type(query)(tuple(followed(part, entity, story) for part in parts))
        case Not(part):
            return Not(followed(part, entity, story))
        case Named(entity_id):
            return Named(entity(entity_id))
        case InStory(story_id):
            return InStory(story(story_id))
        case _:
            return query


_Group = tuple[Sequence[Query], Entity | None]


@dataclass(frozen=True, slots=True)
class _Widening:
    """`beside` is how words that stand side by side are joined."""

    lookup: Lookup
    beside: type[And] | type[Or]

    def of_all(self, query: Query) -> Entity | None:
        if not isinstance(query, And | Or):
            return _of_part(query, self.lookup)
        length, entity = self._first_name(query.parts, self._longest(query))
        return entity if length == len(query.parts) else None

    def widened(self, query: Query) -> Query:
        match query:
            case And():
                return _joined(And, [self._either(_joined(And, group), named) for group, named in self._groups(query)])
            case Or():
                return Or(tuple(self._flat(query)))
            case _:
                return self._either(query, _of_part(query, self.lookup))

    def _either(self, part: Query, entity: Entity | None) -> Query:
        if entity:
            return Or((part, Named(entity.id)))
        return self.widened(part) if isinstance(part, And | Or) else part

    def _flat(self, query: Or) -> Iterator[Query]:
        for group, entity in self._groups(query):
            yield from (group if entity else (self._either(part, None) for part in group))
            if entity:
                yield Named(entity.id)

    def _groups(self, query: And | Or) -> Iterator[_Group]:
        """The parts in order, words that are a name together as one group."""
        parts: Sequence[Query] = query.parts
        while parts:
            length, entity = self._first_name(parts, self._longest(query))
            yield parts[:length], entity
            parts = parts[length:]

    def _longest(self, query: And | Or) -> int:
        """Of how many parts a name can consist."""
        return LONGEST_NAME if isinstance(query, self.beside) else 1

    def _first_name(self, parts: Sequence[Query], longest: int) -> tuple[int, Entity | None]:
        """How many of the first parts are the longest name, and of what; one part if they are none."""
        words = [part.word for part in takewhile(_is_word, parts[:longest]) if isinstance(part, Text)]
        for length in range(len(words), 1, -1):
            entity = _known(" ".join(words[:length]), self.lookup)
            if entity:
                return length, entity
        return 1, _of_part(parts[0], self.lookup)


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
