"""From what a model reports in the lines of one text to the mentions of that text. Nothing here knows the model."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from nlp import definitions, headlines, people
from nlp.definitions import Definition
from nlp.finder import Finder
from nlp.gazetteer import Gazetteer
from nlp.identity import keys_of
from nlp.keys import fold
from nlp.lines import Line
from nlp.mention import EntityType, Mention
from nlp.spans import Found, Span, at, could_be_name, longest, spans_of

_PROSE_WEIGHT = 2


def resolve(lines: Sequence[Line], found: Sequence[Iterable[Found]], gazetteer: Gazetteer) -> tuple[Mention, ...]:
    """The mentions of one text, by first occurrence; `found` is what a model reports for each of its lines."""
    spans, defined = names_of(lines, found, gazetteer)
    return tuple(_mentions(lines, spans, defined))


def names_of(
    lines: Sequence[Line], found: Sequence[Iterable[Found]], gazetteer: Gazetteer
) -> tuple[list[Span], list[Definition]]:
    """The names of one text where they stand, in reading order without overlap, and the abbreviations it defines."""
    read = zip(lines, found, strict=True)
    spans = [span for number, (line, reports) in enumerate(read) for span in spans_of(number, line, reports, gazetteer)]
    spans = people.joined(lines, headlines.without_inventions(lines, spans, gazetteer), gazetteer)
    spans = people.retyped(lines, spans, gazetteer)
    defined = dict(_definitions(lines, spans))
    known: dict[str, EntityType] = {span.surface: span.type for span in spans if lines[span.line].is_prose}
    known = {**dict.fromkeys(people.surnames(lines, spans), "person"), **known}
    known |= {name: kind for definition, kind in defined.items() for name in definition[:2] if could_be_name(name)}
    return longest([*spans, *_everywhere(lines, known)]), list(defined)


def _definitions(lines: Sequence[Line], spans: Sequence[Span]) -> Iterator[tuple[Definition, EntityType]]:
    """The definitions in which something was found to be a name, and their types: mostly bodies are abbreviated."""
    by_line: dict[int, list[Span]] = {}
    for span in spans:
        by_line.setdefault(span.line, []).append(span)
    for number, line in enumerate(lines):
        for defined in definitions.find(line.text):
            inside = (span for span in by_line.get(number, ()) if span.start < defined.end and defined.start < span.end)
            if types := {span.surface: span.type for span in inside}:
                yield defined, types.get(defined.long) or types.get(defined.short) or "organisation"


def _everywhere(lines: Sequence[Line], known: dict[str, EntityType]) -> Iterator[Span]:
    """Every occurrence of names that are known from some of their occurrences."""
    types = {fold(surface): kind for surface, kind in known.items()}
    finder = Finder(known)
    for number, line in enumerate(lines):
        for start, end in finder.find(line.text):
            if kind := types.get(fold(line.text[start:end])):
                yield at(number, line, start, end, kind)


@dataclass(slots=True)
class _Tally:
    first: Span
    surfaces: Counter[str] = field(default_factory=Counter)
    types: Counter[EntityType] = field(default_factory=Counter)

    @property
    def type(self) -> EntityType:
        return max(self.types, key=self.types.__getitem__, default=self.first.type)


def _mentions(lines: Sequence[Line], spans: Sequence[Span], defined: Sequence[Definition]) -> Iterator[Mention]:
    shorts = {fold(definition.long): definition.short for definition in defined}
    for key, tally in _tallies(lines, spans, defined).items():
        line = lines[tally.first.line]
        yield Mention(
            key=key,
            type=tally.type,
            count=tally.surfaces.total(),
            part=line.part,
            offset=line.offset + tally.first.start,
            surfaces=tuple(surface for surface, _ in tally.surfaces.most_common()),
            short=shorts.get(key),
        )


def _tallies(lines: Sequence[Line], spans: Sequence[Span], defined: Sequence[Definition]) -> dict[str, _Tally]:
    """What occurs under each key. Only the name in full says its type, and in prose more than in a headline."""
    tallies: dict[str, _Tally] = {}
    for span, key in zip(spans, keys_of(spans, defined), strict=True):
        tally = tallies.setdefault(key, _Tally(span))
        tally.surfaces[span.surface] += 1
        if span.key == key:
            tally.types[span.type] += _PROSE_WEIGHT if lines[span.line].is_prose else 1
    return tallies
