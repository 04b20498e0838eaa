"""Which article stands for a story. Pure."""

from collections import Counter
from collections.abc import Sequence
from math import sqrt
from typing import Final

import numpy as np

from indexer.article import Article
from indexer.times import DAY
from indexer.vectors import rows

HALF_LIFE: Final = 2 * DAY
"""At which age, beside the newest of its story, an article must be twice as like the others to stand for it."""


def representative(articles: Sequence[Article]) -> Article:
    """The article that is most like the others in meaning and in names; of two alike, the newer one."""
    newest = max(article.ranked_at for article in articles)
    likenesses = zip(articles, _by_meaning(articles), _by_names(articles), strict=True)
    weighed = {
        article.id: (meaning + names) * 2 ** ((article.ranked_at - newest) / HALF_LIFE)
        for article, meaning, names in likenesses
    }
    return max(articles, key=lambda article: (weighed[article.id], article.order))


def _by_meaning(articles: Sequence[Article]) -> list[float]:
    """The cosine of each vector and the middle of all; 0 where there is none."""
    length = max(len(article.vector) for article in articles)
    present = [article.vector if len(article.vector) == length else bytes(length) for article in articles]
    vectors = rows(present).astype(np.float32) if length else np.zeros((len(articles), 1), np.float32)
    lengths = np.linalg.norm(vectors, axis=1)
    units = vectors / np.where(lengths, lengths, 1)[:, np.newaxis]
    middle = units.sum(axis=0)
    cosines = units @ middle / (float(np.linalg.norm(middle)) or 1.0)
    return [round(float(cosine), 6) for cosine in cosines]


def _by_names(articles: Sequence[Article]) -> list[float]:
    """The cosine of the names of each article and those of all; 0 without names."""
    counts = Counter(entity.id for article in articles for entity in article.entities)
    length = sqrt(sum(count * count for count in counts.values())) or 1.0
    return [
        sum(counts[entity.id] for entity in article.entities) / (sqrt(len(article.entities)) * length)
        if article.entities
        else 0.0
        for article in articles
    ]
