"""The store port over a folder: `articles.sqlite`, which is the record, and `index/`, which is made from it."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import orjson
from tantivy import Query, Searcher

from indexer.article import Article, Written
from indexer.errors import StoreUnavailable
from indexer.store.document import from_document
from indexer.store.embedded import pages
from indexer.store.embedded.compile import compile_selection, scored
from indexer.store.embedded.facets import facets, histogram
from indexer.store.embedded.folder import IndexFolder
from indexer.store.embedded.follower import Follower
from indexer.store.embedded.fresh import freshest
from indexer.store.embedded.kept import KeptCounts
from indexer.store.embedded.lease import FileLease
from indexer.store.embedded.ledger import Ledger, Row
from indexer.store.embedded.likeness import compile_likeness
from indexer.store.embedded.pages import Found, Page
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
    Position,
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
        self._kept = KeptCounts(self._ledger, self._fields)

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
        self._reader.view()

    def close(self) -> None:
        self._ledger.close()

    def write(self, articles: Sequence[Article]) -> list[Written]:
        return self._ledger.write(articles)

    def revise(self, ids: Sequence[str], change: Callable[[Article], Article]) -> list[Written]:
        return self._ledger.revise(ids, change)

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

        view = self._reader.view()
        page = self._page(view.searcher, query, request)
        return Response(
            hits=tuple(self._hits(view.searcher, query, request, page)),
            total=page.total,
            facets=facets(view, selection, request.facets, without, total=page.total, kept=self._kept),
        )

    def similar(self, article: Article, selection: Selection, size: int) -> tuple[Hit, ...]:
        check_fields(selection)
        size, searcher = min(size, DEEPEST_RELEVANCE), self._reader.view().searcher
        query = compile_likeness(searcher, article, selection, self._fields)
        found = pages.most_alike(searcher, query, size + 1) if query and size > 0 else []
        return tuple(self._stored([one for one in found if one.id != article.id][:size]))

    def count(self, selection: Selection) -> int:
        check_fields(selection)
        return pages.count(self._reader.view().searcher, compile_selection(selection, self._fields))

    def newest_arrival(self) -> Millis | None:
        return self._reader.newest_arrival()

    def histogram(self, selection: Selection, edges: Sequence[Millis]) -> list[int]:
        check_fields(selection)
        return histogram(self._reader.view().searcher, compile_selection(selection, self._fields), edges)

    def changes(self, after: str | None, limit: int) -> Changes:
        uid = self._ledger.uid()
        mark = after if after and after.startswith(f"{uid}.") else None
        rows = self._ledger.changes(int(mark.removeprefix(f"{uid}.")) if mark else 0, limit)
        return Changes(tuple(map(_change, rows)), f"{uid}.{rows[-1].change}" if rows else mark)

    def records(self, kind: str, *, after: str = "") -> dict[str, Json]:
        return self._ledger.records(kind, after)

    def put_record(self, kind: str, record_id: str, value: Json, *, only_new: bool = False) -> bool:
        return self._ledger.put_record(kind, record_id, value, only_new=only_new)

    def drop_record(self, kind: str, record_id: str) -> bool:
        return self._ledger.drop_record(kind, record_id)

    def lease(self, role: str) -> Lease | None:
        try:
            return FileLease.take(self._folder / f"{role}.lock")
        except OSError as error:
            raise StoreUnavailable(f"The role {role} cannot be taken in {self._folder}: {error.strerror}.") from error

    def _page(self, searcher: Searcher, query: Query, request: Request) -> Page:
        if request.sort in ("newest", "oldest"):
            return self._walk(searcher, query, request, request.size, request.after)
        by_score = scored(query, request, self._fields)
        size = min(request.size, DEEPEST_RELEVANCE - request.offset)
        if request.freshness is None:
            return pages.best(searcher, by_score, size, request.offset)
        return freshest(searcher, by_score, self._fields, request.freshness, size=size, offset=request.offset)

    def _walk(self, searcher: Searcher, query: Query, request: Request, size: int, after: Position | None) -> Page:
        if size < 1:
            return Page([], pages.count(searcher, query))
        return pages.walk(searcher, query, self._fields, sort=request.sort, size=size, after=after)

    def _hits(self, searcher: Searcher, query: Query, request: Request, page: Page) -> Iterator[Hit]:
        """Under an order by time a full page as long as there are articles, although some may be deleted since."""
        hits = list(self._stored(page.found))
        yield from hits
        missing = request.size - len(hits) if request.sort in ("newest", "oldest") else 0
        while missing > 0 and page.found:
            page = self._walk(searcher, query, request, missing, page.found[-1].position)
            hits = list(self._stored(page.found))
            yield from hits
            missing -= len(hits)

    def _stored(self, found: Sequence[Found]) -> Iterator[Hit]:
        """The articles found, but for those that are gone, or were deleted and came back at another place."""
        documents = self._ledger.documents(one.id for one in found)
        for one in found:
            document = documents.get(one.id)
            if document and document["ranked_at"] == one.position.ranked_at:
                yield Hit(from_document(document), one.score)


def _change(row: Row) -> Change:
    return Change(row.id, None if row.document is None else from_document(orjson.loads(row.document)))
