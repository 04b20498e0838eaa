"""The closed syntax tree of a query. Parsed once, compiled per store by pure functions."""

from dataclasses import dataclass
from typing import Literal

from indexer.times import Millis, to_text

FieldName = Literal[
    "title", "section", "source", "author", "label", "language", "person", "organisation", "place", "entity"
]
"""What a part of a query can be looked for in alone. `entity`: names of any type."""

WRITTEN: dict[FieldName, str] = {"language": "lang", "organisation": "org"}
"""How a field is written in a query where that is not its name."""


@dataclass(frozen=True, slots=True)
class Text:
    """One word as typed. If analysis makes several tokens of it ("covid-19"), they must stand together."""

    word: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that must stand together, in this order; with `slop`, at most so many moves of a word away from that."""

    text: str
    slop: int = 0


@dataclass(frozen=True, slots=True)
class Prefix:
    """How a word begins, before stemming. If analysis makes several tokens of it, all but the last are whole words."""

    text: str


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """A word with at most one letter added, left out, changed or swapped with the next; its first letter is right."""

    word: str


Leaf = Text | Phrase | Prefix | Fuzzy


@dataclass(frozen=True, slots=True)
class Field:
    """A leaf in one field. Fields other than the title are not stemmed."""

    name: FieldName
    part: Leaf


@dataclass(frozen=True, slots=True)
class InStory:
    """The articles of a story, by its id."""

    story: str


@dataclass(frozen=True, slots=True)
class Named:
    """The articles that name an entity, by its id."""

    id: str


@dataclass(frozen=True, slots=True)
class Range:
    """Ranked in a half-open span; at least one end is given."""

    start: Millis | None
    end: Millis | None


@dataclass(frozen=True, slots=True)
class And:
    """All of the parts (two or more)."""

    parts: "tuple[Query, ...]"


@dataclass(frozen=True, slots=True)
class Or:
    """Any of the parts (two or more)."""

    parts: "tuple[Query, ...]"


@dataclass(frozen=True, slots=True)
class Not:
    """Everything that the part does not match."""

    part: "Query"


@dataclass(frozen=True, slots=True)
class All:
    """Every article."""


Query = Text | Phrase | Prefix | Fuzzy | Field | Named | InStory | Range | And | Or | Not | All


def is_condition(query: Query) -> bool:
    """A field, a date or a minus limits what is found, however many of the words count."""
    match query:
        case And(parts) | Or(parts):
            return all(map(is_condition, parts))
        case _:
            return isinstance(query, Not | Field | Named | InStory | Range)


def unparse(query: Query) -> str:
    """Write a query so that parsing it gives the same tree: what `read_as` shows."""
    match query:
        case And(parts):
            return " AND ".join(map(_bracketed, parts))
        case Or(parts):
            return " OR ".join(map(_bracketed, parts))
        case Not(part):
            return f"NOT ({unparse(part)})" if isinstance(part, Not) else f"NOT {_bracketed(part)}"
        case All():
            return ""
        case _:
            return _written(query)


def _written(query: Leaf | Field | Named | InStory | Range) -> str:
    match query:
        case Field(name, part):
            return f"{WRITTEN.get(name, name)}:{_leaf(part)}"
        case Named(entity_id):
            return f"entity:{entity_id}"
        case InStory(story):
            return f'story:"{story}"'
        case Range():
            return _range(query)
        case _:
            return _leaf(query)


def _leaf(leaf: Leaf) -> str:
    match leaf:
        case Text(word):
            return word
        case Phrase(text, slop):
            return f'"{text}"~{slop}' if slop else f'"{text}"'
        case Prefix(text):
            return f"{text}*"
        case Fuzzy(word):
            return f"{word}~"


def _range(span: Range) -> str:
    if span.start is not None and span.end is not None:
        return f"published:{_moment(span.start)}..{_moment(span.end)}"
    return f"after:{_moment(span.start)}" if span.start is not None else f"before:{_moment(span.end or 0)}"


def _moment(moment: Millis) -> str:
    """RFC 3339 without the seconds, where they are none."""
    return to_text(moment).replace(":00.000Z", "Z")


def _bracketed(query: Query) -> str:
    return f"({unparse(query)})" if isinstance(query, And | Or) else unparse(query)
