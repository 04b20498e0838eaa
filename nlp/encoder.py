"""What a text is about, as a vector: texts about one event lie close together, whatever words they use.

What the words of a text mean is summed and goes through two dense layers. All sums are of whole numbers that their
type holds exactly, so that a text has the same vector on every machine and in any company.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from nlp import vocabulary
from nlp.vocabulary import FOLDER, META, Vocabulary

WEIGHTS: Final = "weights.npz"
LEVEL: Final = 32
"""The root mean square of what goes into a layer: whole numbers, none beyond `LIMIT`."""
LIMIT: Final = 127
LENGTH: Final = 127
"""About the length of a vector."""

_WORDS_OF_MORE: Final = 45
_TEXTS_AT_ONCE: Final = 256

Vectors = NDArray[np.int8]


def text_of(title: str, more: str) -> str:
    """What of an article is encoded: a line of its title, and a line of the first words of its summary or body."""
    return f"{' '.join(title.split())}\n{' '.join(more.split(maxsplit=_WORDS_OF_MORE)[:_WORDS_OF_MORE])}"


def cosine(one: Vectors, other: Vectors) -> NDArray[np.float64]:
    """How alike vectors are, -1 to 1: a row and a row, rows and a row, or rows and as many rows."""
    return np.asarray(np.multiply(one, other, dtype=np.int32).sum(axis=-1) / LENGTH**2)


@dataclass(frozen=True)
class Layer:
    """A dense layer of whole numbers, so few and so small that float32 holds their sums exactly."""

    weights: NDArray[np.float32]
    bias: NDArray[np.float32]

    def __call__(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        return inputs @ self.weights + self.bias


@dataclass(frozen=True)
class Encoder:
    """The `table` says what the rows of the vocabulary mean. The `version` is a digest of it and of the layers."""

    version: str
    vocabulary: Vocabulary
    table: Vectors
    inner: Layer
    outer: Layer

    @staticmethod
    def load(folder: Path = FOLDER) -> "Encoder":
        """The encoder that comes with this package, once per process. ModelUnavailable if its files are not there."""
        return _load(folder)

    @property
    def dimensions(self) -> int:
        return len(self.outer.bias)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """A row for each text, all zeros if it has no words. The first line of a text is read as its title."""
        starts = range(0, len(texts), _TEXTS_AT_ONCE)
        blocks = [self._encode(texts[start : start + _TEXTS_AT_ONCE]) for start in starts]
        return np.concatenate([np.empty((0, self.dimensions), np.int8), *blocks])

    def _encode(self, texts: Sequence[str]) -> Vectors:
        bags = self.vocabulary.bags(texts)
        sums = np.add.reduceat(self.table[bags.rows], bags.starts, axis=0, dtype=np.int32)
        said = _levelled(sums.reshape(len(texts), -1))
        meant = _levelled(np.maximum(self.inner(said), 0))
        vectors = _of_length(LENGTH, self.outer(np.hstack([said, meant])))
        return (vectors * said.any(axis=1, keepdims=True)).astype(np.int8)


def _levelled(rows: NDArray[Any]) -> NDArray[np.float32]:
    return _of_length(LEVEL * np.sqrt(rows.shape[1]), rows)


def _of_length(length: float, rows: NDArray[Any]) -> NDArray[np.float32]:
    """The rows as whole numbers that are about so long, and as they are where they are nothing."""
    lengths = np.sqrt(np.square(rows, dtype=np.float64).sum(axis=1, keepdims=True))
    scaled: NDArray[np.float64] = np.rint(rows * (length / np.maximum(lengths, 1)))
    return scaled.clip(-LIMIT, LIMIT).astype(np.float32)


@cache
def _load(folder: Path) -> Encoder:
    try:
        version = json.loads((folder / META).read_bytes())["version"]
        with np.load(folder / WEIGHTS) as weights:
            inner, outer = (_layer(weights, name) for name in ("inner", "outer"))
            return Encoder(version, vocabulary.load(folder), weights["table"], inner, outer)
    except OSError as error:
        raise vocabulary.missing(folder) from error


def _layer(weights: Any, name: str) -> Layer:
    return Layer(*(weights[f"{name}_{part}"].astype(np.float32) for part in ("weights", "bias")))
