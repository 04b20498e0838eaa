"""Which articles stand on a page, in the order that the port promises."""

from typing import Final, NamedTuple

import tantivy
from tantivy import DocAddress, Order, Searcher

from indexer.store.embedded.compile import at, behind, restricted
from indexer.store.embedded.schema import Fields
from indexer.store.port import Position, Sort

_ORDERS: Final = {"newest": Order.Desc, "oldest": Order.Asc}


class Found(NamedTuple):
    """One article of a page: its id, its place in time, and its score where the order is by relevance."""

    id: str
    position: Position
    score: float | None


def count(searcher: Searcher, query: tantivy.Query) -> int:
    total: int = searcher.search(query, 1).count  # type: ignore[attr-defined]  # missing in the stubs
    return total


def best(searcher: Searcher, query: tantivy.Query, size: int, offset: int) -> list[Found]:
    """The page by score. Equal scores stand in the order of the index, so that pages fit together."""
    if size < 1:
        return []
    hits = searcher.search(query, size, count=False, offset=offset).hits
    return _found(searcher, [address for _, address in hits], [score for score, _ in hits])


def walk(
    searcher: Searcher, query: tantivy.Query, fields: Fields, *, sort: Sort, size: int, after: Position | None
) -> list[Found]:
    """The next `size` articles strictly behind `after`, exactly in the order of `Position`.

    Tantivy orders by one field. So the articles that share their millisecond with the end of the page are asked for
    a second time, by their keys.
    """
    rest = restricted(query, behind(fields, after, sort)) if after else query
    hits = searcher.search(rest, size + 1, count=False, order_by_field="ranked_at", order=_ORDERS[sort]).hits
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
    return sorted(found, key=lambda one: one.position, reverse=sort == "newest")


def _found(searcher: Searcher, addresses: list[DocAddress], scores: list[float | None]) -> list[Found]:
    moments, keys = (_integers(searcher, name, addresses) for name in ("ranked_at", "key"))
    ids = [searcher.doc(address)["id"][0] for address in addresses]
    return [Found(*one) for one in zip(ids, map(Position, moments, keys), scores, strict=True)]


def _integers(searcher: Searcher, name: str, addresses: list[DocAddress]) -> list[int]:
    return [int(value or 0) for value in searcher.fast_field_values(name, addresses)]
