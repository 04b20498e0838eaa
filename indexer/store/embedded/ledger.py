"""The record of truth: articles, deletions and small records in one SQLite file.

Every write and deletion of an article takes the next number of one growing sequence, inside its transaction. Writers
come one after the other, so who sees a number sees all below it. A deletion keeps its row, without a document.
"""

import sqlite3
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple
from uuid import uuid4

import orjson

from indexer.article import Article, Written, replaced, supersede_all
from indexer.errors import StoreRejected
from indexer.store.document import from_document, to_document
from indexer.store.embedded.database import Database
from indexer.store.port import Json

APPLICATION: Final = 0x646C6E65
"""SQLite's application_id of these tables: "dlne"."""
VERSION: Final = 1

_TABLES: Final = (
    "CREATE TABLE store (uid TEXT NOT NULL)",
    "CREATE TABLE articles (change INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, document BLOB)",
    "CREATE TABLE records (kind TEXT, id TEXT, value BLOB NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID",
)
_PUT: Final = "INSERT OR REPLACE INTO articles (change, id, document) VALUES (?, ?, ?)"
_CHUNK: Final = 1_000


class Row(NamedTuple):
    """One article as its last change left it; a deleted one has no document."""

    change: int
    id: str
    document: bytes | None


class Ledger:
    """The SQLite file at `path`. A write waits `patience` seconds for those of others."""

    def __init__(self, path: Path, patience: float) -> None:
        self._database = Database(path, application=APPLICATION, version=VERSION, patience=patience)

    def prepare(self) -> None:
        """Create the file where there is none. MappingMismatch for a schema of another version."""
        self._database.create([*_TABLES, f"INSERT INTO store VALUES ('{uuid4().hex}')"])

    def close(self) -> None:
        self._database.close()

    def uid(self) -> str:
        """The random name of this store, by which marks and indexes of another one are told."""
        name: str = self._value("SELECT uid FROM store")
        return name

    def write(self, articles: Sequence[Article]) -> list[Written]:
        """Upsert in one transaction, see `indexer.store.port.Store.write`."""
        _check_ids(articles)
        with self._database.writing() as connection:
            written = supersede_all(_stored(connection, (article.id for article in articles)), articles)
            _put(connection, written)
        return written

    def revise(self, ids: Sequence[str], change: Callable[[Article], Article]) -> list[Written]:
        """Replace in one transaction, see `indexer.store.port.Store.revise`."""
        with self._database.writing() as connection:
            stored = _stored(connection, ids)
            found = [stored[article_id] for article_id in dict.fromkeys(ids) if article_id in stored]
            written = [replaced(article, change(article)) for article in found]
            _put(connection, written)
        return written

    def delete(self, ids: Sequence[str]) -> list[bool]:
        """Delete in one transaction; True where there was one."""
        with self._database.writing() as connection:
            return [_delete(connection, article_id) for article_id in ids]

    def documents(self, ids: Iterable[str]) -> dict[str, Json]:
        """The documents of those ids that have one."""
        with self._database.reading() as connection:
            return _documents(connection, ids)

    def last_change(self) -> int:
        """The number of the newest change, 0 before the first."""
        with self._database.reading() as connection:
            return _last_change(connection)

    def count_changes(self, after: int) -> int:
        """How many articles were written or deleted after a change."""
        count: int = self._value("SELECT count(*) FROM articles WHERE change > ?", after)
        return count

    def changed_ids(self, after: int, limit: int) -> list[str]:
        """The ids of up to `limit` articles that were written or deleted after a change."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT id FROM articles WHERE change > ? LIMIT ?", (after, limit))
            return [article_id for (article_id,) in rows]

    def changes(self, after: int, limit: int) -> list[Row]:
        """The next articles and deletions after a change, by change."""
        query = "SELECT change, id, document FROM articles WHERE change > ? ORDER BY change LIMIT ?"
        with self._database.reading() as connection:
            return list(map(Row._make, connection.execute(query, (after, limit))))

    def stream(self, after: int) -> Generator[Row, None, None]:
        """All articles and deletions after a change, by change, as they are at the moment of the first step."""
        query = "SELECT change, id, document FROM articles WHERE change > ? ORDER BY change"
        with self._database.reading() as connection:
            yield from map(Row._make, connection.execute(query, (after,)))

    def records(self, kind: str, after: str) -> dict[str, Json]:
        query = "SELECT id, value FROM records WHERE kind = ? AND id > ? ORDER BY id"
        with self._database.reading() as connection:
            return {record_id: orjson.loads(value) for record_id, value in connection.execute(query, (kind, after))}

    def put_record(self, kind: str, record_id: str, value: Json, *, only_new: bool) -> bool:
        statement = f"INSERT OR {'IGNORE' if only_new else 'REPLACE'} INTO records VALUES (?, ?, ?)"
        return self._change_record(statement, kind, record_id, _encoded(value, record_id))

    def drop_record(self, kind: str, record_id: str) -> bool:
        return self._change_record("DELETE FROM records WHERE kind = ? AND id = ?", kind, record_id)

    def _value(self, query: str, *parameters: object) -> Any:
        with self._database.reading() as connection:
            return connection.execute(query, parameters).fetchone()[0]

    def _change_record(self, statement: str, *parameters: object) -> bool:
        with self._database.writing() as connection:
            return connection.execute(statement, parameters).rowcount > 0


def _last_change(connection: sqlite3.Connection) -> int:
    newest: int = connection.execute("SELECT coalesce(max(change), 0) FROM articles").fetchone()[0]
    return newest


def _put(connection: sqlite3.Connection, written: Iterable[Written]) -> None:
    """Store what was decided to be written; of an article that comes twice the last."""
    latest = {one.article.id: one.article for one in written if one.outcome != "unchanged"}
    numbered = enumerate(latest.values(), _last_change(connection) + 1)
    rows = [(change, article.id, _encoded(to_document(article), article.id)) for change, article in numbered]
    connection.executemany(_PUT, rows)


def _stored(connection: sqlite3.Connection, ids: Iterable[str]) -> dict[str, Article]:
    documents = _documents(connection, ids)
    return {article_id: from_document(document) for article_id, document in documents.items()}


def _documents(connection: sqlite3.Connection, ids: Iterable[str]) -> dict[str, Json]:
    found = {}
    for chunk in _chunks(filter(_is_unicode, ids)):
        places = ",".join("?" * len(chunk))
        query = f"SELECT id, document FROM articles WHERE document IS NOT NULL AND id IN ({places})"
        found.update({article_id: orjson.loads(document) for article_id, document in connection.execute(query, chunk)})
    return found


def _delete(connection: sqlite3.Connection, article_id: str) -> bool:
    if not _documents(connection, [article_id]):
        return False
    connection.execute(_PUT, (_last_change(connection) + 1, article_id, None))
    return True


def _chunks(ids: Iterable[str]) -> Iterator[list[str]]:
    iterator = iter(ids)
    while chunk := list(islice(iterator, _CHUNK)):
        yield chunk


def _check_ids(articles: Iterable[Article]) -> None:
    for article in articles:
        if not _is_unicode(article.id):
            raise StoreRejected(f"{article.id!r} cannot be an id: it is not Unicode text.")


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _encoded(value: Json, name: str) -> bytes:
    try:
        return orjson.dumps(value)
    except TypeError as error:
        raise StoreRejected(f"{name!r} cannot be stored: {error}.") from error
