"""Which articles stand on a page, in the order that the port promises."""

from typing import Final, NamedTuple

import tantivy
from tantivy import DocAddress, Order, Searcher, SearchResult

from indexer.store.embedded.compile import at, behind, restricted
from indexer.store.embedded.schema import Fields
from indexer.store.port import Position, Sort

_ORDERS: Final = {"newest": Order.Desc, "oldest": Order.Asc}


class Found(NamedTuple):
    """One article of a page: its id, its place in time, and its score where the order is by relevance."""

    id: str
    position: Position
    score: float | None


class Page(NamedTuple):
    """Some articles of a query, and how many match it."""

    found: list[Found]
    total: int


def count(searcher: Searcher, query: tantivy.Query) -> int:
    """How many articles match, which an aggregation finds without scoring them."""
    answer = searcher.aggregate(query, {"total": {"value_count": {"field": "key"}}})
    return int(answer["total"]["value"])


def newest_arrival(searcher: Searcher) -> int | None:
    """The latest `seen_at` of all articles."""
    newest = searcher.search(tantivy.Query.all_query(), 1, count=False, order_by_field="seen_at").hits
    return int(newest[0][0]) if newest else None


def best(searcher: Searcher, query: tantivy.Query, size: int, offset: int) -> Page:
    """The page by score. Equal scores stand in the order of the index, so that pages fit together."""
    if size < 1:
        return Page([], count(searcher, query))
    result = searcher.search(query, size, offset=offset)
    return Page(_scored(searcher, result.hits), counted(result))


def most_alike(searcher: Searcher, query: tantivy.Query, size: int) -> list[Found]:
    """The best of so many that to count them would cost more than to find these."""
    return _scored(searcher, searcher.search(query, size, count=False).hits)


def walk(
    searcher: Searcher, query: tantivy.Query, fields: Fields, *, sort: Sort, size: int, after: Position | None
) -> Page:
    """The next `size` articles strictly behind `after`, exactly in the order of `Position`.

    Tantivy orders by one field. So the articles that share their millisecond with the end of the page are asked for
    a second time, by their keys.
    """
    rest = restricted(query, behind(fields, after, sort)) if after else query
    result = searcher.search(rest, size + 1, count=after is None, order_by_field="ranked_at", order=_ORDERS[sort])
    hits = result.hits
    addresses = [address for _, address in hits[:size]]
    if len(hits) > size and hits[size][0] == hits[size - 1][0]:
        moment = hits[size][0]
        certain = [address for ranked_at, address in hits if ranked_at != moment]
        ties = searcher.search(
            restricted(rest, at(fields, moment)),
            size - len(certain),
            count=False,
            order_by_field="key",
            order=_ORDERS[sort],
        ).hits
        addresses = certain + [address for _, address in ties]
    found = _found(searcher, addresses, [None] * len(addresses))
    found.sort(key=lambda one: one.position, reverse=sort == "newest")
    return Page(found, count(searcher, query) if after else counted(result))


def counted(result: SearchResult) -> int:
    total: int = result.count  # type: ignore[attr-defined]  # missing in the stubs
    return total


def ids(searcher: Searcher, addresses: list[DocAddress]) -> list[str]:
    return [searcher.doc(address)["id"][0] for address in addresses]


def positions(searcher: Searcher, addresses: list[DocAddress]) -> list[Position]:
    return list(map(Position, _integers(searcher, "ranked_at", addresses), _integers(searcher, "key", addresses)))


def _found(searcher: Searcher, addresses: list[DocAddress], scores: list[float | None]) -> list[Found]:
    places = zip(ids(searcher, addresses), positions(searcher, addresses), scores, strict=True)
    return [Found(*place) for place in places]


def _scored(searcher: Searcher, hits: list[tuple[float, DocAddress]]) -> list[Found]:
    return _found(searcher, [address for _, address in hits], [score for score, _ in hits])


def _integers(searcher: Searcher, name: str, addresses: list[DocAddress]) -> list[int]:
    return [int(value or 0) for value in searcher.fast_field_values(name, addresses)]
