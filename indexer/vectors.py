"""What articles mean, as vectors: made of the title and the first words, and compared by the angle between them."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from indexer.article import Article
from nlp.encoder import Encoder, Vectors, cosine, text_of


def encoded(article: Article) -> str:
    """The text of an article that its vector is made of."""
    return text_of(article.title, article.summary or article.body)


def with_vectors(articles: Sequence[Article]) -> list[Article]:
    """The articles, those that had no vector with one."""
    missing = [article for article in articles if not article.vector]
    made = {id(one): row.tobytes() for one, row in zip(missing, _encode(missing), strict=True)}
    return [replace(one, vector=made[id(one)]) if id(one) in made else one for one in articles]


def likeness(one: bytes, other: bytes) -> float:
    """The cosine of two vectors; 0 where there is none, or they are of different encoders."""
    if len(one) != len(other) or not one:
        return 0.0
    return float(cosine(*rows([one, other])))


def rows(vectors: Sequence[bytes]) -> Vectors:
    """Vectors of one length as rows."""
    return np.frombuffer(b"".join(vectors), np.int8).reshape(len(vectors), -1)


def _encode(articles: Sequence[Article]) -> Vectors:
    return Encoder.load().encode([encoded(article) for article in articles])
