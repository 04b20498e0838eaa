"""The closed syntax tree of a query. Parsed once, compiled per store by pure functions."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """One word as typed. If analysis makes several tokens of it ("covid-19"), they must stand together."""

    word: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that must stand together, in this order."""

    text: str


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


Query = Text | Phrase | And | Or | Not | All


def unparse(query: Query) -> str:
    """Write a query so that parsing it gives the same tree: what `read_as` shows."""
    match query:
        case Text(word):
            return word
        case Phrase(text):
            return f'"{text}"'
        case And(parts):
            return " AND ".join(_bracketed(part) for part in parts)
        case Or(parts):
            return " OR ".join(_bracketed(part) for part in parts)
        case Not(part):
            return f"NOT ({unparse(part)})" if isinstance(part, Not) else f"NOT {_bracketed(part)}"
        case All():
            return ""


def _bracketed(query: Query) -> str:
    return f"({unparse(query)})" if isinstance(query, And | Or) else unparse(query)
