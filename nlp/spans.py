"""Names where they stand in the lines of a text, and the choice among those that overlap."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

from nlp import credits as credits_
from nlp import names, organisations
from nlp.gazetteer import Gazetteer
from nlp.keys import fold
from nlp.lines import Line
from nlp.mention import EntityType

# Names of works are left out: four in five that a general model reports in headlines are none. Products, events and
# laws are names in more than half of the cases. Languages, dates and amounts are no entities.
TYPES: Final[dict[str, EntityType]] = {
    "PERSON": "person", "PER": "person", "ORG": "organisation", "GPE": "place", "LOC": "place", "FAC": "place",
    "NORP": "other", "EVENT": "other", "PRODUCT": "other", "LAW": "other", "MISC": "other",
}  # fmt: skip

_LONGEST_NAME: Final = 100
_BEFORE_NAME: Final = re.compile(
    r"(?:[\"'\u201c\u201d\u2018\u2019(\[\s-]|the |(?:anti|ex|neo|non|post|pre|pro)-)+", re.IGNORECASE
)
_AFTER_NAME: Final = re.compile(r"(?:['\u2019]s?|[\"\u201c\u201d)\],:;!?\s-])+$", re.IGNORECASE)
_HONORIFICS: Final = re.compile(
    r"(?:(?:(?:Vice |Prime )?(?:President|Minister)(?:-elect)?|Senator|Governor|Sir|Dame|Mrs?|Ms|Dr|Sen|Rep|Gov|Gen|"
    r"Prof)\.? )+"
)
_FORENAME_AND_INITIALS: Final = re.compile(r"\b[A-Z][\w'\u2019-]+ (?:[A-Z]\. ?)+$")
_SECOND_HALF: Final = re.compile(r"-[A-Z][\w'\u2019]+")
_NO_NAMES: Final = frozenset({
    "i", "he", "him", "his", "she", "her", "hers", "it", "its", "they", "them", "their", "we", "our", "you",
    "your", "what", "this", "that", "these", "those", "there", "here", "monday", "tuesday", "wednesday",
    "thursday", "friday", "saturday", "sunday", "today", "tomorrow", "yesterday", "tonight", "january",
    "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december", "mr", "mrs", "ms", "dr", "sir", "president", "minister", "ai", "tv", "gps", "ceo", "covid",
    "covid-19", "bank", "police", "army", "court", "government", "opinion", "analysis", "live", "breaking", "watch",
    "exclusive", "update", "video", "photos", "photo", "refs", "santa", "bills", "god",
})  # fmt: skip


class Found(NamedTuple):
    """What a model reports: a stretch of one line, in code points, and the model's label."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Span:
    """A name where it stands: `line` is the line's place among those of its text."""

    line: int
    start: int
    end: int
    surface: str
    type: EntityType

    @property
    def key(self) -> str:
        return fold(self.surface)


def spans_of(number: int, line: Line, reports: Iterable[Found], gazetteer: Gazetteer) -> list[Span]:
    """The names of one line, longest first where they overlap; the model's before equally long ones of our own."""
    reported = (_span(number, line, report, gazetteer) for report in reports)
    places = (at(number, line, *place, "place") for place in gazetteer.find(line.text))
    located = (at(number, line, *place, "place") for place in gazetteer.find_located(line.text) if line.is_prose)
    by_form = (at(number, line, *organisation, "organisation") for organisation in organisations.find(line))
    known = (at(number, line, *name) for name in names.load().find(line))
    credited = (at(number, line, *name) for name in credits_.find(line.text))
    spans = longest([*credited, *located, *by_form, *filter(None, reported), *places, *known])
    return [span for span in spans if not names.load().is_phrase(line.text, span.start, span.end)]


def at(number: int, line: Line, start: int, end: int, kind: EntityType) -> Span:
    return Span(number, start, end, line.text[start:end], kind)


def longest(spans: Iterable[Span]) -> list[Span]:
    """Of spans that overlap in their line the longest, of equals the first; in reading order."""
    taken: dict[int, list[Span]] = {}
    for span in sorted(spans, key=lambda span: span.start - span.end):
        line = taken.setdefault(span.line, [])
        if all(span.end <= other.start or other.end <= span.start for other in line):
            line.append(span)
    return [span for number in sorted(taken) for span in sorted(taken[number], key=lambda span: span.start)]


def _span(number: int, line: Line, report: Found, gazetteer: Gazetteer) -> Span | None:
    """The bare name of what a model reported; None if that is no name."""
    kind = TYPES.get(report.label)
    start, end = _bare(line.text, report, honorifics=kind == "person")
    if kind == "person":
        start, end = _in_full(line.text, start, end)
    surface = line.text[start:end]
    if kind is None or end - start > _LONGEST_NAME or not could_be_name(surface):
        return None
    return Span(number, start, end, surface, _place_or(kind, fold(surface), gazetteer))


def _bare(text: str, report: Found, *, honorifics: bool) -> tuple[int, int]:
    """Without article, prefix, quotes, possessive and form of address."""
    end = report.end
    if trailing := _AFTER_NAME.search(text, report.start, report.end):
        end = trailing.start()
    start = report.start
    for pattern in (_BEFORE_NAME, _HONORIFICS) if honorifics else (_BEFORE_NAME,):
        if leading := pattern.match(text, start, end):
            start = leading.end()
    return start, end


def _in_full(text: str, start: int, end: int) -> tuple[int, int]:
    """With the forename and initials that stand before what was reported, and the second half of a double surname."""
    before = _FORENAME_AND_INITIALS.search(text, max(0, start - _LONGEST_NAME), start)
    after = _SECOND_HALF.match(text, end) if " " in text[start:end] else None
    return before.start() if before else start, after.end() if after else end


def could_be_name(surface: str) -> bool:
    """Whether it has a letter that is not lower case, and is none of the words that never are names."""
    return any(sign.isalpha() and not sign.islower() for sign in surface) and fold(surface) not in _NO_NAMES


def _place_or(kind: EntityType, key: str, gazetteer: Gazetteer) -> EntityType:
    """A place that the gazetteer is sure of, or that it lists while the model has no better idea."""
    return "place" if key in gazetteer.sure or (key in gazetteer.listed and kind == "other") else kind
