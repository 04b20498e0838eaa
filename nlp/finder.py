"""Many known names found in a line at the cost of one dictionary look-up per capitalised word."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

_WORD: Final = r"(?:[^\W\d_]\.){2,}|[^\W_]+"
_WORDS: Final = re.compile(_WORD)
# The same where no letter or digit is before it and its first letter is no small one, in the order that is quickest.
_START: Final = re.compile(r"[^\W_a-z\d](?<![^\W_].)(?:\.(?:[^\W\d_]\.)+|[^\W_]*)")
_NEXT: Final = re.compile(rf"(?:\. |[ '\u2019-])({_WORD})")
_LONGEST_ACRONYM: Final = 5


class Finder:
    """Finds names word by word, the longest at each place, where their first letter is not lower case.

    Case is otherwise ignored, but acronyms (US, ISW) must stand as they are written, in a line with lower case.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._acronyms: set[str] = set()
        self._following: dict[str, list[list[str]]] = {}
        for name in names:
            self._add(name)
        for longest_first in self._following.values():
            longest_first.sort(key=len, reverse=True)

    def find(self, line: str) -> Iterator[tuple[int, int]]:
        """Where names start and end in a line, in order, without overlap."""
        position = 0
        for match in _START.finditer(line):
            if match.start() >= position and (end := self._end(line, match)):
                yield match.start(), end
                position = end

    def _add(self, name: str) -> None:
        words = _WORDS.findall(name.lower())
        if len(words) == 1 and name.isupper() and len(name) <= _LONGEST_ACRONYM:
            self._acronyms.add(name)
        elif words:
            self._following.setdefault(words[0], []).append(words[1:])

    def _end(self, line: str, first: re.Match[str]) -> int | None:
        """Where the longest name ends that starts with a word."""
        for following in self._following.get(first[0].lower(), ()):
            if end := _end_of(following, line, first.end()):
                return end
        is_acronym = first[0] in self._acronyms and not line.isupper() and not line.startswith("$", first.end())
        return first.end() if is_acronym else None


def _end_of(words: list[str], line: str, position: int) -> int | None:
    """Where words end that come one after the other from a position on; None if they do not."""
    for word in words:
        match = _NEXT.match(line, position)
        if match is None or match[1].lower() != word:
            return None
        position = match.end()
    return position
