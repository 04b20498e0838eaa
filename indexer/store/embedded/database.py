"""One SQLite file, opened as often as there are threads using it at the same moment."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue

from indexer.errors import MappingMismatch, StoreUnavailable
from indexer.store.embedded.failures import in_words


class Database:
    """The file at `path`, with a schema of `version`. Threads and processes share it freely.

    A write waits `patience` seconds for those of others.
    """

    def __init__(self, path: Path, *, application: int, version: int, patience: float) -> None:
        self.path = path
        self._schema = (application, version)
        self._patience = patience
        self._idle: SimpleQueue[sqlite3.Connection] = SimpleQueue()
        self._closed = False

    def create(self, statements: Sequence[str]) -> None:
        """Make the tables in one transaction where there are none. MappingMismatch if there are others."""
        application, version = self._schema
        with in_words(self.path):
            connection = self._open("rwc")
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                with _transaction(connection):
                    if connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,):
                        for statement in statements:
                            connection.execute(statement)
                        connection.execute(f"PRAGMA application_id = {application}")
                        connection.execute(f"PRAGMA user_version = {version}")
                self._check(connection)
            finally:
                connection.close()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection for single statements; each sees one moment of the file."""
        with in_words(self.path):
            connection = self._take()
            try:
                yield connection
            finally:
                self._give_back(connection)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A connection in a write transaction, alone in the file; committed at the end, undone on an error."""
        with self.reading() as connection, _transaction(connection):
            yield connection

    def close(self) -> None:
        self._closed = True
        self._close_idle()

    def _take(self) -> sqlite3.Connection:
        if self._closed:
            raise StoreUnavailable(f"{self.path} was closed.")
        try:
            return self._idle.get_nowait()
        except Empty:
            connection = self._open("rw")
        try:
            self._check(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _give_back(self, connection: sqlite3.Connection) -> None:
        if connection.in_transaction:  # the disk has failed so badly that it could not even be undone
            connection.close()
            return
        self._idle.put(connection)
        if self._closed:
            self._close_idle()

    def _close_idle(self) -> None:
        while True:
            try:
                self._idle.get_nowait().close()
            except Empty:
                return

    def _open(self, mode: str) -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"{self.path.absolute().as_uri()}?mode={mode}",
            uri=True,
            timeout=self._patience,
            isolation_level=None,
            check_same_thread=False,
        )
        connection.execute("PRAGMA synchronous = FULL")
        return connection

    def _check(self, connection: sqlite3.Connection) -> None:
        found = tuple(connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version"))
        if found != self._schema:
            raise MappingMismatch(_mismatch(self.path, found, self._schema))


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _mismatch(path: Path, found: tuple[int, ...], expected: tuple[int, int]) -> str:
    if found[0] != expected[0]:
        return f"{path} is a SQLite file of another program: name a folder of its own in the store's URL."
    return (
        f"{path} has schema version {found[1]}, and this dateline reads version {expected[1]} only: open it with the "
        "dateline that wrote it, or load the articles into a new folder."
    )
