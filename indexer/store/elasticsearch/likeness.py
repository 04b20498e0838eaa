"""`similar`: what shares the most telling words and names of an article, in one search."""

from typing import Final

from indexer.article import Article
from indexer.query.ast import Named
from indexer.store.elasticsearch.compile import compile_query, compile_selection, weighted
from indexer.store.elasticsearch.searching import BY_SCORE, PATIENCE
from indexer.store.fields import TEXT, encodable
from indexer.store.port import DEEPEST_RELEVANCE, Json, Selection

MOST_TELLING: Final = 25
"""Words looked for: those that are the rarest for how often they stand in the article."""

LONGEST: Final = 20_000
"""Code points of an article in which they are found."""

MOST_NAMES: Final = 50
NAME_WEIGHT: Final = 2.0
"""A rare name counts about as much as a rare word."""


def similar_body(article: Article, selection: Selection, size: int) -> Json:
    """The articles of a selection by what they share with one. The selection does not score."""
    query = {
        "should": _by_words(article) + _by_names(article),
        "minimum_should_match": 1,
        "must_not": [{"term": {"id": encodable(article.id)}}],
        "filter": [compile_selection(selection)],
    }
    return {
        "query": {"bool": query},
        "sort": BY_SCORE,
        "size": min(size, DEEPEST_RELEVANCE),
        "track_total_hits": False,
        "timeout": PATIENCE,
    }


def _by_words(article: Article) -> list[Json]:
    """By text, for an id would be read."""
    text = encodable(f"{article.title} {article.summary} {article.body}"[:LONGEST])
    telling = {"max_query_terms": MOST_TELLING, "min_term_freq": 1, "min_doc_freq": 1, "boost_terms": 1}
    return [{"more_like_this": {"fields": [TEXT], "like": text, "minimum_should_match": "1", **telling}}]


def _by_names(article: Article) -> list[Json]:
    names = sorted(article.entities, key=lambda entity: -entity.count)[:MOST_NAMES]
    return [weighted(compile_query(Named(entity.id)), NAME_WEIGHT) for entity in names]
