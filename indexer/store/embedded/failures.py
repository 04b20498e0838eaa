"""The errors of SQLite, Tantivy and the file system in the words of the port."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar, cast

from indexer.errors import StoreError, StoreRejected, StoreUnavailable

_PASSING: Final = {
    sqlite3.SQLITE_BUSY: "is locked by another process",
    sqlite3.SQLITE_LOCKED: "is locked by another connection",
    sqlite3.SQLITE_PROTOCOL: "is locked by another process",
    sqlite3.SQLITE_FULL: "cannot grow: the disk, or its limit, is full. Nothing of this batch was written",
    sqlite3.SQLITE_IOERR: "cannot be read or written: the disk reports an error",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened: it, or its folder, is not accessible",
    sqlite3.SQLITE_NOMEM: "cannot be read: memory has run out",
}
_Native = TypeVar("_Native")
_DAMAGED: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


class IndexUnusable(StoreUnavailable):
    """Tantivy cannot read or write its files."""


@contextmanager
def index_in_words() -> Iterator[None]:
    """Raise IndexUnusable for what Tantivy raises, which is ValueError or OSError whatever went wrong.

    Only for its own calls: around anything else it would take our bugs for its troubles.
    """
    try:
        yield
    except (ValueError, OSError) as error:
        raise _unusable(error) from error


@contextmanager
def folder_in_words() -> Iterator[None]:
    """Raise StoreUnavailable for what the file system says of the folder of the index."""
    try:
        yield
    except OSError as error:
        raise StoreUnavailable(f"The text index cannot be used now: {error}.") from error


def speaking(native: _Native) -> _Native:
    """An object of Tantivy as it is, but its methods raise IndexUnusable for whatever they raise."""
    return cast("_Native", _Speaking(native))


class _Speaking:
    def __init__(self, native: object) -> None:
        self._native = native

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._native, name)
        if not callable(method):
            return method

        def spoken(*arguments: Any, **options: Any) -> Any:
            try:
                return method(*arguments, **options)
            except (ValueError, OSError) as error:
                raise _unusable(error) from error

        setattr(self, name, spoken)  # found at once the next time: there are many calls
        return spoken


@contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Raise StoreUnavailable or StoreRejected for whatever SQLite raises about the file at `path`."""
    try:
        yield
    except sqlite3.Error as error:
        raise _translated(error, path) from error


def _unusable(error: Exception) -> IndexUnusable:
    return IndexUnusable(f"The text index cannot be used now: {error}.")


def _translated(error: sqlite3.Error, path: Path) -> StoreError:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF
    if code == sqlite3.SQLITE_CANTOPEN and _missing(path):
        return StoreUnavailable(f"There is no store in {path.parent}: `dateline ingest`, `serve` or `work` makes one.")
    if code in _PASSING:
        return StoreUnavailable(f"{path} {_PASSING[code]}.")
    if code in _DAMAGED:
        return StoreRejected(f"{path} is not a SQLite database, or is damaged: put back a copy of it ({error}).")
    return StoreRejected(f"{path} refused: {error}.")


def _missing(path: Path) -> bool:
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False
