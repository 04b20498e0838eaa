"""Selections as Elasticsearch queries. Pure.

A word in which analysis finds no token ("!!!") says nothing: it is left out wherever it stands, under AND, OR and
NOT alike. A query in which nothing is left matches nothing.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Final

from indexer.query.ast import All, And, Not, Or, Phrase, Query, Text
from indexer.query.tokens import terms
from indexer.store.fields import SEARCHED, encodable
from indexer.store.port import FilterField, Json, Selection
from indexer.times import Millis

LONGEST_TERM: Final = 32_766
"""Bytes of the longest value that Lucene indexes; Elasticsearch refuses to look for longer ones."""

IS_ARTICLE: Final[Json] = {"exists": {"field": "ranked_at"}}
"""What tombstones do not have."""


def compile_selection(selection: Selection, *, ignoring: Collection[FilterField] = ()) -> Json:
    """The query of a selection, without the filters on the fields `ignoring`. Filters and spans do not score."""
    limits = [IS_ARTICLE, *filters(selection, ignoring=ignoring)]
    if selection.start is not None or selection.end is not None:
        limits.append(between(selection.start, selection.end))
    match compile_query(selection.query):
        case {"bool": clauses}:
            return {"bool": clauses | {"filter": limits}}
        case wanted:
            return {"bool": {"must": [wanted], "filter": limits}}


def filters(selection: Selection, *, ignoring: Collection[FilterField] = ()) -> list[Json]:
    """The exact filters, one clause a field, in the order of the fields' names."""
    return [
        any_of(name, values) for name, values in sorted(selection.filters.items()) if values and name not in ignoring
    ]


def any_of(field: str, values: Iterable[str]) -> Json:
    """Has one of the values; nothing has one that is too long to be stored."""
    return {"terms": {field: [text for text in map(encodable, values) if len(text.encode()) <= LONGEST_TERM]}}


def between(start: Millis | None, end: Millis | None) -> Json:
    """Ranked in the half-open span; at least one end is given."""
    ends = {"gte": start, "lt": end}
    return {"range": {"ranked_at": {name: moment for name, moment in ends.items() if moment is not None}}}


def compile_query(query: Query) -> Json:
    """The query of a syntax tree."""
    return _compile(query) or {"match_none": {}}


def _compile(query: Query) -> Json | None:
    match query:
        case Text(words) | Phrase(words):
            return _together(encodable(words))
        case And(parts):
            return _all_of(parts)
        case Or(parts):
            return _any_of(parts)
        case Not():
            return _all_of((query,))
        case All():
            return {"match_all": {}}


def _all_of(parts: Iterable[Query]) -> Json | None:
    flat = list(_flattened(And, Or, parts))
    wanted = _compiled(part for part in flat if not isinstance(part, Not))
    unwanted = _compiled(part.part for part in flat if isinstance(part, Not))
    clauses = {name: clause for name, clause in (("must", wanted), ("must_not", unwanted)) if clause}
    return {"bool": clauses} if clauses else None


def _any_of(parts: Iterable[Query]) -> Json | None:
    clauses = _compiled(_flattened(Or, And, parts))
    return {"bool": {"should": clauses, "minimum_should_match": 1}} if clauses else None


def _flattened(kind: type[And | Or], dual: type[And | Or], parts: Iterable[Query]) -> Iterator[Query]:
    """The parts with those of the same kind inside them as their own, by De Morgan's laws too.

    Elasticsearch takes 30 queries inside each other; so there are at most two for each pair of brackets.
    """
    for part in parts:
        match part:
            case And(inner) | Or(inner) if isinstance(part, kind):
                yield from _flattened(kind, dual, inner)
            case Not(And(inner) | Or(inner)) if isinstance(part.part, dual):
                yield from _flattened(kind, dual, map(Not, inner))
            case Not(Not(twice)):
                yield from _flattened(kind, dual, (twice,))
            case _:
                yield part


def _compiled(parts: Iterable[Query]) -> list[Json]:
    return [clause for clause in map(_compile, parts) if clause is not None]


def _together(text: str) -> Json | None:
    """Every token of the text next to each other, in any of the searched fields; the best field counts."""
    fields = [f"{name}^{weight:g}" for name, weight in SEARCHED.items()]
    return {"multi_match": {"query": text, "type": "phrase", "fields": fields}} if terms(text) else None
