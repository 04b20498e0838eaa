"""The folded forms by which names are compared and addressed."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

_MARKS: Final = re.compile("[\u0300-\u036f]")
# Latin letters that decomposition leaves as they are (the dotless i among them), and the kinds of apostrophe.
_LETTERS: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\u0131": "i"}
    | dict.fromkeys("\u2018\u2019\u02bc", "'")
)
_THE: Final = re.compile(r"^(?:the )+(?=\S)")
_POSSESSIVE: Final = re.compile(r"(?<=\w)(?:'s?)+$")
_SILENT: Final = re.compile(r"['.]")
_WORD: Final = re.compile(r"[^\W_]+")


@lru_cache(maxsize=1 << 16)
def fold(surface: str) -> str:
    """The key of a surface: compatibility forms, case and diacritics, spacing, "the" and possessives gone.

    Folding twice changes nothing.
    """
    folded = _fold_once(surface)
    while (again := _fold_once(folded)) != folded:
        folded = again
    return folded


def slug(surface: str) -> str:
    """The part of an id that comes from a name: words of its key, joined by hyphens; never empty.

    Latin letters come out as ASCII, others stay as they are; a name of signs alone becomes their code points.
    """
    key = fold(surface)
    words = _WORD.findall(_SILENT.sub("", key))
    return "-".join(words or [f"{ord(sign):x}" for sign in key] or ["0"])


def _fold_once(surface: str) -> str:
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", surface.casefold()))
    plain = unicodedata.normalize("NFKC", bare).translate(_LETTERS)
    spaced = " ".join(plain.split())
    return _POSSESSIVE.sub("", _THE.sub("", spaced))
