"""`similar`: what shares the most telling words and names of an article."""

from collections import Counter
from collections.abc import Iterator
from heapq import nlargest
from math import log
from typing import Final

from tantivy import Occur, Query, Searcher

from indexer.article import Article
from indexer.query.ast import All
from indexer.query.stopwords import is_stop_word
from indexer.store.embedded.compile import compile_selection, restricted
from indexer.store.embedded.schema import Fields
from indexer.store.fields import TEXT, encodable
from indexer.store.port import Selection

MOST_TELLING: Final = 25
"""Words looked for: those that are the rarest for how often they stand in the article."""
LONGEST: Final = 20_000
"""Code points of an article in which they are found."""
TITLE: Final = 2
"""How often a word of the title counts."""
MOST_NAMES: Final = 50
NAME_WEIGHT: Final = 2.0
"""A rare name counts about as much as two rare words."""


def compile_likeness(searcher: Searcher, article: Article, selection: Selection, fields: Fields) -> Query | None:
    """The articles of a selection, itself among them, by what they share with one. None if it has nothing to go by.

    Without limits, Tantivy can leave out most of the articles that share little.
    """
    shared = [(Occur.Should, query) for query in (*_words(searcher, article, fields), *_names(article, fields))]
    if not shared:
        return None
    alike = Query.boolean_query(shared)
    return restricted(alike, compile_selection(selection, fields)) if _limits(selection) else alike


def _limits(selection: Selection) -> bool:
    filtered = any(selection.filters.values()) or selection.start is not None or selection.end is not None
    return filtered or not isinstance(selection.query, All)


def _words(searcher: Searcher, article: Article, fields: Fields) -> Iterator[Query]:
    """The most telling words; the best one weighs 1."""
    weights = _weights(searcher, article, fields)
    telling = nlargest(MOST_TELLING, weights, key=lambda word: (weights[word], word))
    for word in telling:
        weight = weights[word] / weights[telling[0]]
        yield Query.boost_query(Query.term_query(fields.schema, TEXT, word, "freq"), weight)


def _weights(searcher: Searcher, article: Article, fields: Fields) -> dict[str, float]:
    """How much each word of an article tells: often here, rare elsewhere. Stop words tell nothing."""
    analyzer = fields.analyzers["news"]
    often = Counter(analyzer.analyze(encodable(f"{article.summary} {article.body}"[:LONGEST])))
    often.update(analyzer.analyze(encodable(article.title[:LONGEST])) * TITLE)
    articles = searcher.num_docs
    found_in = {word: searcher.doc_freq(TEXT, word) for word in often if not is_stop_word(word)}
    return {
        word: (1 + log(often[word])) * log(1 + articles / number) for word, number in found_in.items() if number > 0
    }


def _names(article: Article, fields: Fields) -> Iterator[Query]:
    for entity in nlargest(MOST_NAMES, article.entities, key=lambda one: one.count):
        yield Query.boost_query(Query.term_query(fields.schema, "entity", encodable(entity.id), "basic"), NAME_WEIGHT)
