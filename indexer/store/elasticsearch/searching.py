"""Requests as the bodies of searches, and the answers read back. Pure."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

from indexer.store.document import from_document
from indexer.store.elasticsearch.compile import LIFT, any_of, compile_selection, faded, filters, scored
from indexer.store.fields import check_fields, chosen_values, filter_of, is_listed
from indexer.store.port import (
    DEEPEST_RELEVANCE,
    Facet,
    FacetField,
    FacetValue,
    FilterField,
    Hit,
    Json,
    Request,
    Response,
    Selection,
    Sort,
)
from indexer.times import Millis

PATIENCE: Final = "20s"
CANDIDATES: Final = 2_000
"""Values that each shard hands in for a facet. Where it has more, the counts of those shown are made a second time."""

BY_SCORE: Final[list[Json]] = [{"_score": "desc"}, {"ranked_at": "desc"}, {"key": "desc"}]
BY_TIME: Final[dict[Sort, list[Json]]] = {
    "newest": [{"ranked_at": "desc"}, {"key": "desc"}],
    "oldest": [{"ranked_at": "asc"}, {"key": "asc"}],
}


def search_body(request: Request) -> Json:
    """One search for hits, total and facets. Filters on fields that are facets too act after the facets counted."""
    check_fields(request.selection, request.facets)
    late = _late_filters(request)
    query = scored(request, ignoring=late)
    body = _counting(faded(query, request.freshness) if request.freshness else query) | {
        "sort": BY_TIME.get(request.sort, BY_SCORE),
        "size": _size(request),
    }
    if late:
        body["post_filter"] = {"bool": {"filter": filters(_only(request.selection, late))}}
    if request.facets:
        body["aggs"] = {field: _facet(request, field, _values_aggs(request, field)) for field in request.facets}
    if request.sort not in BY_TIME:
        return body | {"from": min(request.offset, DEEPEST_RELEVANCE)}
    return body | ({"search_after": list(request.after)} if request.after else {})


def recount_body(request: Request, answer: Json) -> Json | None:
    """A second count of the values of the facets whose counts are approximate; None where all are exact."""
    wanted = {field: _top(answer, field) for field in request.facets}
    aggs = {
        field: _facet(request, field, {"exact": _counts(field, [bucket["key"] for bucket in top["buckets"]])})
        for field, top in wanted.items()
        if top["doc_count_error_upper_bound"]
    }
    if not aggs:
        return None
    query = compile_selection(request.selection, ignoring=_late_filters(request))
    return _counting(query) | {"size": 0, "aggs": aggs}


def count_body(selection: Selection) -> Json:
    check_fields(selection)
    return _counting(compile_selection(selection)) | {"size": 0}


def newest_body() -> Json:
    """The latest arrival. Elasticsearch keeps the answer until something changes; tombstones have no `seen_at`."""
    return {"size": 0, "track_total_hits": False, "aggs": {"newest": {"max": {"field": "seen_at"}}}}


def histogram_body(selection: Selection, edges: Sequence[Millis]) -> Json:
    """Counts between neighbouring edges."""
    ranges = [{"from": start, "to": end} for start, end in pairwise(edges)]
    return count_body(selection) | {"aggs": {"spans": {"range": {"field": "ranked_at", "ranges": ranges}}}}


def search_type(body: Json) -> str:
    """Scores come from the rarity of words in the whole index, not in each shard; of one shard that costs nothing."""
    return "dfs_query_then_fetch" if body.get("sort") == BY_SCORE else "query_then_fetch"


def read_response(request: Request, answer: Json, recount: Json | None) -> Response:
    """The response for an answer to `search_body`, and for one to `recount_body` where that was needed."""
    hits = tuple(_read_hit(request, hit) for hit in answer["hits"]["hits"])
    facets = {field: _read_facet(request, field, answer, recount) for field in request.facets}
    return Response(hits, answer["hits"]["total"]["value"], facets)


def _read_hit(request: Request, hit: Json) -> Hit:
    score = hit["_score"] if request.sort not in BY_TIME else None
    return Hit(from_document(hit["_source"]), score / LIFT if score and request.freshness else score)


def read_newest(answer: Json) -> Millis | None:
    value = answer["aggregations"]["newest"]["value"]
    return None if value is None else int(value)


def read_histogram(answer: Json) -> list[int]:
    return [bucket["doc_count"] for bucket in answer["aggregations"]["spans"]["buckets"]]


def _counting(query: Json) -> Json:
    return {"query": query, "track_total_hits": True, "timeout": PATIENCE}


def _size(request: Request) -> int:
    if request.sort not in BY_TIME:
        return max(0, min(request.size, DEEPEST_RELEVANCE - request.offset))
    return request.size


def _late_filters(request: Request) -> set[FilterField]:
    """The fields that are both filtered and counted in a facet that ignores their filter."""
    return {name for name in map(filter_of, request.facets) if request.selection.filters.get(name)}


def _only(selection: Selection, fields: set[FilterField]) -> Selection:
    return Selection(filters={name: values for name, values in selection.filters.items() if name in fields})


def _facet(request: Request, field: FacetField, aggs: Json) -> Json:
    """Aggregations within the late filters of the other fields."""
    within = filters(_only(request.selection, _late_filters(request) - {filter_of(field)}))
    return {"filter": {"bool": {"filter": within}}, "aggs": aggs}


def _values_aggs(request: Request, field: FacetField) -> Json:
    chosen = chosen_values(request.selection, field)
    terms = {
        "field": field,
        "size": request.facets[field] + len(chosen) + 1,
        "shard_size": CANDIDATES,
        "order": [{"_count": "desc"}, {"_key": "asc"}],
    }
    return {"top": {"terms": terms}} | ({"chosen": _counts(field, chosen)} if chosen else {})


def _counts(field: FacetField, values: Sequence[str]) -> Json:
    return {"filters": {"filters": [any_of(field, [value]) for value in values]}}


def _read_facet(request: Request, field: FacetField, answer: Json, recount: Json | None) -> Facet:
    chosen = chosen_values(request.selection, field)
    counts = _chosen_counts(answer, field, chosen)
    others = {value: count for value, count in _top_counts(answer, recount, field).items() if value not in counts}
    room = max(0, request.facets[field] - len(counts))
    return Facet(_ordered(counts, selected=True) + _ordered(others)[:room], more=len(others) > room)


def _ordered(counts: Mapping[str, int], *, selected: bool = False) -> tuple[FacetValue, ...]:
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(FacetValue(value, count, selected) for value, count in ordered)


def _chosen_counts(answer: Json, field: FacetField, chosen: Sequence[str]) -> dict[str, int]:
    if not chosen:
        return {}
    buckets = answer["aggregations"][field]["chosen"]["buckets"]
    counts = {value: bucket["doc_count"] for value, bucket in zip(chosen, buckets, strict=True)}
    return {value: count for value, count in counts.items() if is_listed(field, value, count)}


def _top_counts(answer: Json, recount: Json | None, field: FacetField) -> dict[str, int]:
    counted = {bucket["key"]: bucket["doc_count"] for bucket in _top(answer, field)["buckets"]}
    if recount is None or field not in recount["aggregations"]:
        return counted
    buckets = recount["aggregations"][field]["exact"]["buckets"]
    return {value: bucket["doc_count"] for value, bucket in zip(counted, buckets, strict=True)}


def _top(answer: Json, field: FacetField) -> Json:
    found: Json = answer["aggregations"][field]["top"]
    return found
