"""What cannot be done is refused in a sentence, and nothing is lost by it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import NoReturn

import pytest

from indexer.errors import MappingMismatch, StoreRejected, StoreUnavailable
from indexer.store.embedded.lease import attempt
from indexer.store.embedded.store import EmbeddedStore
from indexer.store.port import Request
from tests.contract.factories import article, filled, found


def altered(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "articles.sqlite")) as connection:
        connection.execute(statement)
        connection.commit()


@pytest.mark.parametrize(
    ("statement", "remedy"),
    [
        ("PRAGMA user_version = 2", "schema version 2"),
        ("PRAGMA user_version = 0", "schema version 0"),
        ("PRAGMA application_id = 7", "another program"),
    ],
)
def test_a_schema_that_is_not_understood_is_refused(
    store: EmbeddedStore, folder: Path, statement: str, remedy: str
) -> None:
    store.write([article("a")])
    store.close()
    altered(folder, statement)
    with closing(EmbeddedStore(folder)) as reopened:
        for call in (reopened.prepare, reopened.ping, reopened.refresh, lambda: reopened.get(["a"])):
            with pytest.raises(MappingMismatch, match=remedy):
                call()


def test_a_database_of_another_program_is_left_alone(folder: Path) -> None:
    folder.mkdir()
    altered(folder, "CREATE TABLE notes (text)")
    with closing(EmbeddedStore(folder)) as opened, pytest.raises(MappingMismatch, match="another program"):
        opened.prepare()
    with closing(sqlite3.connect(folder / "articles.sqlite")) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("notes",)]


def test_a_file_that_is_no_database_is_refused(folder: Path) -> None:
    folder.mkdir()
    (folder / "articles.sqlite").write_text("no database" * 100)
    with closing(EmbeddedStore(folder)) as opened, pytest.raises(StoreRejected, match="not a SQLite database"):
        opened.prepare()


def test_a_folder_that_cannot_be_made_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with closing(EmbeddedStore(tmp_path / "file/newsroom")) as opened:
        with pytest.raises(StoreUnavailable, match="cannot be made"):
            opened.prepare()
        with pytest.raises(StoreUnavailable):
            opened.lease("worker")
        with pytest.raises(StoreUnavailable, match="no store in"):
            opened.refresh()


def test_nothing_is_made_where_there_is_no_store(folder: Path) -> None:
    with closing(EmbeddedStore(folder)) as opened:
        for call in (opened.rebuild, opened.refresh, opened.ping, opened.behind):
            with pytest.raises(StoreUnavailable, match="There is no store in"):
                call()
    assert not folder.exists()


def test_a_closed_store_says_so(store: EmbeddedStore) -> None:
    store.close()
    with pytest.raises(StoreUnavailable, match="closed"):
        store.get(["a"])


@contextmanager
def limited(store: EmbeddedStore, pages: int) -> Iterator[None]:
    """SQLite as on a disk with room for so many pages."""
    with store._ledger._database.reading() as connection:
        connection.execute(f"PRAGMA max_page_count = {pages}")
    yield
    with store._ledger._database.reading() as connection:
        connection.execute("PRAGMA max_page_count = 1000000")


def test_a_full_disk_refuses_the_batch_and_keeps_the_rest(store: EmbeddedStore) -> None:
    store.write([article("a", body="x" * 10_000)])
    with limited(store, 30), pytest.raises(StoreUnavailable, match="full"):
        store.write([article("b"), article("c", body="x" * 1_000_000)])
    assert store.get(["a", "b", "c"])[1:] == [None, None]
    assert found(filled(store, article("b")), "title") == {"a", "b"}


def test_a_locked_database_is_unavailable_for_writes_and_open_for_reads(folder: Path) -> None:
    with closing(EmbeddedStore(folder, patience=0.1)) as store:
        store.prepare()
        filled(store, article("a"))
        with closing(sqlite3.connect(folder / "articles.sqlite", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreUnavailable, match="locked"):
                store.write([article("b")])
            assert found(store, "title") == {"a"}
        assert found(filled(store, article("b")), "title") == {"a", "b"}


def test_refresh_gives_up_on_a_writer_that_does_not_move(folder: Path) -> None:
    with closing(EmbeddedStore(folder, patience=0.1)) as store:
        store.prepare()
        store.write([article("a")])
        with attempt(folder / "index/writer.lock"):
            assert store.catch_up() == 0
            assert store.behind() == 1
            for call in (store.refresh, store.rebuild):
                with pytest.raises(StoreUnavailable, match="not moved"):
                    call()
        store.refresh()
        assert found(store, "title") == {"a"}


def test_refresh_waits_for_a_writer_that_moves(folder: Path) -> None:
    with closing(EmbeddedStore(folder, patience=0.3)) as store:
        store.prepare()
        store.write([article("a")])
        held, end = Event(), Event()

        def move() -> None:
            with attempt(folder / "index/writer.lock"):
                held.set()
                for _ in range(12):
                    end.wait(0.05)
                    (folder / "index/writer.lock").touch()

        other = Thread(target=move)
        other.start()
        held.wait()
        store.refresh()
        other.join()
        assert found(store, "title") == {"a"}


def test_a_lease_whose_file_was_deleted_is_lost(store: EmbeddedStore, folder: Path) -> None:
    lease = store.lease("worker")
    assert lease is not None
    (folder / "worker.lock").unlink()
    assert not lease.renew()
    lease.release()
    again = store.lease("worker")
    assert again is not None
    again.release()


def bug(*_: object, **__: object) -> NoReturn:
    raise ValueError("a bug")


def test_our_bugs_are_not_taken_for_troubles_of_the_index(
    store: EmbeddedStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(store, article("a"))
    with monkeypatch.context() as patched:
        patched.setattr("indexer.store.embedded.pages.Found", bug)
        with pytest.raises(ValueError, match="a bug"):
            store.search(Request())
    before = (folder / "index/current.json").read_bytes()
    store.write([article("b")])
    with monkeypatch.context() as patched:
        patched.setattr("indexer.store.embedded.folder.IndexFolder.put", bug)
        for call in (store.catch_up, store.rebuild):
            with pytest.raises(ValueError, match="a bug"):
                call()
    assert (folder / "index/current.json").read_bytes() == before
    store.refresh()
    assert found(store, "title") == {"a", "b"}
