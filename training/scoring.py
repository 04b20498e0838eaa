"""How many of the names that people marked were found, and how much else: precision, recall and F1 of spans."""

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Final

from training.corpora import Labelled, Name

SCORED: Final = ("PER", "ORG", "LOC")

_SAME: Final = {"PERSON": "PER", "GPE": "LOC", "FAC": "LOC"}
_ARTICLE: Final = re.compile(r"the\s+", re.IGNORECASE)
_POSSESSIVE: Final = re.compile(r"\s?['\u2019]s?$", re.IGNORECASE)


@dataclass(slots=True)
class Counts:
    """Names that were right, that were reported, and that were there, by label."""

    right: Counter[str] = field(default_factory=Counter)
    reported: Counter[str] = field(default_factory=Counter)
    there: Counter[str] = field(default_factory=Counter)

    def precision(self, labels: Collection[str] = SCORED) -> float:
        return _share(self.right, self.reported, labels)

    def recall(self, labels: Collection[str] = SCORED) -> float:
        return _share(self.right, self.there, labels)

    def f1(self, labels: Collection[str] = SCORED) -> float:
        precision, recall = self.precision(labels), self.recall(labels)
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def score(texts: Iterable[Labelled], found: Iterable[Iterable[Name]], *, strict: bool = False) -> Counts:
    """Compare the names found in each text with those marked there. Unless strict, "the" and "'s" do not count."""
    counts = Counts()
    for labelled, names in zip(texts, found, strict=True):
        there = _comparable(labelled.text, labelled.names, strict=strict)
        reported = _comparable(labelled.text, names, strict=strict)
        counts.there.update(name.label for name in there)
        counts.reported.update(name.label for name in reported)
        counts.right.update(name.label for name in there & reported)
    return counts


def _comparable(text: str, names: Iterable[Name], *, strict: bool) -> set[Name]:
    same = (name._replace(label=_SAME.get(name.label, name.label)) for name in names)
    scored = (name for name in same if name.label in SCORED)
    return set(scored) if strict else {bare(text, name) for name in scored}


def bare(text: str, name: Name) -> Name:
    """The name without a leading "the" and a trailing possessive."""
    start, end = name.start, name.end
    if article := _ARTICLE.match(text, start, end):
        start = article.end()
    if possessive := _POSSESSIVE.search(text[start:end]):
        end = start + possessive.start()
    return name._replace(start=start, end=end)


def _share(part: Counter[str], whole: Counter[str], labels: Collection[str]) -> float:
    total = sum(whole[label] for label in labels)
    return sum(part[label] for label in labels) / total if total else 0.0
