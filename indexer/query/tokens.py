"""The analysis of `mappings/articles.json` in Python: where text is cut into tokens, and the term each is found by.

The tokenizer is the mapping's own pattern. Folding is Unicode decomposition with a few additions; it agrees with both
stores on Latin script but for rarities, which costs at most a mark in a highlight.
"""

from collections.abc import Iterator
from functools import cache, lru_cache
from threading import Lock
from typing import Final
from unicodedata import combining, normalize

import regex
import Stemmer  # type: ignore[import-not-found]

from mappings import load

LONGEST: Final = 200
_BEYOND_DECOMPOSITION: Final = str.maketrans(
    {"\u2019": "'", "\u0131": "i"}
    | {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h"}
)
_STEMMER: Final = Stemmer.Stemmer("english", 0)
_STEMMING: Final = Lock()


def spans(text: str, start: int = 0) -> Iterator[tuple[int, int]]:
    """Where each token starts and ends, half-open, in code points. `start` must not be inside a token."""
    return (match.span() for match in _pattern().finditer(text, start))


def tokens(text: str) -> list[str]:
    """The tokens as written."""
    return [text[start:end] for start, end in spans(text)]


def terms(text: str) -> list[str]:
    """What the tokens are found by; those that are too long to be found are left out."""
    return [term(token) for token in tokens(text) if len(token) <= LONGEST]


@lru_cache(maxsize=65_536)
def term(token: str) -> str:
    """Lower case, without diacritics, stemmed."""
    folded = fold(token)
    with _STEMMING:
        stem: str = _STEMMER.stemWord(folded)
    return stem


def fold(token: str) -> str:
    """Lower case, without diacritics. A mark that is written as a character of its own stays, as in the stores."""
    lower = token.lower()
    return lower if lower.isascii() else "".join(map(_folded, lower))


def _folded(character: str) -> str:
    if character.isascii() or combining(character):
        return character
    parts = normalize("NFKD", character).translate(_BEYOND_DECOMPOSITION)
    bare = "".join(part for part in parts if not combining(part))
    return bare if bare and bare.isascii() else character


@cache
def _pattern() -> "regex.Pattern[str]":
    tokenizer = load("articles")["settings"]["analysis"]["tokenizer"]["words"]
    return regex.compile(tokenizer["pattern"], regex.V1)
