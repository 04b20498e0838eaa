"""How well vectors tell which articles are about one event, by pairs that were judged by reading."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from training.encoder_texts import ARTICLES, encoded, records

PAIRS: Final = "stories_seeds_dev.jsonl"
PRECISION: Final = 0.95
JUDGEMENTS: Final = ("same", "related", "different")

Scores = NDArray[np.float64]
Vectors = NDArray[Any]


class Pair(NamedTuple):
    """Two texts by their numbers, what was judged of the events they are about, and the month they are of."""

    one: int
    other: int
    judgement: str
    month: str


class Figures(NamedTuple):
    """`recall` of the same events from the `threshold` on, where same is told from different with `PRECISION`;
    the `precision` there, and the best `f1` of all, if related events count as wrong.
    """

    recall: float
    precision: float
    threshold: float
    f1: float

    def __str__(self) -> str:
        return f"{self.recall:.2f} ({self.precision:.2f}) from {self.threshold:.2f} | {self.f1:.2f}"


def judged(data: Path) -> tuple[list[str], list[Pair]]:
    """The texts of the judged articles, and the pairs of them."""
    lines = [json.loads(line) for line in (data / PAIRS).read_text(encoding="utf-8").splitlines()]
    found = [(line["seed"], other, kind) for line in lines for kind in JUDGEMENTS for other in line[kind]]
    wanted = {article for one, other, _ in found for article in (one, other)}
    articles = [record for record in records(data / ARTICLES) if record["id"] in wanted]
    number = {record["id"]: at for at, record in enumerate(articles)}
    return [encoded(record) for record in articles], [
        Pair(number[one], number[other], kind, articles[number[one]]["published_at"][:7]) for one, other, kind in found
    ]


def by_month(pairs: Sequence[Pair], vectors: Vectors) -> dict[str, Figures]:
    """The figures of all pairs, and of those of each month."""
    months = {"all": pairs} | {
        month: [pair for pair in pairs if pair.month == month] for month in sorted({pair.month for pair in pairs})
    }
    return {month: measured(some, vectors) for month, some in months.items()}


def measured(pairs: Sequence[Pair], vectors: Vectors) -> Figures:
    scores = _cosines(vectors, pairs)
    kinds = np.array([pair.judgement for pair in pairs])
    clear = kinds != "related"
    threshold = _threshold(scores[clear], kinds[clear] == "same")
    found = kinds[scores >= threshold] == "same"
    precisions, recalls, _ = _curve(scores, kinds == "same")
    f1 = 2 * precisions * recalls / np.maximum(precisions + recalls, 1e-9)
    return Figures(float(found.sum() / (kinds == "same").sum()), float(found.mean()), threshold, float(f1.max()))


def _cosines(vectors: Vectors, pairs: Sequence[Pair]) -> Scores:
    exact = vectors.astype(np.float64)
    exact /= np.linalg.norm(exact, axis=1, keepdims=True)
    products: Scores = exact[[pair.one for pair in pairs]] * exact[[pair.other for pair in pairs]]
    return np.asarray(products.sum(axis=1))


def _threshold(scores: Scores, right: NDArray[np.bool_]) -> float:
    """The lowest score from which on so many are right."""
    precisions, _, sorted_scores = _curve(scores, right)
    enough = np.flatnonzero(precisions >= PRECISION)
    return float(sorted_scores[enough[-1]] if len(enough) else sorted_scores[0])


def _curve(scores: Scores, right: NDArray[np.bool_]) -> tuple[Scores, Scores, Scores]:
    """Precision and recall from each score on, the highest first."""
    order = np.argsort(-scores, kind="stable")
    hits = right[order].cumsum()
    return hits / np.arange(1, len(hits) + 1), hits / hits[-1], scores[order]
