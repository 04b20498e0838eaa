"""The most frequent values of fields among the articles of a query, exactly, out of Tantivy's aggregations.

An aggregation takes from each segment of the index its most frequent values only. Of a few thousand articles nearly
all are taken. Of more, that costs several times as much as to ask for a few and then for the exact counts of these,
which mostly settles it.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from tantivy import Query, Searcher

from indexer.store.port import Json

_FEW: Final = 20_000
"""Articles."""
_GLANCE: Final = 300
"""Values that each segment hands in at first."""
_CANDIDATES: Final = 3
"""How many times more values than wanted are counted exactly."""
_PER_SEGMENT: Final = 60_000
"""Well under the 65,000 buckets that one answer may have."""

Counted = list[tuple[str, int]]
"""Values and their counts, by count, then by value in code point order."""


def most_frequent(searcher: Searcher, query: Query, numbers: Mapping[str, int], articles: int) -> dict[str, Counted]:
    """So many values of each field, for a query with so many articles."""
    found = _glimpsed(searcher, query, numbers) if articles > _FEW else {}
    rest = {field: {"size": number} for field, number in numbers.items() if field not in found}
    for field, answer in (_terms(searcher, query, rest) if rest else {}).items():
        number = numbers[field]
        doubtful = _error(answer)
        found[field] = searcher.terms_with_prefix(field, "", query, number) if doubtful else _counted(answer)
    return found


def counts_of(searcher: Searcher, query: Query, values: Mapping[str, Sequence[str]]) -> dict[str, dict[str, int]]:
    """The counts of some values of each field; those of no article are left out."""
    wanted = {field: {"size": len(some), "include": list(some)} for field, some in values.items() if some}
    answers = _terms(searcher, query, wanted) if wanted else {}
    return {field: dict(_counted(answers[field])) if field in answers else {} for field in values}


def _glimpsed(searcher: Searcher, query: Query, numbers: Mapping[str, int]) -> dict[str, Counted]:
    """The fields that exact counts of some values settle: no other can be as frequent as the last one wanted."""
    few = {field: {"size": _CANDIDATES * number, "segment_size": _GLANCE} for field, number in numbers.items()}
    answers = _terms(searcher, query, few)
    settled = {field: _counted(answer)[: numbers[field]] for field, answer in answers.items() if not _error(answer)}
    candidates = {field: [bucket["key"] for bucket in answers[field]["buckets"]] for field in numbers.keys() - settled}
    for field, counts in counts_of(searcher, query, candidates).items():
        ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[: numbers[field]]
        others = _error(answers[field]) + min(bucket["doc_count"] for bucket in answers[field]["buckets"])
        if len(ranked) == numbers[field] and ranked[-1][1] > others:
            settled[field] = ranked
    return settled


def _terms(searcher: Searcher, query: Query, fields: Mapping[str, Json]) -> Json:
    """The answers to terms aggregations, by field, from one pass over the articles."""
    asked = {
        field: {"terms": {"field": field, "segment_size": _PER_SEGMENT, **options}} for field, options in fields.items()
    }
    answer: Json = searcher.aggregate(query, asked)
    return answer


def _error(answer: Json) -> int:
    """By how much a count may be too low, and how frequent a value may be that is missing."""
    error: int = answer["doc_count_error_upper_bound"]
    return error


def _counted(answer: Json) -> Counted:
    return [(bucket["key"], bucket["doc_count"]) for bucket in answer["buckets"]]
