"""What grouping reads of an article. Pure: a function of the article alone, so that it is the same whenever it is made.

Weights are whole numbers, so that no sum of them depends on its order.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from math import log
from typing import Final, NamedTuple, TypeVar
from zlib import crc32

import numpy as np

from indexer.article import Article, Entity
from indexer.query.stopwords import STOP_WORDS
from indexer.query.tokens import term
from indexer.times import Millis
from nlp.vocabulary import words

Rarity = Callable[[str], float]
"""The logarithm of one in how many texts has a word."""

OPENING: Final = 300
"""The characters of a summary or body that are read: what has happened is said first."""
UNIT: Final = 1_000
"""The length of a vector of weights."""
SCALE: Final = 100
"""Rarities are told in hundredths."""
MOST_WORDS: Final = 36
MOST_NAMES: Final = 8
MOST_NUMBERS: Final = 6
DIMENSIONS: Final = 128
"""Of the vector of an article; one of another size is of another encoder, and says nothing."""
ROW: Final = np.dtype(
    [
        ("id", np.uint32),
        ("at", np.int64),
        ("source", np.uint32),
        ("words", np.uint32, MOST_WORDS),
        ("weights", np.int16, MOST_WORDS),
        ("titles", np.int16, MOST_WORDS),
        ("rarities", np.int16, MOST_WORDS),
        ("names", np.uint32, MOST_NAMES),
        ("name_weights", np.int16, MOST_NAMES),
        ("numbers", np.uint32, MOST_NUMBERS),
        ("vector", np.int8, DIMENSIONS),
    ]
)
"""The traits of an article as numbers. Words, the rarest first, names, numbers, the source are digests, 0 for none."""

_HEAVY: Final = 12
_COMMONEST_NAME: Final = 0.5
_NUMBER: Final = re.compile(r"\d[\d,.]*\d")


@dataclass(frozen=True, slots=True)
class Traits:
    """What grouping reads of an article. By its `heavy` words, each with its weight, others find it; `row` is a ROW."""

    id: str
    at: Millis
    heavy: tuple[tuple[int, int], ...]
    row: bytes


_Key = TypeVar("_Key")


class _Word(NamedTuple):
    """A word by the digest of its stem."""

    rarity: float
    digest: int


def traits_of(article: Article, rarity: Rarity) -> Traits:
    """The traits of an article."""
    more = (article.summary or article.body)[:OPENING]
    title, opening = _said(article.title, rarity), _said(more, rarity)
    counts = Counter([*title, *title, *opening])
    said = sorted(counts, reverse=True)[:MOST_WORDS]
    weights = _normalised({word: (1 + log(counts[word])) * word.rarity for word in said})
    titles = _normalised({word: word.rarity for word in set(title)})
    names = _normalised(_names(article.entities, rarity))
    numbers = list(dict.fromkeys(map(_digest, _NUMBER.findall(f"{article.title} {more}"))))[:MOST_NUMBERS]
    row = np.zeros((), ROW)
    row["id"], row["at"] = _digest(article.id), article.ranked_at
    row["source"] = _digest(article.source) if article.source else 0
    row["words"][: len(said)] = [word.digest for word in said]
    row["weights"][: len(said)] = list(weights.values())
    row["titles"][: len(said)] = [titles.get(word, 0) for word in said]
    row["rarities"][: len(said)] = [round(SCALE * word.rarity) for word in said]
    row["names"][: len(names)] = list(names)
    row["name_weights"][: len(names)] = list(names.values())
    row["numbers"][: len(numbers)] = numbers
    if len(article.vector) == DIMENSIONS:
        row["vector"] = np.frombuffer(article.vector, np.int8)
    heavy = sorted(((weight, word.digest) for word, weight in weights.items()), reverse=True)[:_HEAVY]
    return Traits(article.id, article.ranked_at, tuple((digest, weight) for weight, digest in heavy), row.tobytes())


def _said(text: str, rarity: Rarity) -> list[_Word]:
    return [_word(word, rarity) for word in words(text) if word not in STOP_WORDS]


@lru_cache(maxsize=1 << 16)
def _word(word: str, rarity: Rarity) -> _Word:
    return _Word(rarity(word), _digest(term(word)))


def _names(entities: Iterable[Entity], rarity: Rarity) -> Mapping[int, float]:
    """The digests of the entities with the greatest weight."""
    weighted = sorted(((_name_weight(entity.name, rarity), _digest(entity.id)) for entity in entities), reverse=True)
    return {digest: weight for weight, digest in islice(weighted, MOST_NAMES)}


@lru_cache(maxsize=1 << 15)
def _name_weight(name: str, rarity: Rarity) -> float:
    """As much as its rarest word."""
    return max([_COMMONEST_NAME, *map(rarity, words(name))])


def _normalised(weights: Mapping[_Key, float]) -> dict[_Key, int]:
    length = sum(weight * weight for weight in weights.values()) ** 0.5
    return {what: round(UNIT * weight / length) for what, weight in weights.items()} if length else {}


def _digest(text: str) -> int:
    """A number that stands for a text, never 0."""
    return crc32(text.encode()) or 1
