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
LONGEST_FUZZY: Final = 24
"""Letters; longer words, and single letters, are looked for as they are written, not for words like them."""
FOLDED: Final = (
    range(0xB2, 0x300),  # Latin
    range(0x1D2C, 0x1F00),  # phonetic, Latin additional
    range(0x2070, 0x20A0),  # superscripts
    range(0x2460, 0x24EB),  # numbers and letters in circles
    range(0xFB00, 0xFB05),  # ligatures
    range(0xFF10, 0xFF5B),  # full width
)
"""The characters of which the stores make letters and digits of ASCII."""

_BEYOND_DECOMPOSITION: Final = str.maketrans(
    {"\u2019": "'", "\u0131": "i"}
    | {"·": "", "ŋ": "n", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h"}
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
    """Without diacritics, lower case, stemmed."""
    folded = fold(token)
    with _STEMMING:
        stem: str = _STEMMER.stemWord(folded)
    return stem


def fold(token: str) -> str:
    """Without diacritics, lower case. A mark that is written as a character of its own stays, as in the stores."""
    return token.lower() if token.isascii() else "".join(map(_folded, token))


@lru_cache(maxsize=65_536)
def _folded(character: str) -> str:
    if not any(ord(character) in block for block in FOLDED):
        return character.lower()
    parts = normalize("NFKD", character).lower().translate(_BEYOND_DECOMPOSITION)
    bare = "".join(part for part in parts if not combining(part))
    return bare if bare and bare.isascii() else character.lower()


@cache
def _pattern() -> "regex.Pattern[str]":
    tokenizer = load("articles")["settings"]["analysis"]["tokenizer"]["words"]
    return regex.compile(tokenizer["pattern"], regex.V1)
