"""People whom a model took for something else, and surnames: Florence Adeyemi is no town if Adeyemi then speaks."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from nlp import names
from nlp.gazetteer import Gazetteer
from nlp.lines import Line
from nlp.spans import Span, at

_FULL_NAME: Final = re.compile(r"[A-Z][\w'\u2019-]+(?: [A-Z]\.)? [A-Z][\w'\u2019-]{2,}")
_NO_FORENAMES: Final = frozenset({
    "bay", "camp", "cape", "cyclone", "fort", "gulf", "hurricane", "lake", "mount", "operation", "port", "river",
    "storm", "tropical", "typhoon",
})  # fmt: skip
_NO_SURNAMES: Final = frozenset({
    "airport", "association", "authority", "bank", "bay", "beach", "board", "bridge", "castle", "cathedral",
    "church", "city", "club", "coast", "college", "commission", "committee", "company", "congress", "council",
    "county", "court", "department", "district", "foundation", "fund", "group", "harbour", "holdings", "hospital",
    "hotel", "institute", "island", "islands", "lake", "league", "market", "ministry", "mountain", "museum",
    "office", "palace", "park", "parliament", "party", "police", "port", "post", "prize", "province", "region",
    "republic", "river", "road", "school", "sea", "senate", "society", "square", "stadium", "state", "station",
    "street", "times", "tower", "town", "trust", "union", "united", "university", "valley", "village", "water",
})  # fmt: skip


def retyped(lines: Sequence[Line], spans: Sequence[Span], gazetteer: Gazetteer) -> list[Span]:
    """The spans; full names that no list knows and whose surname the prose then uses alone are people."""
    full = {span.surface for span in spans if span.type != "person" and _could_be_person(span, gazetteer)}
    people = {surface for surface in full if _is_alone(surface, lines)}
    keys = {span.key for span in spans if span.surface in people} | {surface.split()[-1].lower() for surface in people}
    return [replace(span, type="person") if span.key in keys else span for span in spans]


def joined(lines: Sequence[Line], spans: Sequence[Span], gazetteer: Gazetteer) -> list[Span]:
    """The spans in reading order; a place that is also a forename, and the person named right after it, are one."""
    whole: list[Span] = []
    for span in spans:
        if whole and _is_forename_of(whole[-1], span, lines, gazetteer):
            before = whole.pop()
            whole.append(at(span.line, lines[span.line], before.start, span.end, "person"))
        else:
            whole.append(span)
    return whole


def _is_forename_of(place: Span, person: Span, lines: Sequence[Line], gazetteer: Gazetteer) -> bool:
    if (place.type, person.type) != ("place", "person") or place.key not in names.load().forenames:
        return False
    between = lines[place.line].text[place.end : person.start] if place.line == person.line else ""
    return between == " " and " " not in person.surface and person.key not in gazetteer.listed


def surnames(lines: Sequence[Line], spans: Sequence[Span]) -> Iterator[str]:
    """The last words of the full names in the prose of a text."""
    for span in spans:
        if span.type == "person" and lines[span.line].is_prose and _FULL_NAME.fullmatch(span.surface):
            yield span.surface.rsplit(maxsplit=1)[-1]


def _could_be_person(span: Span, gazetteer: Gazetteer) -> bool:
    if not _FULL_NAME.fullmatch(span.surface) or span.key in gazetteer.listed:
        return False
    forename, surname = span.key.split()[0], span.key.split()[-1]
    is_listed = surname in gazetteer.listed and forename not in names.load().forenames
    is_thing = forename in _NO_FORENAMES or surname in _NO_SURNAMES
    return not is_listed and not is_thing and not any(names.load().find(Line("body", 0, span.surface)))


def _is_alone(surface: str, lines: Sequence[Line]) -> bool:
    """Whether the last word of a full name stands without the others somewhere in the prose."""
    surname = re.escape(surface.rsplit(maxsplit=1)[-1])
    alone = re.compile(rf"(?:(?<!\w )|(?<=\b[a-z]{{2}} )|(?<=\bM[rs] )){surname}\b")
    return any(alone.search(line.text.replace(surface, "")) for line in lines if line.is_prose)
