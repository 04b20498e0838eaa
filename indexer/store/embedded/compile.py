"""Selections as Tantivy queries. Pure.

A word in which analysis finds no token ("!!!") says nothing: it is left out wherever it stands, under AND, OR and
NOT alike. A query in which nothing is left matches nothing.
"""

from collections.abc import Iterable, Sequence

from tantivy import FieldType, Occur
from tantivy import Query as Compiled

from indexer.query.ast import All, And, Field, InStory, Leaf, Named, Not, Or, Query, Range
from indexer.query.relevance import in_titles
from indexer.store.embedded.leaves import compile_leaf
from indexer.store.embedded.schema import Fields
from indexer.store.fields import encodable
from indexer.store.port import FilterField, Position, Request, Selection, Sort
from indexer.times import Millis


def compile_selection(selection: Selection, fields: Fields, *, ignoring: FilterField | None = None) -> Compiled:
    """The query of a selection, without the filter on the field `ignoring`. Filters and spans do not score."""
    wanted = compile_query(selection.query, fields)
    limits = [
        Compiled.term_set_query(fields.schema, name, [encodable(value) for value in values])
        for name, values in selection.filters.items()
        if values and name != ignoring
    ]
    if selection.start is not None or selection.end is not None:
        limits.append(between(fields, selection.start, selection.end))
    return restricted(wanted, *limits)


def scored(query: Compiled, request: Request, fields: Fields) -> Compiled:
    """The query of a request's selection where scores count: titles count more, and its boosts are added.

    An article among all has 1.
    """
    if isinstance(request.selection.query, All):
        query = Compiled.const_score_query(query, 1.0)  # within limits Tantivy would give 0
    more = (*in_titles(request.selection.query), *request.boosts)
    boosts = [(_compile(boost, fields), weight) for boost, weight in more]
    extra = [(Occur.Should, Compiled.boost_query(boost, weight)) for boost, weight in boosts if boost is not None]
    return Compiled.boolean_query([(Occur.Must, query), *extra]) if extra else query


def compile_query(query: Query, fields: Fields) -> Compiled:
    """The query of a syntax tree."""
    return _compile(query, fields) or Compiled.empty_query()


def restricted(query: Compiled, *limits: Compiled) -> Compiled:
    """A query within limits that leave its scores alone."""
    if not limits:
        return query
    silent = [(Occur.Must, Compiled.const_score_query(limit, 0.0)) for limit in limits]
    return Compiled.boolean_query([(Occur.Must, query), *silent])


def between(fields: Fields, start: Millis | None, end: Millis | None) -> Compiled:
    """Ranked in the half-open span; at least one end is given."""
    return Compiled.range_query(fields.schema, "ranked_at", FieldType.Integer, start, end, include_upper=end is None)


def at(fields: Fields, moment: Millis) -> Compiled:
    """Ranked in one millisecond."""
    return Compiled.term_query(fields.schema, "ranked_at", moment)


def behind(fields: Fields, position: Position, sort: Sort) -> Compiled:
    """Strictly behind a position under `newest` or `oldest`."""
    moment, key = position
    later = sort == "oldest"
    elsewhere = _beyond(fields, "ranked_at", moment, later=later)
    among_ties = restricted(at(fields, moment), _beyond(fields, "key", key, later=later))
    return Compiled.boolean_query([(Occur.Should, elsewhere), (Occur.Should, among_ties)])


def _beyond(fields: Fields, name: str, value: int, *, later: bool) -> Compiled:
    if later:
        return Compiled.range_query(fields.schema, name, FieldType.Integer, value, None, include_lower=False)
    return Compiled.range_query(fields.schema, name, FieldType.Integer, None, value, include_upper=False)


def _compile(query: Query, fields: Fields) -> Compiled | None:
    match query:
        case And(parts):
            return _all_of(parts, fields)
        case Or(parts):
            return _any_of(parts, fields)
        case Not():
            return _all_of((query,), fields)
        case All():
            return Compiled.all_query()
        case _:
            return _part(query, fields)


def _part(part: Leaf | Field | Named | InStory | Range, fields: Fields) -> Compiled | None:
    match part:
        case Field(name, leaf):
            return compile_leaf(leaf, name, fields)
        case Named(entity_id):
            return Compiled.term_query(fields.schema, "entity", encodable(entity_id), "basic")
        case InStory(story):
            told = Compiled.term_query(fields.schema, "story", encodable(story), "basic")
            return Compiled.const_score_query(told, 0.0)
        case Range(start, end):
            return Compiled.const_score_query(between(fields, start, end), 0.0)
        case _:
            return compile_leaf(part, None, fields)


def _all_of(parts: Sequence[Query], fields: Fields) -> Compiled | None:
    wanted = _compiled((part for part in parts if not isinstance(part, Not)), fields)
    unwanted = _compiled((part.part for part in parts if isinstance(part, Not)), fields)
    if not wanted and not unwanted:
        return None
    clauses = [(Occur.Must, part) for part in wanted or [Compiled.all_query()]]
    return Compiled.boolean_query(clauses + [(Occur.MustNot, part) for part in unwanted])


def _any_of(parts: Sequence[Query], fields: Fields) -> Compiled | None:
    clauses = [(Occur.Should, part) for part in _compiled(parts, fields)]
    return Compiled.boolean_query(clauses) if clauses else None


def _compiled(parts: Iterable[Query], fields: Fields) -> list[Compiled]:
    return [part for part in (_compile(part, fields) for part in parts) if part is not None]
