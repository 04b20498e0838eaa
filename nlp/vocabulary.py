"""The words of news: how a text is parted into them, and the rows of the encoder's table that they stand for."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain
from pathlib import Path
from typing import Final, NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from nlp.errors import ModelUnavailable

FOLDER: Final = Path(__file__).parent / "encoder_model"
WORDS: Final = "words.tsv"
META: Final = "meta.json"

_WORD: Final = re.compile(r"([^\W_]+(?:['\u2019](?!s\b)[^\W_]+)*)(?:['\u2019]s\b)?")

Numbers = NDArray[np.int64]


def words(text: str) -> list[str]:
    """The words of a text in lower case, in order, without a possessive "'s"."""
    return _WORD.findall(text.lower())


class Bags(NamedTuple):
    """The rows that texts consist of, in two bags for each text: of its first line, and of the rest.

    Each bag begins with row 0, which means nothing, so that none is empty. `starts` says where in `rows` they begin.
    """

    rows: Numbers
    starts: Numbers


@dataclass(frozen=True)
class Vocabulary:
    """The listed words, and in how many of so many `texts` of news each stands.

    Of a table row 0 means nothing. Then comes a row for each listed word, and then `others` rows that all other words
    share: a hash of its letters says which one a word has.
    """

    texts: int
    counts: Mapping[str, int]
    others: int

    @property
    def size(self) -> int:
        """How many rows a table has."""
        return 1 + len(self.counts) + self.others

    def bags(self, texts: Iterable[str]) -> Bags:
        bags = [[0, *map(self._row, words(part))] for text in texts for part in _parts(text)]
        lengths = np.fromiter(map(len, bags), np.int64, len(bags))
        rows = np.fromiter(chain.from_iterable(bags), np.int64, lengths.sum())
        return Bags(rows, lengths.cumsum() - lengths)

    def _row(self, word: str) -> int:
        return self._listed.get(word) or 1 + len(self.counts) + crc32(word.encode()) % self.others

    @cached_property
    def _listed(self) -> Mapping[str, int]:
        return {word: row for row, word in enumerate(self.counts, start=1)}


@cache
def load(folder: Path = FOLDER) -> Vocabulary:
    """The words that come with this package, once per process. ModelUnavailable if their files are not there."""
    try:
        lines = (folder / WORDS).read_text(encoding="utf-8").splitlines()
        about = json.loads((folder / META).read_bytes())
    except OSError as error:
        raise missing(folder) from error
    counted = (line.split("\t") for line in lines)
    return Vocabulary(about["texts"], {word: int(count) for word, count in counted}, about["others"])


def missing(folder: Path) -> ModelUnavailable:
    return ModelUnavailable(f"The encoder's files are not in {folder}: install dateline afresh, or run `make encoder`.")


def _parts(text: str) -> Iterator[str]:
    title, _, rest = text.partition("\n")
    yield title
    yield rest
