"""Which articles show best what an item is in the news for."""

from itertools import chain, islice
from typing import Final

import numpy as np

from indexer.times import Millis
from service.trends.columns import Array, Indices
from service.trends.scoring import best
from service.trends.snapshot import ArticleColumns, View

SHOWN: Final = 3
_POOL: Final = 50


def evidence(view: View, articles: Indices, aboutness: Array, half_life: Millis) -> tuple[str, ...]:
    """The ids of the articles that are most about something, by `2 ** (-age / half_life) * aboutness`.

    Those of different sources and titles come first.
    """
    columns = view.snapshot.articles
    weights = aboutness * np.exp2((columns.ranked_at[articles] - view.now) / half_life)
    pool = articles[best(weights, lambda place: columns.ids[articles[place]], _POOL)].tolist()
    varied = _varied(columns, pool)
    repeats = (article for article in pool if article not in varied)
    return tuple(columns.ids[article] for article in islice(chain(varied, repeats), SHOWN))


def _varied(columns: ArticleColumns, pool: list[int]) -> list[int]:
    """The first of the pool that differ in source and title, no more than are shown."""
    sources: set[int] = set()
    titles: set[int] = set()
    varied: list[int] = []
    for article in pool:
        source, title = int(columns.source[article]), int(columns.title[article])
        if source not in sources and title not in titles:
            varied.append(article)
            sources.add(source)
            titles.add(title)
        if len(varied) == SHOWN:
            break
    return varied
