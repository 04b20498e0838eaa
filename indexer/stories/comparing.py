"""What speaks for two articles being about one event, and how much, by weights that were learnt from judged pairs.

It comes from the two articles alone: whatever else is in the archive, the same two speak alike.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from indexer.stories.evidence import SCALE, UNIT
from indexer.times import HOUR
from nlp.encoder import cosine

EVIDENCE: Final = (
    "words", "title", "names", "numbers", "gap", "source", "meaning", "meaning of rare words", "meaning of names",
    "words of source",
)  # fmt: skip
"""What is known of a pair, in the order of the columns of `evidence`."""

_RAREST: Final = 4
_AT_ONCE: Final = 1_024
_NOTHING: Final = np.uint32(0xFFFFFFFF)

Rows = NDArray[Any]
"""Of the type `indexer.stories.evidence.ROW`."""
Places = NDArray[np.int64]
Numbers = NDArray[np.float64]
Weights = Mapping[str, float]


def likeness(rows: Rows, some: Places, others: Places, weights: Weights) -> Numbers:
    """The logarithm of the odds that the articles at some places are about the same events as those at others."""
    columns = evidence(rows, some, others) * [weights[name] for name in EVIDENCE]
    # Rounded, so that no decision depends on the last bits of a logarithm, which may depend on how many are taken.
    return np.asarray(np.round(weights["bias"] + columns.sum(axis=1), 6))


def evidence(rows: Rows, some: Places, others: Places) -> Numbers:
    """What speaks for and against each pair: a row with the columns EVIDENCE."""
    starts = range(0, len(some), _AT_ONCE)
    blocks = [_evidence(rows[some[at : at + _AT_ONCE]], rows[others[at : at + _AT_ONCE]]) for at in starts]
    return np.concatenate([np.empty((0, len(EVIDENCE))), *blocks])


@cache
def shipped() -> Weights:
    """The weights that come with this package."""
    read: Weights = json.loads(files("indexer.stories").joinpath("weights.json").read_bytes())
    return read


def _evidence(some: Rows, others: Rows) -> Numbers:
    pair, here, there = _common(some["words"], others["words"])
    words = _sum(pair, some["weights"][pair, here], others["weights"][pair, there], len(some))
    title = _sum(pair, some["titles"][pair, here], others["titles"][pair, there], len(some))
    rare = np.bincount(*_rarest(pair, some["rarities"][pair, here]), len(some)) / (_RAREST * SCALE)
    pair, here, there = _common(some["names"], others["names"])
    names = _sum(pair, some["name_weights"][pair, here], others["name_weights"][pair, there], len(some))
    numbers = np.bincount(_common(some["numbers"], others["numbers"])[0], minlength=len(some)).clip(max=2)
    gap = np.log1p(np.abs(some["at"] - others["at"]) / HOUR)
    source = (some["source"] == others["source"]) & (some["source"] > 0)
    meaning = cosine(some["vector"], others["vector"])
    return np.column_stack(
        [words, title, names, numbers, gap, source, meaning, meaning * rare, meaning * names, words * source]
    )


def _common(some: NDArray[np.uint32], others: NDArray[np.uint32]) -> tuple[Places, Places, Places]:
    """What two articles have in common: the pair, the place in the one and the place in the other; in this order."""
    equal = np.where(some, some, _NOTHING)[:, :, None] == others[:, None, :]
    pair, inside = np.divmod(np.flatnonzero(equal), some.shape[1] * others.shape[1])
    return pair, *np.divmod(inside, others.shape[1])


def _sum(pair: NDArray[np.intp], some: NDArray[np.int16], others: NDArray[np.int16], pairs: int) -> Numbers:
    return np.bincount(pair, np.multiply(some, others, dtype=np.int64), pairs) / UNIT**2


def _rarest(pair: NDArray[np.intp], rarities: NDArray[np.int16]) -> tuple[NDArray[np.intp], NDArray[np.int16]]:
    """The first few of each pair; words come the rarest first."""
    rank = np.arange(len(pair)) - np.searchsorted(pair, pair)
    return pair[rank < _RAREST], rarities[rank < _RAREST]
