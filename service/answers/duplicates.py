"""Pairs of names that look like one entity: by how they are written, and by the company they keep. Pure."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import log, sqrt
from typing import Final, NamedTuple

from indexer.query.stopwords import STOP_WORDS
from nlp.mention import EntityType
from service.answers.sightings import Name, Sightings

LEAST_ARTICLES: Final = 2
LONG: Final = 8
"""Letters of a name in which one may be wrong, of which a word has at least `_LONG_WORD`."""
_LONG_WORD: Final = 4
_LEAST_INITIALS: Final = 3
_RARER: Final = 4
"""How many times as often the end of a name may be written as the whole: of more it is a name of its own."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """`entity` looks like another name of `into`, for some reasons.

    `likeness` says from 0 to 1 how alike the names are that the two are named with; `together` articles have both.
    """

    entity: Name
    into: Name
    reasons: tuple[str, ...]
    likeness: float
    together: int


class Company:
    """Which names are named together. Those that are everywhere count less."""

    def __init__(self, seen: Sightings) -> None:
        self._articles = seen.articles
        self._names: dict[int, list[str]] = defaultdict(list)
        for entity_id, articles in seen.articles.items():
            for article in articles:
                self._names[article].append(entity_id)
        self._kept: dict[str, dict[str, float]] = {}

    def together(self, one: Name, other: Name) -> int:
        """The number of articles that have both."""
        return len(self._articles[one.id] & self._articles[other.id])

    def likeness(self, one: Name, other: Name) -> float:
        """The cosine of the weights of the names that two are named with, the two left out."""
        both = {one.id, other.id}
        left, right = ({key: value for key, value in self._of(each).items() if key not in both} for each in both)
        shared = sum(weight * right.get(name, 0) for name, weight in left.items())
        sizes = [sqrt(sum(weight * weight for weight in each.values())) for each in (left, right)]
        return shared / (sizes[0] * sizes[1]) if all(sizes) else 0.0

    def _of(self, entity_id: str) -> dict[str, float]:
        if entity_id not in self._kept:
            weights: dict[str, float] = defaultdict(float)
            for name in (name for article in self._articles[entity_id] for name in self._names[article]):
                weights[name] += log(len(self._names) / len(self._articles[name]))
            self._kept[entity_id] = weights
        return self._kept[entity_id]


class _Rule(NamedTuple):
    """How to find pairs that look alike, and the least likeness of their company."""

    reason: str
    find: Callable[[Sequence[Name]], Iterable[tuple[Name, Name]]]
    likeness: float


def duplicates(seen: Sightings) -> list[Duplicate]:
    """What looks like one entity under two ids; what is in the most articles first, of one name the likest.

    Two names of the catalogue are never taken for one.
    """
    company = Company(seen)
    reasons: dict[tuple[Name, Name], list[str]] = defaultdict(list)
    likeness: dict[tuple[Name, Name], float] = {}
    for rule in _RULES:
        for one, other in rule.find(seen.names):
            pair = _ordered(one, other)
            if pair[0].known:
                continue
            if pair not in likeness:
                likeness[pair] = company.likeness(*pair)
            if likeness[pair] >= rule.likeness:
                reasons[pair].append(rule.reason)
    found = (Duplicate(*pair, tuple(why), likeness[pair], company.together(*pair)) for pair, why in reasons.items())
    return sorted(found, key=_rank)


def one_edit_apart(one: str, other: str) -> bool:
    """Whether one letter added, left out, changed or swapped with the next makes one text of another."""
    short, long = sorted((one, other), key=len)
    start = next((place for place, letter in enumerate(short) if letter != long[place]), len(short))
    if len(short) < len(long):
        return short[start:] == long[start + 1 :]
    swapped = short[start : start + 2] == long[start : start + 2][::-1] and short[start + 2 :] == long[start + 2 :]
    return short != long and (swapped or short[start + 1 :] == long[start + 1 :])


def _same_names(names: Sequence[Name]) -> Iterator[tuple[Name, Name]]:
    return _pairs_by(names, lambda name: [name.key])


def _same_words(names: Sequence[Name]) -> Iterator[tuple[Name, Name]]:
    pairs = _pairs_by(names, lambda name: [tuple(sorted(name.words))])
    return ((one, other) for one, other in pairs if one.key != other.key)


def _ends(names: Sequence[Name]) -> Iterator[tuple[Name, Name]]:
    """A name without its first words, of the same type or of a person."""
    for short, long in _contained(names, lambda words: [words[cut:] for cut in range(1, len(words))]):
        if long.type == "person" or short.type == long.type == "organisation":
            yield short, long


def _beginnings(names: Sequence[Name]) -> Iterator[tuple[Name, Name]]:
    """The first name of a person."""
    pairs = _contained(names, lambda words: [words[:1]] if len(words) > 1 else [])
    return ((short, long) for short, long in pairs if short.type == long.type == "person")


def _initials(names: Sequence[Name]) -> Iterator[tuple[Name, Name]]:
    by_initials: dict[str, list[Name]] = defaultdict(list)
    for name in (name for name in names if name.articles >= LEAST_ARTICLES):
        for initials in {_initials_of(name.words), _initials_of([one for one in name.words if one not in STOP_WORDS])}:
            if len(initials) >= _LEAST_INITIALS:
                by_initials[initials].append(name)
    capitals = (name for name in names if len(name.words) == 1 and name.name.isupper())
    return ((short, long) for short in capitals for long in by_initials[short.key.replace(".", "")])


def _misspelt(names: Sequence[Name]) -> Iterator[tuple[Name, Name]]:
    long = [name for name in names if len(name.key) >= LONG and not any(map(str.isdigit, name.key))]
    pairs = _pairs_by(long, lambda name: [name.key, *(_without_letter(name.key, at) for at in range(len(name.key)))])
    return ((one, other) for one, other in pairs if one_edit_apart(one.key, other.key) and _is_slip(one, other))


_RULES: Final = (
    _Rule("the same name with another type", _same_names, 0.25),
    _Rule("the same words in another order", _same_words, 0.1),
    _Rule("the end of a longer name", _ends, 0.5),
    _Rule("the first name of a person", _beginnings, 0.6),
    _Rule("the initials of a longer name", _initials, 0.25),
    _Rule("one letter differs", _misspelt, 0.25),
)


def _pairs_by(names: Iterable[Name], keys: Callable[[Name], Iterable[Hashable]]) -> Iterator[tuple[Name, Name]]:
    """The names that share a key, each pair once."""
    groups: dict[Hashable, dict[str, Name]] = defaultdict(dict)
    for name in names:
        for key in keys(name):
            groups[key][name.id] = name
    return iter({pair: None for group in groups.values() for pair in combinations(group.values(), 2)})


def _contained(
    names: Sequence[Name], parts: Callable[[tuple[str, ...]], list[tuple[str, ...]]]
) -> Iterator[tuple[Name, Name]]:
    """The names that are a part of another that is not much rarer, with each of these.

    One word that the catalogue knows is nobody's part: "Lima" is not "Leila de Lima".
    """
    longer: dict[tuple[str, ...], list[Name]] = defaultdict(list)
    for name in names:
        for part in parts(name.words):
            longer[part].append(name)
    parts_only = (name for name in names if not name.known or len(name.words) > 1)
    pairs = ((short, long) for short in parts_only for long in longer.get(short.words, ()))
    return ((short, long) for short, long in pairs if long.articles >= max(LEAST_ARTICLES, short.articles / _RARER))


def _initials_of(words: Sequence[str]) -> str:
    return "".join(word[0] for word in words)


def _without_letter(text: str, place: int) -> str:
    return text[:place] + text[place + 1 :]


def _is_slip(one: Name, other: Name) -> bool:
    """Whether a difference of one letter is none of meaning: not of a number, of "S" and "X", or of kinds of thing."""
    types: set[EntityType] = {one.type, other.type}
    others = set(one.words) ^ set(other.words)
    return all(len(word) >= _LONG_WORD for word in others) and (len(types) == 1 or "person" not in types)


def _ordered(one: Name, other: Name) -> tuple[Name, Name]:
    """The one that goes, and the one that stays: that of the catalogue, one of many words, that in more articles."""
    stays = max(one, other, key=lambda name: (name.known, len(name.words) > 1, name.articles, name.id))
    return (other, one) if stays is one else (one, other)


def _rank(found: Duplicate) -> tuple[int, str, float, int, str]:
    return -found.entity.articles, found.entity.id, -found.likeness, -found.into.articles, found.into.id
