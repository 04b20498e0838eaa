from threading import Event, Thread

import pytest

from indexer.errors import StoreError
from indexer.store.opening import open_store
from indexer.store.port import Request, Selection, Store
from tests.contract.conftest import Opener
from tests.contract.factories import article, filled, found


def test_preparing_again_leaves_everything(store: Store, open_again: Opener) -> None:
    filled(store, article("a"))
    store.prepare()
    other = open_again()
    other.prepare()
    assert found(other, "title") == found(store, "title") == {"a"}


def test_a_prepared_store_answers_a_ping(store: Store) -> None:
    store.ping()


def test_a_store_that_is_not_there_is_an_error(store_url: str) -> None:
    opened = open_store(store_url)
    for call in (opened.ping, opened.refresh, lambda: opened.search(Request()), lambda: opened.records("x")):
        with pytest.raises(StoreError):
            call()
    opened.close()


def test_closing_again_is_harmless(store_url: str) -> None:
    opened = open_store(store_url)
    opened.prepare()
    opened.close()
    opened.close()


def test_refresh_lets_everything_written_before_be_found(store: Store, open_again: Opener) -> None:
    other = open_again()
    for number in range(5):
        store.write([article(f"a{number}")])
        other.write([article(f"b{number}")])
        (other if number % 2 else store).refresh()
        assert len(found(store, "title")) == len(found(other, "title")) == 2 * number + 2
    assert (store.behind(), store.catch_up()) == (0, 0)


def test_catching_up_takes_in_what_is_behind(store: Store) -> None:
    store.write([article("a"), article("b")])
    store.delete(["a"])
    behind = store.behind()
    assert behind in {0, 2}
    assert store.catch_up() == behind
    store.refresh()
    assert (store.behind(), store.catch_up()) == (0, 0)
    assert found(store, "title") == {"b"}


def test_readers_see_everything_throughout_a_rebuild(store: Store, open_again: Opener) -> None:
    filled(store, *(article(f"id-{number}") for number in range(200)))
    store.delete(["id-0"])
    store.refresh()
    reader = open_again()
    done, counts = Event(), set[int]()

    def read() -> None:
        while not done.is_set():
            counts.add(reader.count(Selection()))

    thread = Thread(target=read)
    thread.start()
    for _ in range(3):
        store.rebuild()
    done.set()
    thread.join()
    assert counts == {199}
    assert len(found(store, "title")) == len(found(open_again(), "title")) == 199


def test_a_rebuild_loses_no_article_written_meanwhile(store: Store, open_again: Opener) -> None:
    filled(store, *(article(f"id-{number}") for number in range(50)))
    other, done, written = open_again(), Event(), list[str]()

    def write() -> None:
        while not done.is_set():
            name = f"new-{len(written)}"
            other.write([article(name), article("id-1", name)])
            written.append(name)

    thread = Thread(target=write)
    thread.start()
    for _ in range(3):
        store.rebuild()
    done.set()
    thread.join()
    store.refresh()
    assert store.count(Selection()) == 50 + len(written)
    assert all(store.get(written))


def test_threads_search_at_once(store: Store) -> None:
    filled(store, *(article(f"id-{number}", "storm" if number % 2 else "calm") for number in range(20)))
    failures: list[BaseException] = []

    def search() -> None:
        try:
            for _ in range(20):
                assert len(found(store, "storm")) == 10
        except BaseException as error:  # noqa: BLE001 - told in the main thread
            failures.append(error)

    threads = [Thread(target=search) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
