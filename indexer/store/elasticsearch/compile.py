"""Selections as Elasticsearch queries. Pure.

A word in which analysis finds no token ("!!!") says nothing: it is left out wherever it stands, under AND, OR and
NOT alike. A query in which nothing is left matches nothing.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Final

from indexer.query.ast import All, And, Field, InStory, Named, Not, Or, Query, Range
from indexer.query.relevance import in_titles
from indexer.store.elasticsearch.leaves import compile_leaf
from indexer.store.fields import encodable
from indexer.store.port import FilterField, Freshness, Json, Request, Selection
from indexer.times import Millis

LONGEST_TERM: Final = 32_766
"""Bytes of the longest value that Lucene indexes; Elasticsearch refuses to look for longer ones."""

LIFT: Final = 2.0**90
"""By what faded scores are multiplied: they have 32 bits, so 216 half-lives make nothing of 1 instead of 126."""

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
    return {"terms": {field: [text for text in map(encodable, values) if _storable(text)]}}


def between(start: Millis | None, end: Millis | None) -> Json:
    """Ranked in the half-open span; at least one end is given."""
    ends = {"gte": start, "lt": end}
    return {"range": {"ranked_at": {name: moment for name, moment in ends.items() if moment is not None}}}


def scored(request: Request, *, ignoring: Collection[FilterField] = ()) -> Json:
    """The query of a request's selection where scores count: titles count more, and its boosts are added."""
    query = compile_selection(request.selection, ignoring=ignoring)
    more = (*in_titles(request.selection.query), *request.boosts)
    boosts = [weighted(compile_query(boost), weight) for boost, weight in more]
    return {"bool": {"must": [query], "should": boosts}} if boosts else query


def weighted(query: Json, weight: float) -> Json:
    return {"bool": {"must": [query], "boost": weight}}


def faded(query: Json, freshness: Freshness) -> Json:
    """A query whose scores are lifted, and halved by age. What is ranked after now is as of now."""
    now, half_life = freshness
    decay = {"exp": {"ranked_at": {"origin": now, "scale": f"{half_life}ms", "decay": 0.5}}}
    aged = {"range": {"ranked_at": {"lt": now}}}
    return {"function_score": {"query": query, "functions": [{"filter": aged, **decay}], "boost": LIFT}}


def compile_query(query: Query) -> Json:
    """The query of a syntax tree."""
    return _compile(query) or {"match_none": {}}


def _compile(query: Query) -> Json | None:  # noqa: PLR0911 - a case for each kind of node
    match query:
        case And(parts):
            return _all_of(parts)
        case Or(parts):
            return _any_of(parts)
        case Not():
            return _all_of((query,))
        case All():
            return {"match_all": {}}
        case Field(name, leaf):
            return compile_leaf(leaf, name)
        case Named(entity_id):
            return _named(encodable(entity_id))
        case InStory(story):
            return {"constant_score": {"filter": any_of("story", [story]), "boost": 0}}
        case Range(start, end):
            return {"constant_score": {"filter": between(start, end), "boost": 0}}
        case _:
            return compile_leaf(query, None)


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


def _named(entity_id: str) -> Json:
    return {"term": {"entity": entity_id}} if _storable(entity_id) else {"match_none": {}}


def _storable(value: str) -> bool:
    return len(value.encode()) <= LONGEST_TERM
