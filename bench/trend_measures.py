"""How good lists of trends are. Pure."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from indexer.article import Article
from indexer.times import HOUR, Millis
from service.trends.columns import Floats

Lists = Mapping[Millis, Sequence[int]]
"""What was listed, best first, at each moment."""


def ndcg(listed: Sequence[int], gains: Floats, number: int) -> float:
    """Normalised discounted cumulative gain of the first `number` (Järvelin and Kekäläinen, 2002); 0 where none can be.

    The gain is the value itself, the discount `1 / log2(rank + 1)`.
    """
    discounts = 1 / np.log2(np.arange(2, number + 2))
    best = np.sort(gains)[::-1][:number]
    ideal = float((best * discounts[: len(best)]).sum())
    found = gains[list(listed[:number])]
    return float((found * discounts[: len(found)]).sum()) / ideal if ideal > 0 else 0.0


def stability(lists: Lists) -> float:
    """The mean Jaccard similarity of the lists of two hours that follow each other."""
    pairs = [(set(one), set(lists[moment + HOUR])) for moment, one in lists.items() if moment + HOUR in lists]
    return float(np.mean([len(one & other) / len(one | other) for one, other in pairs if one | other]))


def hours_to_notice(lists: Lists, item: int, onset: Millis, within: int = 48) -> int | None:
    """How many whole hours after its onset an item is listed; None if it is not within so many."""
    moments = (onset + hour * HOUR for hour in range(within + 1))
    return next((hour for hour, moment in enumerate(moments) if item in lists.get(moment, ())), None)


def shuffled(articles: Sequence[Article], seed: int) -> list[Article]:
    """The articles with their times dealt out at random, all seen when ranked: as much at every time, and no news."""
    times = [article.ranked_at for article in articles]
    random.Random(seed).shuffle(times)  # noqa: S311 - chance is drawn by a seed, to be drawn again
    return [replace(one, ranked_at=time, seen_at=time) for one, time in zip(articles, times, strict=True)]
