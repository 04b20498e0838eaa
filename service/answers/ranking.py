"""What a ranked list holds beside the best articles of a search, and how articles like one are ranked."""

from dataclasses import replace
from typing import Final

from indexer.article import Article
from indexer.query.ast import And, Not
from indexer.query.feedback import ARTICLES, feedback
from indexer.store.port import Hit, Request, Selection, Store
from indexer.vectors import likeness

ENOUGH: Final = 10
"""A ranked list of fewer articles with all of the words goes on with others, up to so many in all."""
CANDIDATES: Final = 50
"""How many articles that share words and names with one are compared by what they mean."""


def with_feedback(store: Store, request: Request) -> Request:
    """A search that puts first what is like the best articles it would find without. StoreError."""
    first = replace(request, size=ARTICLES, offset=0, facets={})
    best = [(hit.article, hit.score or 0.0) for hit in store.search(first).hits]
    return replace(request, boosts=feedback(request.selection.query, best))


def near_misses(store: Store, request: Request, any_word: Selection, found: int) -> tuple[Hit, ...]:
    """The best articles with some of the words, where too few (`found`) have all. StoreError."""
    others = And((any_word.query, Not(request.selection.query)))
    wanted = min(ENOUGH, request.size - 1) - found
    if wanted <= 0 or any_word == request.selection:
        return ()
    return store.search(replace(request, selection=replace(any_word, query=others), size=wanted, facets={})).hits


def most_like(store: Store, article: Article, selection: Selection, size: int) -> tuple[Hit, ...]:
    """The articles of a selection most like one: by words and names, and as much by meaning. StoreError."""
    found = store.similar(article, selection, max(size, CANDIDATES))
    best = max((hit.score or 0.0 for hit in found), default=0.0) or 1.0
    weighed = [
        replace(hit, score=(hit.score or 0.0) / best + likeness(article.vector, hit.article.vector)) for hit in found
    ]
    return tuple(sorted(weighed, key=lambda hit: -(hit.score or 0.0))[:size])
