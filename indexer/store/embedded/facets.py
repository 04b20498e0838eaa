"""Exact facets and histograms out of Tantivy's aggregations."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from tantivy import Query, Searcher

from indexer.store.fields import chosen_values, filter_of
from indexer.store.port import Facet, FacetField, FacetValue, FilterField, Json, Selection
from indexer.times import Millis

_PER_SEGMENT: Final = 60_000
_RANGES: Final = 10_000
"""Both well under the 65,000 buckets that one answer may have."""


class Wanted(NamedTuple):
    """One facet: how many values to list, and those that are listed in any case."""

    field: FacetField
    size: int
    chosen: tuple[str, ...]

    @property
    def others(self) -> int:
        """How many values that are not chosen fit."""
        return max(0, self.size - len(self.chosen))

    @property
    def enough(self) -> int:
        """The most frequent values that settle the others, and whether there are more."""
        return self.others + len(self.chosen) + 1


def facets(
    searcher: Searcher,
    selection: Selection,
    sizes: Mapping[FacetField, int],
    compiled: Callable[[FilterField | None], Query],
) -> dict[FacetField, Facet]:
    """Every facet, over the selection without the filter on its own field: `compiled` makes that query."""
    wanted = [Wanted(field, size, chosen_values(selection, field)) for field, size in sizes.items()]
    found: dict[FacetField, Facet] = {}
    for ignored, group in _by_query(wanted, selection).items():
        query = compiled(ignored)
        answers = _terms(searcher, query, {one.field: {"size": one.enough} for one in group})
        found |= {one.field: _facet(searcher, query, one, answers[one.field]) for one in group}
    return {field: found[field] for field in sizes}


def histogram(searcher: Searcher, query: Query, edges: Sequence[Millis]) -> list[int]:
    """Articles ranked from each edge up to the next."""
    spans = list(pairwise(edges))
    chunks = [spans[start : start + _RANGES] for start in range(0, len(spans), _RANGES)]
    return [count for chunk in chunks for count in _counts(searcher, query, chunk)]


def _by_query(wanted: Sequence[Wanted], selection: Selection) -> dict[FilterField | None, list[Wanted]]:
    """The facets that can be counted in one pass, by the filter that they ignore."""
    groups: dict[FilterField | None, list[Wanted]] = {}
    for one in wanted:
        own = filter_of(one.field)
        groups.setdefault(own if own in selection.filters else None, []).append(one)
    return groups


def _facet(searcher: Searcher, query: Query, wanted: Wanted, answer: Json) -> Facet:
    counts = _most_frequent(searcher, query, wanted, answer)
    known = dict(counts)
    known |= _counts_of(searcher, query, wanted.field, [value for value in wanted.chosen if value not in known])
    chosen = [FacetValue(value, known.get(value, 0), selected=True) for value in wanted.chosen]
    others = [FacetValue(value, count) for value, count in counts if value not in wanted.chosen]
    chosen.sort(key=lambda one: (-one.count, one.value))
    return Facet((*chosen, *others[: wanted.others]), more=len(others) > wanted.others)


def _most_frequent(searcher: Searcher, query: Query, wanted: Wanted, answer: Json) -> list[tuple[str, int]]:
    """The `enough` most frequent values, in the order of the port, which is the order of Tantivy's answers.

    Where a segment has more values than it may hand in, the aggregation can miscount. Then every value is counted.
    """
    if answer["doc_count_error_upper_bound"]:
        return searcher.terms_with_prefix(wanted.field, "", query, wanted.enough)
    return [(bucket["key"], bucket["doc_count"]) for bucket in answer["buckets"]]


def _counts_of(searcher: Searcher, query: Query, field: str, values: list[str]) -> dict[str, int]:
    if not values:
        return {}
    buckets = _terms(searcher, query, {field: {"size": len(values), "include": values}})[field]["buckets"]
    return {bucket["key"]: bucket["doc_count"] for bucket in buckets}


def _terms(searcher: Searcher, query: Query, fields: Mapping[str, Json]) -> Json:
    """The answers to terms aggregations, by field, from one pass over the articles."""
    answer: Json = searcher.aggregate(
        query,
        {
            field: {"terms": {"field": field, "segment_size": _PER_SEGMENT, **options}}
            for field, options in fields.items()
        },
    )
    return answer


def _counts(searcher: Searcher, query: Query, spans: Sequence[tuple[Millis, Millis]]) -> list[int]:
    ranges = [{"from": start, "to": end} for start, end in spans]
    answer = searcher.aggregate(query, {"spans": {"range": {"field": "ranked_at", "ranges": ranges}}})
    counted = {bucket.get("from"): bucket["doc_count"] for bucket in answer["spans"]["buckets"] if "to" in bucket}
    return [counted.get(start, 0) for start, _ in spans]
