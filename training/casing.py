"""The same text as a headline would write it. No letter moves, so that names stay where they are."""

import re
from typing import Final

_WORD: Final = re.compile(r"[^\W\d_][^\s-]*")
_SMALL: Final = frozenset({
    "a", "an", "and", "as", "at", "but", "by", "for", "from", "in", "into", "nor", "of", "on", "or", "over", "the",
    "to", "up", "via", "vs", "with",
})  # fmt: skip


def title_case(text: str) -> str:
    """Every Word With a Capital, but for the small ones; what has a capital anywhere stays as it is."""
    return _WORD.sub(_capitalised, text)


def capitals(text: str) -> str:
    return "".join(map(_upper, text))


def _capitalised(match: re.Match[str]) -> str:
    word = match[0]
    stays = not word.islower() or (match.start() > 0 and word in _SMALL)
    return word if stays else _upper(word[0]) + word[1:]


def _upper(sign: str) -> str:
    """The capital of a letter; the letter itself where its capital is two."""
    return sign.upper() if len(sign.upper()) == 1 else sign
