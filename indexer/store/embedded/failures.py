"""The errors of SQLite, Tantivy and the file system in the words of the port."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from indexer.errors import StoreError, StoreRejected, StoreUnavailable

_PASSING: Final = {
    sqlite3.SQLITE_BUSY: "is locked by another process",
    sqlite3.SQLITE_LOCKED: "is locked by another connection",
    sqlite3.SQLITE_PROTOCOL: "is locked by another process",
    sqlite3.SQLITE_FULL: "cannot grow: the disk, or its limit, is full. Nothing of this batch was written",
    sqlite3.SQLITE_IOERR: "cannot be read or written: the disk reports an error",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened: there is no store here yet, or its folder is not accessible",
    sqlite3.SQLITE_NOMEM: "cannot be read: memory has run out",
}
_DAMAGED: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


@contextmanager
def index_in_words() -> Iterator[None]:
    """Raise StoreUnavailable for what Tantivy raises, which is ValueError or OSError whatever went wrong."""
    try:
        yield
    except (ValueError, OSError) as error:
        raise StoreUnavailable(f"The text index cannot be used now: {error}.") from error


@contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Raise StoreUnavailable or StoreRejected for whatever SQLite raises about the file at `path`."""
    try:
        yield
    except sqlite3.Error as error:
        raise _translated(error, path) from error


def _translated(error: sqlite3.Error, path: Path) -> StoreError:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF
    if code in _PASSING:
        return StoreUnavailable(f"{path} {_PASSING[code]}.")
    if code in _DAMAGED:
        return StoreRejected(f"{path} is not a SQLite database, or is damaged: put back a copy of it ({error}).")
    return StoreRejected(f"{path} refused: {error}.")
