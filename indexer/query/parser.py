"""The query language: `query.lark` says what can be typed, `docs/query-language.md` says it for editors."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from functools import cache
from importlib.resources import files
from itertools import takewhile
from typing import cast

from lark import Lark, Token, UnexpectedToken

from indexer.errors import InvalidQuery
from indexer.query.ast import All, Query, unparse
from indexer.query.building import Builder, Match
from indexer.query.lenient import mended
from indexer.query.limits import LONGEST, checked
from indexer.query.typed import Typed, typed

__all__ = ["Match", "Reading", "parse", "read"]


@dataclass(frozen=True, slots=True)
class Reading:
    """How a text was understood: `read_as` is the query written out. `lenient`: the text has the `problem`, and the
    query is what makes sense of it.
    """

    query: Query
    read_as: str
    lenient: bool
    problem: InvalidQuery | None


def parse(text: str, *, match: Match = "all", zone: tzinfo = UTC) -> Query:
    """The query that a text says; InvalidQuery if it cannot be read.

    What stands side by side is joined by AND (`all`) or OR (`any`). Dates without an offset are read in `zone`.
    """
    if len(text) > LONGEST:
        raise InvalidQuery(f"it is longer than {LONGEST:,} characters", LONGEST + 1)
    whole = typed(text)
    if not whole.text.strip():
        return All()
    _check_quotes(whole)
    tokens = checked(_cut(whole), zone)
    try:
        parsed = _built(tokens, match)
    except UnexpectedToken as error:
        raise _problem(error.token, tokens, whole) from None
    if parsed is None:
        raise InvalidQuery("there is no word in it to look for", 1)
    return parsed


def read(text: str, match: Match = "all", zone: tzinfo = UTC) -> Reading:
    """`parse`, or where that fails what can be kept of the text. Never raises."""
    try:
        query = parse(text, match=match, zone=zone)
    except InvalidQuery as problem:
        query = _leniently(text[:LONGEST], match, zone)
        return Reading(query, unparse(query), lenient=True, problem=problem)
    return Reading(query, unparse(query), lenient=False, problem=None)


def _leniently(text: str, match: Match, zone: tzinfo) -> Query:
    whole = typed(text)
    tokens = mended(_cut(replace(whole, text=_quotes().sub(_bare, whole.text))), zone)
    return (_built(tokens, match) if tokens else None) or All()


def _bare(quoted: re.Match[str]) -> str:
    """A phrase as it is, and a quote that is alone as a space; behind a minus, which needs its word, as nothing."""
    if not quoted["stray"]:
        return quoted[0]
    return "" if quoted.string.endswith("-", 0, quoted.start()) else " "


def _check_quotes(whole: Typed) -> None:
    for quoted in _quotes().finditer(whole.text):
        if quoted["stray"]:
            raise InvalidQuery("unbalanced quote", whole.columns[quoted.start()])


def _cut(whole: Typed) -> list[Token]:
    """The tokens of a text in which no quote is alone. Their columns are those of what was typed."""
    tokens = list(_lexer().lex(whole.text))
    for token in tokens:
        token.column = whole.columns[token.start_pos or 0]
    return tokens


def _built(tokens: Iterable[Token], match: Match) -> Query | None:
    parser = _parser(match).parse_interactive("")
    for token in tokens:
        parser.feed_token(token)
    return cast("Query | None", parser.feed_token(Token("$END", "")))


@cache
def _lexer() -> Lark:
    return Lark(_grammar(), parser=None, lexer="basic")


@cache
def _parser(match: Match) -> Lark:
    return Lark(_grammar(), parser="lalr", lexer="basic", transformer=Builder(match))


def _grammar() -> str:
    return files(__package__).joinpath("query.lark").read_text("utf-8")


@cache
def _quotes() -> re.Pattern[str]:
    """What stands in quotes, or a quote that is alone."""
    phrase = _lexer().get_terminal("PHRASE").pattern.to_regexp()
    return re.compile(f'{phrase}|(?P<stray>["“”„‟«»])')


def _problem(token: Token, tokens: Iterable[Token], whole: Typed) -> InvalidQuery:
    """What is wrong at the first token that the grammar cannot take."""
    opened = _unclosed(takewhile(lambda other: other is not token, tokens))
    if token.type == "RPAR" and not opened:
        return InvalidQuery("unbalanced bracket", token.column or 1)
    if token.type != "$END":
        return InvalidQuery(f"a word is missing before {token}", token.column or 1)
    if opened:
        return InvalidQuery("unbalanced bracket", opened[-1].column or 1)
    return InvalidQuery("a word is missing at the end", whole.columns[len(whole.text.rstrip())])


def _unclosed(tokens: Iterable[Token]) -> list[Token]:
    """The brackets that are never closed, outermost first."""
    opened: list[Token] = []
    for token in tokens:
        if token.type == "LPAR":
            opened.append(token)
        elif token.type == "RPAR":
            opened.pop()
    return opened
