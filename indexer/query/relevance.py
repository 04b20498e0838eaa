"""What makes an article fit a query better, beside that it has its words. Pure."""

from collections.abc import Iterator
from typing import Final

from indexer.query.ast import And, Field, Or, Phrase, Query, Text

Boost = tuple[Query, float]
"""A query, and by how much its score counts for articles that match another one."""

TITLE: Final = 0.3
"""What a word in the title counts beside the same word in the whole text. Measured: see bench/quality_search.py."""


def in_titles(query: Query) -> tuple[Boost, ...]:
    """The words and phrases of a query, in titles."""
    return tuple((Field("title", leaf), TITLE) for leaf in _wanted(query))


def _wanted(query: Query) -> Iterator[Text | Phrase]:
    match query:
        case Text() | Phrase():
            yield query
        case And(parts) | Or(parts):
            for part in parts:
                yield from _wanted(part)
        case _:
            return
