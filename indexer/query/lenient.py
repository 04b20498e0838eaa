"""A broken query, mended so that it can be read: as much of it is kept as makes sense. Pure."""

from collections.abc import Iterable, Sequence
from datetime import tzinfo
from typing import Final

from lark import Token

from indexer.query.leaves import MOST_NEAR, WIDEST_SLOP, WILD, is_wild, with_leaf
from indexer.query.limits import ATOMS, DEEPEST, MOST_WILD, MOST_WORDS
from indexer.query.tokens import tokens as cut

_SIGNS: Final = {"NOT", "FIELD"}
_OPERATORS: Final = {"_AND", "_OR"}
_CAPITALS: Final = {"AND", "OR", "NOT"}


def mended(tokens: Sequence[Token], zone: tzinfo) -> list[Token]:
    """The tokens of a query that the grammar takes and no limit refuses, with leaves; none where there is no word.

    What has nothing to stand between is left out, brackets are closed, dates that are none left out, and a star
    or a tilde that is not taken leaves the word or the phrase. Where there are only operators, they are words.
    """
    return _balanced(_healthy(tokens, zone)) or [
        with_leaf(Token("WORD", token.lower()), zone) for token in tokens[:MOST_WORDS] if token.isalpha()
    ]


def _healthy(tokens: Iterable[Token], zone: tzinfo) -> Iterable[Token]:
    words = wild = 0
    for token in tokens:
        if token.type in ATOMS:
            words += 1
            wild += is_wild(token)
            healed = _healed(token, zone, tame=wild > MOST_WILD)
            if healed and words <= MOST_WORDS:
                yield healed
        else:
            yield token


def _healed(token: Token, zone: tzinfo, *, tame: bool) -> Token | None:
    if tame and is_wild(token):
        return with_leaf(_tamed(token), zone)
    try:
        return with_leaf(token, zone)
    except ValueError:
        return None if token.type == "SPAN" else with_leaf(_tamed(token), zone)


def _tamed(token: Token) -> Token:
    if token.type == "PHRASE":
        quoted = token.rpartition("~")[0]
        return token.update(value=f"{quoted}~{WIDEST_SLOP}" if len(cut(quoted)) <= MOST_NEAR else quoted)
    word = token.rstrip(WILD)
    return token.update(value=word.lower() if word in _CAPITALS else word)


def _balanced(tokens: Iterable[Token]) -> list[Token]:
    kept: list[Token] = []
    depth = 0
    for token in tokens:
        if token.type == "RPAR":
            depth = _close(kept, depth)
        elif token.type == "LPAR" and depth < DEEPEST:
            kept.append(token)
            depth += 1
        elif token.type in ATOMS | _SIGNS or (token.type in _OPERATORS and _is_complete(kept)):
            kept.append(token)
    while depth:
        depth = _close(kept, depth)
    _drop_unfinished(kept)
    return kept


def _close(kept: list[Token], depth: int) -> int:
    """Close the last bracket, or take it away if it is empty."""
    if not depth:
        return 0
    _drop_unfinished(kept)
    if kept[-1].type == "LPAR":
        kept.pop()
        while kept and kept[-1].type in _SIGNS:
            kept.pop()
    else:
        kept.append(Token("RPAR", ")"))
    return depth - 1


def _drop_unfinished(kept: list[Token]) -> None:
    while kept and kept[-1].type in _SIGNS | _OPERATORS:
        kept.pop()


def _is_complete(kept: Sequence[Token]) -> bool:
    return bool(kept) and kept[-1].type in ATOMS | {"RPAR"}
