"""Names in Title Case, where a capital says nothing, judged by the prose of the same text."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from nlp import names
from nlp.gazetteer import Gazetteer
from nlp.lines import Line
from nlp.spans import Span, at, longest

_WORD: Final = re.compile(r"[^\W\d_]+")
_DETERMINER: Final = re.compile(r" (?:your|the|a|an|my|his|her|their|its|our|up|off)\b", re.IGNORECASE)
_LINKING_WORDS: Final = frozenset({"a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "the", "to", "with"})


def without_inventions(lines: Sequence[Line], spans: Sequence[Span], gazetteer: Gazetteer) -> list[Span]:
    """The spans, but for those in Title Case whose words the prose of the text writes in lower case.

    They give way to the places they contain: where the text says "war crimes", "Israel of War Crimes" is Israel.
    """
    doubtful = [span for span in spans if not lines[span.line].is_prose and span.key not in gazetteer.sure]
    if not doubtful:
        return list(spans)
    prose = _Prose(lines, spans)
    invented = {span for span in doubtful if prose.contradicts(span, gazetteer)}
    invented |= {span for span in doubtful if prose.leaves_a_word(span, lines[span.line], gazetteer)}
    kept = [span for span in spans if span not in invented]
    return longest([*kept, *_places(lines, {span.line for span in invented}, gazetteer)])


def _places(lines: Sequence[Line], numbers: Iterable[int], gazetteer: Gazetteer) -> Iterator[Span]:
    for number in numbers:
        for start, end in gazetteer.find(lines[number].text):
            yield at(number, lines[number], start, end, "place")


class _Prose:
    """What the lines of a text that are no headlines say: their names, and their words without a capital."""

    def __init__(self, lines: Sequence[Line], spans: Sequence[Span]) -> None:
        names = [span for span in spans if lines[span.line].is_prose]
        self._names = {span.key for span in names}
        self._people = {f" {span.key} " for span in names if span.type == "person" and " " in span.key}
        self._name_words = {word for span in names for word in _stems(span.surface)}
        self._words = {_stem(word) for line in lines if line.is_prose for word in line.lower_case_words}

    def contradicts(self, span: Span, gazetteer: Gazetteer) -> bool:
        """Whether a span says more than a full name that stands here, or mostly words that are ordinary here."""
        if span.key in self._names:
            return False
        if any(person in f" {span.key} " for person in self._people):
            return True
        words = _stems(_without(span.surface, gazetteer)) - self._name_words - _LINKING_WORDS
        return 2 * len(words & self._words) > len(words)

    def leaves_a_word(self, span: Span, line: Line, gazetteer: Gazetteer) -> bool:
        """Whether a span is one ordinary word that the prose does not name: "Visa Rules Eased", "Polish Your Shoes"."""
        if span.key in self._names or not self._words:
            return False
        return span.key in names.load().words or (
            span.key in gazetteer.listed and _DETERMINER.match(line.text, span.end) is not None
        )


def _without(surface: str, gazetteer: Gazetteer) -> str:
    """The text between the places in a surface."""
    rest, position = "", 0
    for start, end in gazetteer.find(surface):
        rest += surface[position:start] + " "
        position = end
    return rest + surface[position:]


def _stems(surface: str) -> set[str]:
    return {_stem(word) for word in _WORD.findall(surface)}


def _stem(word: str) -> str:
    return word.lower().removesuffix("s")
