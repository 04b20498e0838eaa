"""What every store does. `tests/contract` holds each one to it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, Protocol

from indexer.article import Article, Written
from indexer.query.ast import All, Query
from indexer.times import Millis

FilterField = Literal["section", "source", "language", "entity", "keys", "story"]
FacetField = Literal["section", "source", "language", "entity", "person", "organisation", "place", "other"]
Sort = Literal["relevance", "newest", "oldest", "fresh"]
Json = dict[str, Any]

DEEPEST_RELEVANCE = 1_000
"""How far `relevance` and `fresh` can be paged: their order is not stable while others write."""


class Position(NamedTuple):
    """The place of the last hit seen under `newest` or `oldest`: `Article.order`."""

    ranked_at: Millis
    key: int


class Freshness(NamedTuple):
    """How `fresh` weighs age: a score halves with every `half_life` between `ranked_at` and `now` (none after it)."""

    now: Millis
    half_life: Millis


@dataclass(frozen=True, slots=True)
class Selection:
    """Which articles: a query, exact filters (any value of a field, all fields), a half-open span of ranked time."""

    query: Query = field(default_factory=All)
    filters: Mapping[FilterField, tuple[str, ...]] = field(default_factory=dict)
    start: Millis | None = None
    end: Millis | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One page of the articles of a selection, with facets.

    `after` continues a walk under `newest` or `oldest`; `offset` one under `relevance` or `fresh`, up to
    `DEEPEST_RELEVANCE`. `freshness` is given with `fresh`, and only then.
    `facets` gives the number of values wanted per field. `boosts` are queries whose scores, weighted, are added to
    those of the articles that match; they decide no match.
    """

    selection: Selection = field(default_factory=Selection)
    sort: Sort = "newest"
    size: int = 10
    after: Position | None = None
    offset: int = 0
    facets: Mapping[FacetField, int] = field(default_factory=dict)
    freshness: Freshness | None = None
    boosts: tuple[tuple[Query, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """An article and its score, None where the order is by time."""

    article: Article
    score: float | None = None


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value and the exact number of articles that have it."""

    value: str
    count: int
    selected: bool = False


@dataclass(frozen=True, slots=True)
class Facet:
    """The selected values first, then by count, then by value in code point order. `more`: others exist.

    A facet ignores the filter on its own field, so choosing a value keeps the counts of the others.
    """

    values: tuple[FacetValue, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Response:
    """`total` is the exact number of articles in the selection, whatever the page."""

    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[FacetField, Facet] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """A write (the article as it is now) or a deletion (None)."""

    id: str
    article: Article | None


class Changes(NamedTuple):
    """`mark` continues after these; it is opaque, and None only before the first change ever."""

    items: tuple[Change, ...]
    mark: str | None


class Lease(Protocol):
    """The one holder of a background role. Both are harmless to repeat."""

    def renew(self) -> bool:
        """Prolong it. False: it is lost, and another may hold it by now."""
        ...

    def release(self) -> None: ...


class Store(Protocol):
    """Articles and the small records around them.

    Any number of threads may call. Errors are `indexer.errors.StoreError` and nothing else.
    """

    def prepare(self) -> None:
        """Create what is not there. MappingMismatch if what is there is not understood."""
        ...

    def ping(self) -> None:
        """Return if reads work; StoreUnavailable or MappingMismatch with the reason if not."""
        ...

    def close(self) -> None: ...

    def write(self, articles: Sequence[Article]) -> list[Written]:
        """Upsert by id with `indexer.article.supersede`. What was returned survives kill -9."""
        ...

    def revise(self, ids: Sequence[str], change: Callable[[Article], Article]) -> list[Written]:
        """Replace articles by a function of what is stored, so that nothing written meanwhile is lost.

        What the function leaves as it was is not written, nor is what it changes in no more than its stamp. Ids
        without an article are passed over. The function may be called more than once for an article.
        """
        ...

    def delete(self, ids: Sequence[str]) -> list[bool]:
        """Delete; True where there was one."""
        ...

    def refresh(self) -> None:
        """Return when everything that was written before the call can be found."""
        ...

    def catch_up(self) -> int:
        """Bring what is derived inside the store up to date with its record; the number of changes taken in.

        0 also when another process is at it. A store without anything derived returns 0.
        """
        ...

    def behind(self) -> int:
        """How many changes what is derived inside the store has yet to take in."""
        ...

    def rebuild(self) -> None:
        """Make what is derived afresh, aside, and swap it in: readers never see an empty index."""
        ...

    def get(self, ids: Sequence[str]) -> list[Article | None]:
        """The stored versions, in the order of the ids, at once after `write`."""
        ...

    def search(self, request: Request) -> Response: ...

    def similar(self, article: Article, selection: Selection, size: int) -> tuple[Hit, ...]:
        """The articles of a selection that are most like one, by their words and names; never itself."""
        ...

    def count(self, selection: Selection) -> int: ...

    def newest_arrival(self) -> Millis | None:
        """The latest `seen_at` of the articles that can be found now, or could be a second ago; None without any.

        After `refresh`, that of everything written before.
        """
        ...

    def histogram(self, selection: Selection, edges: Sequence[Millis]) -> list[int]:
        """Articles with `edges[i] <= ranked_at < edges[i + 1]`, for every i but the last; edges ascend."""
        ...

    def changes(self, after: str | None, limit: int) -> Changes:
        """Up to `limit` writes and deletions since a mark, in an order that loses nothing.

        An article changed many times comes at least once with its latest state. Nothing new: no items and the
        same mark. A mark of another store starts from the beginning, and one from before a rebuild may.
        """
        ...

    def records(self, kind: str, *, after: str = "") -> dict[str, Json]:
        """The small documents of a kind (feeds, marks, ...) by id, in the order of the ids; those `after` an id."""
        ...

    def put_record(self, kind: str, record_id: str, value: Json, *, only_new: bool = False) -> bool:
        """Write one; with `only_new`, False and no effect where the id is taken."""
        ...

    def drop_record(self, kind: str, record_id: str) -> bool:
        """Remove one; True where there was one."""
        ...

    def lease(self, role: str) -> Lease | None:
        """Become the holder of a role; None while another process is. A dead holder's lease falls free."""
        ...
