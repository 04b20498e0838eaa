"""The store port over a folder: `articles.sqlite`, which is the record, and `index/`, which is made from it."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import orjson
from tantivy import Query, Searcher

from indexer.article import Article, Written
from indexer.errors import StoreUnavailable
from indexer.store.document import from_document
from indexer.store.embedded import facets, pages
from indexer.store.embedded.compile import compile_selection
from indexer.store.embedded.folder import IndexFolder
from indexer.store.embedded.follower import Follower
from indexer.store.embedded.lease import FileLease
from indexer.store.embedded.ledger import Ledger, Row
from indexer.store.embedded.pages import Found
from indexer.store.embedded.reader import Reader
from indexer.store.embedded.schema import load_fields
from indexer.store.fields import check_fields
from indexer.store.port import (
    DEEPEST_RELEVANCE,
    Change,
    Changes,
    FilterField,
    Hit,
    Json,
    Lease,
    Request,
    Response,
    Selection,
)
from indexer.times import Millis

PATIENCE: Final = 60.0
"""Seconds to wait for another writer of the record, or for one of the index that gives no sign of life."""


class EmbeddedStore:
    """Any number of threads and processes may use the folder at once. See `indexer.store.port.Store`."""

    def __init__(self, folder: Path, *, patience: float = PATIENCE) -> None:
        self._folder = folder
        self._fields = load_fields()
        self._ledger = Ledger(folder / "articles.sqlite", patience)
        index = IndexFolder(folder / "index", self._fields)
        self._follower = Follower(self._ledger, index, self._fields, patience)
        self._reader = Reader(self._ledger, index, self._fields)

    def prepare(self) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreUnavailable(f"{self._folder} cannot be made: {error.strerror}.") from error
        self._ledger.prepare()
        if self._ledger.last_change() == 0:
            self._follower.refresh()

    def ping(self) -> None:
        self._ledger.last_change()
        with self._reader.searching():
            pass

    def close(self) -> None:
        self._ledger.close()

    def write(self, articles: Sequence[Article]) -> list[Written]:
        return self._ledger.write(articles)

    def delete(self, ids: Sequence[str]) -> list[bool]:
        return self._ledger.delete(ids)

    def refresh(self) -> None:
        self._follower.refresh()

    def catch_up(self) -> int:
        return self._follower.catch_up()

    def behind(self) -> int:
        return self._follower.behind()

    def rebuild(self) -> None:
        self._follower.rebuild()

    def get(self, ids: Sequence[str]) -> list[Article | None]:
        documents = self._ledger.documents(ids)
        return [from_document(documents[one]) if one in documents else None for one in ids]

    def search(self, request: Request) -> Response:
        selection = request.selection
        check_fields(selection, request.facets)
        query = compile_selection(selection, self._fields)

        def without(own: FilterField | None) -> Query:
            return compile_selection(selection, self._fields, ignoring=own) if own else query

        with self._reader.searching() as searcher:
            return Response(
                hits=tuple(self._hits(searcher, query, request)),
                total=pages.count(searcher, query),
                facets=facets.facets(searcher, selection, request.facets, without),
            )

    def count(self, selection: Selection) -> int:
        check_fields(selection)
        with self._reader.searching() as searcher:
            return pages.count(searcher, compile_selection(selection, self._fields))

    def histogram(self, selection: Selection, edges: Sequence[Millis]) -> list[int]:
        check_fields(selection)
        with self._reader.searching() as searcher:
            return facets.histogram(searcher, compile_selection(selection, self._fields), edges)

    def changes(self, after: str | None, limit: int) -> Changes:
        uid = self._ledger.uid()
        mark = after if after and after.startswith(f"{uid}.") else None
        rows = self._ledger.changes(int(mark.removeprefix(f"{uid}.")) if mark else 0, limit)
        return Changes(tuple(map(_change, rows)), f"{uid}.{rows[-1].change}" if rows else mark)

    def records(self, kind: str) -> dict[str, Json]:
        return self._ledger.records(kind)

    def put_record(self, kind: str, record_id: str, value: Json, *, only_new: bool = False) -> bool:
        return self._ledger.put_record(kind, record_id, value, only_new=only_new)

    def drop_record(self, kind: str, record_id: str) -> bool:
        return self._ledger.drop_record(kind, record_id)

    def lease(self, role: str) -> Lease | None:
        try:
            return FileLease.take(self._folder / f"{role}.lock")
        except OSError as error:
            raise StoreUnavailable(f"The role {role} cannot be taken in {self._folder}: {error.strerror}.") from error

    def _hits(self, searcher: Searcher, query: Query, request: Request) -> Iterator[Hit]:
        if request.sort == "relevance":
            size = min(request.size, DEEPEST_RELEVANCE - request.offset)
            return self._stored(pages.best(searcher, query, size, request.offset))
        return self._walk(searcher, query, request)

    def _walk(self, searcher: Searcher, query: Query, request: Request) -> Iterator[Hit]:
        """A full page as long as there are articles, although some found may have been deleted since."""
        missing, after = request.size, request.after
        while missing > 0 and (
            found := pages.walk(searcher, query, self._fields, sort=request.sort, size=missing, after=after)
        ):
            hits = list(self._stored(found))
            yield from hits
            missing, after = missing - len(hits), found[-1].position

    def _stored(self, found: Sequence[Found]) -> Iterator[Hit]:
        """The articles found, but for those that are gone, or were deleted and came back at another place."""
        documents = self._ledger.documents(one.id for one in found)
        for one in found:
            document = documents.get(one.id)
            if document and document["ranked_at"] == one.position.ranked_at:
                yield Hit(from_document(document), one.score)


def _change(row: Row) -> Change:
    return Change(row.id, None if row.document is None else from_document(orjson.loads(row.document)))
