"""What a model is shown: the names that people marked, and beside them what the stock model knows of other things."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.training import Example

from training.casing import capitals, title_case
from training.corpora import Labelled, Name

_NUMBERS: Final = frozenset({"CARDINAL", "DATE", "MONEY", "ORDINAL", "PERCENT", "QUANTITY", "TIME"})
_WORKS_AND_EVENTS: Final = frozenset({"EVENT", "LANGUAGE", "LAW", "PRODUCT", "WORK_OF_ART"})
_LABELS: Final = {"PER": "PERSON", "LOC": "GPE"}


@dataclass(frozen=True, slots=True)
class Lesson:
    """A text, its names in the labels of the model, and the stretches of which nobody knows what they are."""

    text: str
    names: tuple[Name, ...]
    unknown: tuple[Name, ...]


def lessons(stock: Language, texts: Sequence[Labelled]) -> list[Lesson]:
    """The texts in the labels of the model. All places have one, whatever kind of place they are."""
    docs = stock.pipe((labelled.text for labelled in texts), batch_size=128)
    return [_lesson(labelled, _reports(doc)) for labelled, doc in zip(texts, docs, strict=True)]


def _reports(doc: Doc) -> list[Name]:
    return [Name(entity.start_char, entity.end_char, entity.label_) for entity in doc.ents]


def _lesson(labelled: Labelled, stock: Sequence[Name]) -> Lesson:
    agreed = {(name.start, name.end): name.label for name in stock}
    marked = [name._replace(label=_label(name, agreed.get(name[:2]))) for name in labelled.names]
    others = [name for name in stock if not any(_overlap(name, other) for other in marked)]
    added = _NUMBERS if labelled.marks_misc else _NUMBERS | {"NORP"}
    names = [*marked, *(name for name in others if name.label in added)]
    open_ = [] if labelled.marks_misc else [name for name in others if name.label in _WORKS_AND_EVENTS]
    return Lesson(labelled.text, tuple(sorted(names)), tuple(open_))


def _label(name: Name, stock: str | None) -> str:
    """The model's label for a name: adjectives of nations are those that the stock model takes for such."""
    return "NORP" if (name.label, stock) == ("MISC", "NORP") else _LABELS.get(name.label, name.label)


def _overlap(one: Name, other: Name) -> bool:
    return one.start < other.end and other.start < one.end


def example(nlp: Language, lesson: Lesson, text: str) -> Example:
    """A lesson as spaCy learns from it; `text` is its text, perhaps in another case."""
    known = nlp.make_doc(text)
    spans, unknown = _on_tokens(known, lesson)
    known.set_ents(spans, missing=unknown)
    return Example(nlp.make_doc(text), known)


def _on_tokens(doc: Doc, lesson: Lesson) -> tuple[list[Span], list[Span]]:
    """The names as whole tokens. Where one ends inside a token nothing is said of that token."""
    spans = [doc.char_span(name.start, name.end, label=name.label) for name in lesson.names]
    lost = [name for name, span in zip(lesson.names, spans, strict=True) if span is None]
    kept = [span for span in spans if span is not None]
    unknown = {token.i for name in (*lost, *lesson.unknown) for token in _wide(doc, name)}
    unknown -= {token.i for span in kept for token in span}
    return kept, [doc[number : number + 1] for number in sorted(unknown)]


def _wide(doc: Doc, name: Name) -> Any:
    return doc.char_span(name.start, name.end, alignment_mode="expand")


def recased(text: str, chance: random.Random, *, titles: float, shouts: float) -> str:
    """The text, now and then as a headline writes it."""
    drawn = chance.random()
    if drawn < shouts:
        return capitals(text)
    return title_case(text) if drawn < shouts + titles else text


def batches(examples: Iterable[Example], words: int) -> Iterator[list[Example]]:
    """Examples in order, so many words at a time."""
    batch: list[Example] = []
    size = 0
    for one in examples:
        batch.append(one)
        size += len(one.reference)
        if size >= words:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
