"""Exact facets and histograms."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from tantivy import Query, Searcher

from indexer.query.ast import All
from indexer.store.document import TYPES
from indexer.store.embedded.frequent import Counted, counts_of, most_frequent
from indexer.store.embedded.kept import KeptCounts
from indexer.store.embedded.pages import count
from indexer.store.embedded.view import View
from indexer.store.fields import chosen_values, filter_of, is_listed
from indexer.store.port import Facet, FacetField, FacetValue, FilterField, Selection
from indexer.times import Millis

_MANY_VALUED: Final = frozenset({"entity", *TYPES})
_RANGES: Final = 10_000
"""Well under the 65,000 buckets that one answer may have."""


class Wanted(NamedTuple):
    """One facet: how many values to list, and those that are listed in any case."""

    field: FacetField
    size: int
    chosen: tuple[str, ...]

    @property
    def enough(self) -> int:
        """The most frequent values that settle those that are not chosen, and whether there are more."""
        return self.size + len(self.chosen) + 1


def facets(
    view: View,
    selection: Selection,
    sizes: Mapping[FacetField, int],
    compiled: Callable[[FilterField | None], Query],
    *,
    total: int,
    kept: KeptCounts,
) -> dict[FacetField, Facet]:
    """Every facet, over the selection without the filter on its own field: `compiled` makes that query.

    `total` is how many articles the selection has. What is counted over all articles is taken from `kept` where the
    values are many.
    """
    wanted = [Wanted(field, size, chosen_values(selection, field)) for field, size in sizes.items()]
    found: dict[FacetField, Facet] = {}
    for ignored, group in _by_query(wanted, selection).items():
        known = [one for one in group if one.field in _MANY_VALUED and _is_everything(selection, ignored)]
        found |= {one.field: _facet(one, *kept.ranked(view, one.field, one.enough, one.chosen)) for one in known}
        rest = [one for one in group if one not in known]
        query = compiled(ignored)
        found |= _counted(view.searcher, query, rest, count(view.searcher, query) if ignored else total)
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


def _is_everything(selection: Selection, ignored: FilterField | None) -> bool:
    """Whether a selection is all articles without the filter on one field."""
    filtered = any(values for name, values in selection.filters.items() if name != ignored)
    return isinstance(selection.query, All) and selection.start is None and selection.end is None and not filtered


def _counted(searcher: Searcher, query: Query, group: Sequence[Wanted], total: int) -> dict[FacetField, Facet]:
    if not group:
        return {}
    ranked = most_frequent(searcher, query, {one.field: one.enough for one in group}, total)
    chosen = counts_of(searcher, query, {one.field: one.chosen for one in group})
    return {one.field: _facet(one, ranked[one.field], chosen[one.field]) for one in group}


def _facet(wanted: Wanted, ranked: Counted, counts: Mapping[str, int]) -> Facet:
    """A facet out of the most frequent values and the counts of the chosen ones."""
    tally = {value: counts.get(value, 0) for value in wanted.chosen}
    listed = [(value, count) for value, count in tally.items() if is_listed(wanted.field, value, count)]
    chosen = [FacetValue(value, count, selected=True) for value, count in listed]
    others = [FacetValue(value, count) for value, count in ranked if value not in wanted.chosen]
    chosen.sort(key=lambda one: (-one.count, one.value))
    room = max(0, wanted.size - len(chosen))
    return Facet((*chosen, *others[:room]), more=len(others) > room)


def _counts(searcher: Searcher, query: Query, spans: Sequence[tuple[Millis, Millis]]) -> list[int]:
    ranges = [{"from": start, "to": end} for start, end in spans]
    answer = searcher.aggregate(query, {"spans": {"range": {"field": "ranked_at", "ranges": ranges}}})
    counted = {bucket.get("from"): bucket["doc_count"] for bucket in answer["spans"]["buckets"] if "to" in bucket}
    return [counted.get(start, 0) for start, _ in spans]
