"""What a query may cost any store, which is the same for all of them. Pure."""

from collections.abc import Iterable
from datetime import tzinfo
from typing import Final

from lark import Token

from indexer.errors import InvalidQuery
from indexer.query.leaves import is_wild, with_leaf

LONGEST: Final = 1_000
MOST_WORDS: Final = 250
MOST_WILD: Final = 10
DEEPEST: Final = 12
ATOMS: Final = {"WORD", "PHRASE", "SPAN"}


def checked(tokens: Iterable[Token], zone: tzinfo) -> list[Token]:
    """The tokens, each word, phrase and date with its leaf as its value. InvalidQuery for the first that is wrong."""
    found: list[Token] = []
    depth = words = wild = 0
    for token in tokens:
        depth += {"LPAR": 1, "RPAR": -1}.get(token.type, 0)
        words += token.type in ATOMS
        wild += is_wild(token)
        message = _excess(depth, words, wild)
        if message:
            raise InvalidQuery(message, token.column or 1)
        found.append(_with_leaf(token, zone) if token.type in ATOMS else token)
    return found


def _excess(depth: int, words: int, wild: int) -> str | None:
    if depth > DEEPEST:
        return f"more than {DEEPEST} brackets inside each other"
    if words > MOST_WORDS:
        return f"more than {MOST_WORDS} words"
    return f"more than {MOST_WILD} words with a star or a tilde" if wild > MOST_WILD else None


def _with_leaf(token: Token, zone: tzinfo) -> Token:
    try:
        return with_leaf(token, zone)
    except ValueError as error:
        raise InvalidQuery(str(error), token.column or 1) from None
