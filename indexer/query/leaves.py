"""From what was typed to the leaves of the tree. Pure.

None stands for what says nothing, such as a sign or an emoji; ValueError says why something cannot be looked for.
"""

import re
from datetime import tzinfo
from typing import Final
from unicodedata import normalize

from lark import Token

from indexer.query.ast import Fuzzy, Phrase, Prefix, Query, Text
from indexer.query.dates import span
from indexer.query.tokens import LONGEST, LONGEST_FUZZY, fold, tokens

SHORTEST_PREFIX: Final = 2
SHORTEST_FUZZY: Final = 3
WIDEST_SLOP: Final = 20
MOST_NEAR: Final = 20
WILD: Final = "*~"
_SLOP: Final = re.compile(r"~([0-9]+)$")


def with_leaf(token: Token, zone: tzinfo) -> Token:
    """A word, a phrase or a date with what it stands for as its value."""
    return Token.new_borrow_pos(token.type, _leaf(token, zone), token)


def is_wild(token: Token) -> bool:
    """Whether it is costly: a word that stands for any number of others."""
    return token.type == "WORD" and token[-1] in WILD and says_something(token)


def says_something(text: str) -> bool:
    """Whether there is a letter or a digit that can be found."""
    return any(any(map(str.isalnum, token)) for token in tokens(text) if len(token) <= LONGEST)


def _leaf(token: Token, zone: tzinfo) -> Query | None:
    match token.type:
        case "WORD":
            return _word(str(token))
        case "PHRASE":
            return _phrase(str(token))
        case _:
            return span(str(token), zone)


def _word(typed: str) -> Query | None:
    text = normalize("NFC", typed.rstrip(WILD))
    if not says_something(text):
        return None
    if typed.endswith("*"):
        return _prefix(text)
    return _fuzzy(text) if typed.endswith("~") else Text(text)


def _prefix(text: str) -> Query:
    last = tokens(text)[-1]
    if len(last) == 1 and len(tokens(last + last)) > 1:  # an ideograph is a word of its own, and begins no other
        return Text(text)
    if len(fold(last)) < SHORTEST_PREFIX:
        raise ValueError(f"a star needs {SHORTEST_PREFIX} letters or more before it")
    return Prefix(text)


def _fuzzy(text: str) -> Query:
    words = tokens(text)
    if len(words) > 1 or not SHORTEST_FUZZY <= len(fold(words[0])) <= LONGEST_FUZZY:
        raise ValueError(f"a tilde needs one word of {SHORTEST_FUZZY} to {LONGEST_FUZZY} letters before it")
    return Fuzzy(text)


def _phrase(typed: str) -> Query | None:
    slop = _SLOP.search(typed)
    quoted = typed[: slop.start()] if slop else typed
    text = normalize("NFC", " ".join(quoted[1:-1].replace('"', " ").split()))
    if not says_something(text):
        return None
    moves = int(slop[1]) if slop else 0
    if moves > WIDEST_SLOP:
        raise ValueError(f"words can be at most {WIDEST_SLOP} moves away from a phrase")
    if moves and len(tokens(text)) > MOST_NEAR:
        raise ValueError(f"a phrase with a tilde has at most {MOST_NEAR} words")
    return Phrase(text, moves)
