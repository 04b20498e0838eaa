"""Lists of things that are not all about the same: maximal marginal relevance (Carbonell and Goldstein, 1998)."""

from typing import Final, NamedTuple

import numpy as np

from service.trends.columns import Floats, Indices, Ints
from service.trends.scoring import DECIMALS

_NOTHING: Final = 1e-9


class Placed(NamedTuple):
    """An item by its place in the order of scores, and the item that it stands below for being too like it."""

    item: int
    demoted_by: int | None


def diversify(scores: Floats, similarity: Floats, diversity: float, limit: int) -> list[Placed]:
    """The order of a list. Scores descend; `similarity` of two items is from 0 to 1.

    Each place goes to the item with the highest `(1 - diversity) * score / best score - diversity * similarity` to the
    most similar above it; of equals, to that with the better score.
    """
    relevance = (1 - diversity) * scores / max(float(scores.max(initial=0)), _NOTHING)
    likeness = np.zeros(len(scores))
    nearest = np.zeros(len(scores), np.intp)
    demoted: dict[int, int] = {}
    left, chosen = list(range(len(scores))), list[int]()
    while left and len(chosen) < limit:
        worth = np.round(relevance[left] - diversity * likeness[left], DECIMALS)
        item = left.pop(int(worth.argmax()))
        demoted |= {better: int(nearest[better]) for better in left if better < item and likeness[better] > 0}
        chosen.append(item)
        closer = similarity[item] > likeness
        likeness[closer], nearest[closer] = similarity[item][closer], item
    return [Placed(item, demoted.get(item)) for item in chosen]


def cosine(owners: Indices, features: Ints, number: int) -> Floats:
    """How alike a `number` of items are by how often each feature occurs in each."""
    present = np.bincount(features, minlength=1) > 0
    columns, width = (np.cumsum(present) - 1)[features], int(np.count_nonzero(present))
    counts = np.bincount(owners * width + columns, minlength=number * width).reshape(number, width).astype(np.float64)
    products = counts @ counts.T
    lengths = np.sqrt(products.diagonal())
    alike: Floats = np.divide(products, np.outer(lengths, lengths), out=np.zeros_like(products), where=products > 0)
    return alike
