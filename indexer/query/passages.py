"""The best pieces of a text around marks. Pure; all offsets count code points."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, takewhile
from typing import Final, NamedTuple

import regex

from indexer.query.needles import Needle

Span = tuple[int, int]
Found = tuple[Needle, Span]

PASSAGE: Final = 220
LEAD: Final = 60
_NEAR: Final = 30
_SPACE: Final = regex.compile(r"\s")
_GRAPHEME: Final = regex.compile(r"\X")


class Passage(NamedTuple):
    """A piece of a text; its marks count from its start."""

    text: str
    marks: list[Span]


class _Window(NamedTuple):
    """Where a passage could be: around the mark that it begins with."""

    start: int
    mark: Span
    end: int
    needles: int
    marks: int


def best_passages(text: str, found: Sequence[Found], count: int) -> list[Passage]:
    """Up to `count` passages that hold the most different needles, in the order of the text. `found` is in order."""
    best = sorted(_windows(found), key=lambda window: (-window.needles, -window.marks, window.start))
    chosen = sorted(_apart(best, count), key=lambda window: window.start)
    marks = united(span for _, span in found)
    return [_passage(text, window, marks) for window in chosen]


def united(spans: Iterable[Span]) -> list[Span]:
    """The spans in order, those that overlap as one."""
    together: list[Span] = []
    for start, end in sorted(spans):
        if together and start < together[-1][1]:
            together[-1] = together[-1][0], max(end, together[-1][1])
        else:
            together.append((start, end))
    return together


def _windows(found: Sequence[Found]) -> Iterator[_Window]:
    """For each mark the window that begins a little before it."""
    for index, (_, mark) in enumerate(found):
        start = max(0, mark[0] - LEAD)
        end = max(mark[1], start + PASSAGE)
        inside = list(takewhile(lambda other: other[1][1] <= end, islice(found, index, None)))  # noqa: B023 - used at once
        yield _Window(start, mark, end, len({needle for needle, _ in inside}), len(inside))


def _apart(windows: Iterable[_Window], count: int) -> list[_Window]:
    """The first windows that do not overlap one chosen before."""
    chosen: list[_Window] = []
    for window in windows:
        if len(chosen) == count:
            break
        if all(window.end <= other.start or other.end <= window.start for other in chosen):
            chosen.append(window)
    return chosen


def _passage(text: str, window: _Window, marks: Iterable[Span]) -> Passage:
    """The whole words of a window."""
    start = _start(text, window.start, window.mark[0])
    end = _end(text, window.mark[1], min(window.end, len(text)))
    inside = [(first - start, last - start) for first, last in marks if start <= first and last <= end]
    return Passage(text[start:end], inside)


def _start(text: str, start: int, limit: int) -> int:
    """The first place from `start` on that is behind a space; where none is near, that cuts no character in two."""
    if not start:
        return 0
    space = _SPACE.search(text, start - 1, min(limit, start + _NEAR))
    if space:
        return int(space.end())
    return next((place for place in _graphemes(text, start) if start <= place < limit), limit)


def _end(text: str, limit: int, end: int) -> int:
    """The last place up to `end` that is before a space; where none is near, that cuts no character in two."""
    if end == len(text) or text[end].isspace():
        return end
    space = next((place for place in range(end - 1, max(limit, end - _NEAR) - 1, -1) if text[place].isspace()), None)
    return space if space is not None else max(limit, *(place for place in _graphemes(text, end) if place <= end))


def _graphemes(text: str, around: int) -> Iterator[int]:
    """Where the characters that people see begin, near a place."""
    nearby = _GRAPHEME.finditer(text, max(0, around - _NEAR), min(len(text), around + _NEAR))
    return (match.start() for match in nearby)
