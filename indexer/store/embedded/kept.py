"""How many of all articles have each value of a field, kept from one commit to the next.

Counting a million articles takes a third of a second, and what a commit changes a few milliseconds. So the articles
that changed are counted twice, as they were and as they are. What is kept equals a count of everything, always.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from heapq import nlargest
from threading import Lock
from typing import Final

from tantivy import Query, Searcher

from indexer.store.embedded.ledger import Ledger
from indexer.store.embedded.schema import Fields
from indexer.store.embedded.view import View
from indexer.store.port import FacetField

MOST_CHANGED: Final = 10_000
"""Articles; when more have changed, counting everything anew is quicker."""
_AT_ONCE: Final = 500
_MOST_VALUES: Final = 60_000
POOL: Final = 1_000
"""Values that are ranked without looking at all of them."""


class KeptCounts:
    """Counts over all articles, by field, for the newest view of the index that was asked for."""

    def __init__(self, ledger: Ledger, fields: Fields) -> None:
        self._ledger = ledger
        self._fields = fields
        self._view: View | None = None
        self._tallies: dict[FacetField, Tally] = {}
        self._lock = Lock()

    def ranked(
        self, view: View, field: FacetField, number: int, values: Sequence[str]
    ) -> tuple[list[tuple[str, int]], dict[str, int]]:
        """The `number` most frequent values of a field, then by value, and the counts of `values`."""
        with self._lock:
            tally = self._tally(view, field)
            return tally.most_frequent(number), {value: tally.counts.get(value, 0) for value in values}

    def _tally(self, view: View, field: FacetField) -> "Tally":
        if view is not self._view:
            self._move_to(view)
        if field not in self._tallies:
            everything = view.searcher.terms_with_prefix(field, "", Query.all_query())
            self._tallies[field] = Tally(dict(everything))
        return self._tallies[field]

    def _move_to(self, view: View) -> None:
        """Bring what is kept to another view: a newer one, or for a search that began before, an older one."""
        old, self._view = self._view, view
        changed = self._changed(old, view)
        if old is None or changed is None:
            self._tallies.clear()
            return
        for articles in map(self._with_ids, _chunks(changed)):
            for field, tally in list(self._tallies.items()):
                now, before = (_counts(one.searcher, articles, field) for one in (view, old))
                if now is None or before is None:
                    del self._tallies[field]
                else:
                    tally.add({value: now[value] - before[value] for value in now | before})

    def _with_ids(self, ids: list[str]) -> Query:
        return Query.term_set_query(self._fields.schema, "id", ids)

    def _changed(self, old: View | None, new: View) -> list[str] | None:
        """What is not alike in two views; None if that is too much.

        A view holds everything up to its change, and perhaps more. So what changed since the earlier of the two is
        read after both were made.
        """
        if old is None or old.generation != new.generation:
            return None
        changed = self._ledger.changed_ids(min(old.change, new.change), MOST_CHANGED + 1)
        return changed if len(changed) <= MOST_CHANGED else None


class Tally:
    """Counts by value, of which the highest can be told quickly."""

    def __init__(self, counts: dict[str, int]) -> None:
        self.counts = counts
        self._lead(POOL)

    def add(self, difference: Mapping[str, int]) -> None:
        for value, more in difference.items():
            count = self.counts.pop(value, 0) + more
            if count:
                self.counts[value] = count
            if count >= self._least:
                self._leaders.add(value)

    def most_frequent(self, number: int) -> list[tuple[str, int]]:
        best = self._best(number)
        if self._least > 1 and (len(best) < number or best[-1][1] < self._least):
            self._lead(max(POOL, 2 * number))
            best = self._best(number)
        return best

    def _lead(self, number: int) -> None:
        """Know all values from some count upwards, at least `number` of them."""
        highest = nlargest(number, self.counts.values())
        self._least = highest[-1] if len(highest) == number else 1
        self._leaders = {value for value, count in self.counts.items() if count >= self._least}

    def _best(self, number: int) -> list[tuple[str, int]]:
        known = ((value, self.counts[value]) for value in self._leaders if value in self.counts)
        return sorted(known, key=lambda pair: (-pair[1], pair[0]))[:number]


def _counts(searcher: Searcher, articles: Query, field: str) -> Counter[str] | None:
    """The counts of all values over a few articles; None if there are too many values."""
    terms = {"field": field, "size": _MOST_VALUES, "segment_size": _MOST_VALUES}
    answer = searcher.aggregate(articles, {"values": {"terms": terms}})["values"]
    if answer["sum_other_doc_count"] or answer["doc_count_error_upper_bound"]:
        return None
    return Counter({bucket["key"]: bucket["doc_count"] for bucket in answer["buckets"]})


def _chunks(ids: list[str]) -> Iterator[list[str]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
