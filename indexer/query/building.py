"""The tree of a query, from the bottom up. Pure.

None is a part that says nothing: it is left out wherever it stands.
"""

from collections.abc import Mapping
from typing import Final, Literal, cast, get_args

from lark import Token, Transformer, v_args

from indexer.query.ast import (
    And,
    Field,
    FieldName,
    Fuzzy,
    InStory,
    Named,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Text,
    is_condition,
)
from indexer.query.leaves import says_something
from nlp.keys import slug

Match = Literal["all", "any"]

_STORY: Final = "story"
_FIELDS: Final[Mapping[str, FieldName]] = {name: name for name in get_args(FieldName)} | {
    "lang": "language",
    "org": "organisation",
    "organization": "organisation",
}
_OTHER: Final = "other:"


@v_args(inline=True)
class Builder(Transformer[Token, "Query | None"]):
    """What stands side by side is joined by AND (`all`) or OR (`any`). The tokens carry their leaves."""

    def __init__(self, match: Match) -> None:
        super().__init__()
        self._match = match

    def leaf(self, token: Token) -> Query | None:
        return cast("Query | None", token.value)

    def operand(self, *signs_and_part: "Token | Query | None") -> Query | None:
        """A part with NOT, minus and fields before it, in any order. Two of NOT are none."""
        *signs, part = signs_and_part
        if part is None or isinstance(part, Token):
            return None
        fields = [sign for sign in signs if isinstance(sign, Token) and sign.type == "FIELD"]
        for field in reversed(fields):
            name = field[:-1].lower()
            part = in_stories(part) if name == _STORY else within(_FIELDS[name], part)
        return Not(part) if (len(signs) - len(fields)) % 2 else part

    def beside(self, *parts: Query | None) -> tuple[Query, ...]:
        present = tuple(part for part in parts if part is not None)
        return present if self._match == "all" else _some(present)

    def all(self, *groups: tuple[Query, ...]) -> Query | None:
        return _joined(And, tuple(part for group in groups for part in group))

    def any(self, *parts: Query | None) -> Query | None:
        return _joined(Or, tuple(part for part in parts if part is not None))


def within(name: FieldName, part: Query) -> Query:
    """The part looked for in a field, but for what is in a field of its own. `entity:` before an id names an entity."""
    match part:
        case And(parts) | Or(parts):
            return type(part)(tuple(within(name, inner) for inner in parts))
        case Not(inner):
            return Not(within(name, inner))
        case Field("person" | "organisation" | "place" as kind, Text(word)) if name == "entity":
            return Named(f"{kind}:{slug(word)}")
        case Text(word) if name == "entity" and word.lower().startswith(_OTHER) and says_something(word[len(_OTHER) :]):
            return Named(_OTHER + slug(word[len(_OTHER) :]))
        case Text() | Phrase() | Prefix() | Fuzzy():
            return Field(name, part)
        case _:
            return part


def in_stories(part: Query) -> Query:
    """Every word or phrase taken for the id of a story; what is in a field of its own stays."""
    match part:
        case And(parts) | Or(parts):
            return type(part)(tuple(map(in_stories, parts)))
        case Not(inner):
            return Not(in_stories(inner))
        case Text(text) | Fuzzy(text) | Phrase(text) | Prefix(text):
            return InStory(text)
        case _:
            return part


def _some(parts: tuple[Query, ...]) -> tuple[Query, ...]:
    """Any of the words, and all that is said beside them."""
    words = _joined(Or, tuple(part for part in parts if not is_condition(part)))
    conditions = tuple(part for part in parts if is_condition(part))
    return conditions if words is None else (words, *conditions)


def _joined(kind: type[And] | type[Or], parts: tuple[Query, ...]) -> Query | None:
    if len(parts) > 1:
        return kind(parts)
    return parts[0] if parts else None
