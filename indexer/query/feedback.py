"""What the best articles of a search have in common, to put more like them first: pseudo-relevance feedback.

The relevance model RM3 (Abdul-Jaleel et al., UMass at TREC 2004), as an addition to scores: it decides no match.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from indexer.article import Article
from indexer.query.ast import All, And, Field, Not, Or, Query, Range, Text
from indexer.query.relevance import Boost
from indexer.query.stopwords import is_stop_word
from indexer.query.tokens import term, tokens

ARTICLES: Final = 8
"""How many of the best articles are read."""
WORDS: Final = 20
"""How many of their words count."""
SHARE: Final = 0.3
"""Of the weight of the whole query, the part that goes to these words."""
READ: Final = 2_000
"""Characters read of an article: news says what it is about at the start."""


def feedback(query: Query, best: Sequence[tuple[Article, float]]) -> tuple[Boost, ...]:
    """Words that the best articles of a search share, with weights: an article's words count by its score."""
    asked = _size(query)
    if not asked or not best:
        return ()
    weights = _model(best)
    chosen = sorted(weights.items(), key=lambda word: (-word[1], word[0]))[:WORDS]
    total = sum(weight for _, weight in chosen)
    scale = asked * SHARE / (1 - SHARE)
    return tuple((Text(word), scale * weight / total) for word, weight in chosen)


def _model(best: Iterable[tuple[Article, float]]) -> dict[str, float]:
    """How much each word, in the form that came first, stands for the articles."""
    model: dict[str, float] = defaultdict(float)
    written: dict[str, str] = {}
    for article, score in best:
        counts = _counts(article, written)
        for stem, count in counts.items():
            model[written[stem]] += score * count / counts.total()
    return model


def _counts(article: Article, written: dict[str, str]) -> Counter[str]:
    text = f"{article.title}\n{article.summary}\n{article.body}"[:READ]
    counts: Counter[str] = Counter()
    for token in tokens(text):
        if len(token) > 1 and not is_stop_word(token, shouting=True):
            stem = term(token)
            written.setdefault(stem, token)
            counts[stem] += 1
    return counts


def _size(query: Query) -> int:
    """How many words and phrases a query looks for."""
    match query:
        case And(parts) | Or(parts):
            return sum(map(_size, parts))
        case Field(_, part):
            return _size(part)
        case Not() | Range() | All():
            return 0
        case _:
            return 1
