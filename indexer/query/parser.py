"""The query language: words, "phrases", AND, OR, NOT, -word and brackets. `docs/query-language.md` is for editors."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Final, Literal, cast

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedInput, UnexpectedToken, v_args

from indexer.errors import InvalidQuery
from indexer.query.ast import All, And, Not, Or, Phrase, Query, Text, unparse
from indexer.query.tokens import terms

Match = Literal["all", "any"]

LONGEST: Final = 1_000
MOST_WORDS: Final = 250
DEEPEST: Final = 12
_OPERATORS: Final = {"AND", "OR", "NOT"}


@dataclass(frozen=True, slots=True)
class Reading:
    """How a text was understood: `read_as` is the query written out. `lenient`: the text has the `problem`, and the
    query is only its words and phrases.
    """

    query: Query
    read_as: str
    lenient: bool
    problem: InvalidQuery | None


def parse(text: str, *, match: Match = "all") -> Query:
    """The query that a text says. What stands side by side is joined by AND (`all`) or OR (`any`). InvalidQuery."""
    whole = _encodable(text)
    if not whole.strip():
        return All()
    _check_length(whole)
    try:
        parsed = cast("Query | None", _parser(match).parse(whole))
    except UnexpectedInput as error:
        raise _problem(error, whole) from None
    if parsed is None:
        raise InvalidQuery("there is no word in it to look for", 1)
    return parsed


def read(text: str, match: Match = "all") -> Reading:
    """`parse`, or where that fails the words and phrases in the text. Never raises."""
    try:
        query = parse(text, match=match)
    except InvalidQuery as problem:
        query = _leniently(_encodable(text)[:LONGEST], match)
        return Reading(query, unparse(query), lenient=True, problem=problem)
    return Reading(query, unparse(query), lenient=False, problem=None)


@v_args(inline=True)
class _Build(Transformer[Token, "Query | None"]):
    """Builds the tree from the bottom up. None is a word without a letter or digit: it cannot be looked for."""

    def __init__(self, match: Match) -> None:
        super().__init__()
        self._match = match

    def word(self, token: str) -> Query | None:
        return _word(token)

    def phrase(self, token: str) -> Query | None:
        return _phrase(token)

    def without(self, part: Query | None) -> Query | None:
        return None if part is None else Not(part)

    def beside(self, *parts: Query | None) -> tuple[Query, ...]:
        present = tuple(part for part in parts if part is not None)
        return present if self._match == "all" else _some(present)

    def all(self, *groups: tuple[Query, ...]) -> Query | None:
        return _joined(And, tuple(part for group in groups for part in group))

    def any(self, *parts: Query | None) -> Query | None:
        return _joined(Or, tuple(part for part in parts if part is not None))


class _Bounded:
    """Refuses, between lexer and parser, what would be costly for any store."""

    always_accept = ()

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        depth = words = 0
        for token in stream:
            depth += {"LPAR": 1, "RPAR": -1}.get(token.type, 0)
            words += token.type in {"WORD", "PHRASE"}
            if depth > DEEPEST:
                raise InvalidQuery(f"more than {DEEPEST} brackets inside each other", _column(token))
            if words > MOST_WORDS:
                raise InvalidQuery(f"more than {MOST_WORDS} words", _column(token))
            yield token


@cache
def _parser(match: Match) -> Lark:
    grammar = files(__package__).joinpath("query.lark").read_text("utf-8")
    return Lark(grammar, parser="lalr", lexer="basic", postlex=_Bounded(), transformer=_Build(match))


def _word(token: str) -> Query | None:
    return Text(str(token)) if terms(token) else None


def _phrase(token: str) -> Query | None:
    text = " ".join(token[1:-1].replace('"', " ").split())
    return Phrase(text) if terms(text) else None


def _some(parts: tuple[Query, ...]) -> tuple[Query, ...]:
    """Any of the positive parts, and none of the others."""
    wanted = _joined(Or, tuple(part for part in parts if not isinstance(part, Not)))
    unwanted = tuple(part for part in parts if isinstance(part, Not))
    return unwanted if wanted is None else (wanted, *unwanted)


def _joined(kind: type[And] | type[Or], parts: tuple[Query, ...]) -> Query | None:
    if len(parts) > 1:
        return kind(parts)
    return parts[0] if parts else None


_PIECE: Final = re.compile(
    r'(?P<minus>-(?=[\w"“„‟«]))?(?:(?P<phrase>"[^"]*"|[“„‟][^“”‟]*[“”‟]|«[^»]*»)|(?P<word>[^\s()"“”„‟«»]+))'
)


def _leniently(text: str, match: Match) -> Query:
    """Words, phrases and what a minus excludes. AND, OR and NOT are words only where there is nothing else."""
    pieces = list(islice(_PIECE.finditer(text), MOST_WORDS))
    plain = [piece for piece in pieces if piece["word"] not in _OPERATORS] or pieces
    parts = tuple(part for part in map(_piece, plain) if part is not None)
    return _joined(And, parts if match == "all" else _some(parts)) or All()


def _piece(piece: re.Match[str]) -> Query | None:
    word = piece["word"]
    part = _phrase(piece["phrase"]) if word is None else _word(word.lower() if word in _OPERATORS else word)
    return Not(part) if part and piece["minus"] else part


def _check_length(text: str) -> None:
    if len(text) > LONGEST:
        raise InvalidQuery(f"it is longer than {LONGEST:,} characters", LONGEST + 1)


def _problem(error: UnexpectedInput, text: str) -> InvalidQuery:
    if isinstance(error, UnexpectedCharacters):
        return InvalidQuery("unbalanced quote", (error.pos_in_stream or 0) + 1)
    if isinstance(error, UnexpectedToken) and error.token.type != "$END":
        unbalanced = error.token.type == "RPAR" and "$END" in error.expected
        message = "unbalanced bracket" if unbalanced else f"a word is missing before {error.token}"
        return InvalidQuery(message, _column(error.token))
    opened = _unclosed(text)
    if opened is not None:
        return InvalidQuery("unbalanced bracket", opened + 1)
    return InvalidQuery("a word is missing at the end", len(text.rstrip()) + 1)


def _unclosed(text: str) -> int | None:
    """Where the last bracket that is never closed stands."""
    opened: list[int] = []
    for token in _parser("all").lex(text):
        if token.type == "LPAR":
            opened.append(_column(token) - 1)
        elif token.type == "RPAR":
            opened.pop()
    return opened[-1] if opened else None


def _column(token: Token) -> int:
    return (token.start_pos or 0) + 1


def _encodable(text: str) -> str:
    """The text without lone surrogates, which no store can take."""
    return text.encode("utf-8", "replace").decode()
