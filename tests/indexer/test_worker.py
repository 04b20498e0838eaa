"""The worker: one holder at a time, taken over when it goes, and no chore that ends for good."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.errors import StoreUnavailable
from indexer.store.opening import open_store
from indexer.store.port import Store
from indexer.worker import Chore, work


def _until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "did not happen in time"
        time.sleep(0.01)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = open_store(f"embedded://{tmp_path}")
    store.prepare()
    return store


def _start(store: Store, chore: Chore) -> tuple[threading.Thread, threading.Event]:
    stop = threading.Event()
    thread = threading.Thread(target=work, args=(store, [chore], stop))
    thread.start()
    return thread, stop


def _counting(counts: list[int], fail: Exception | None = None) -> Chore:
    def run(_: threading.Event) -> None:
        counts.append(1)
        if fail is not None and len(counts) == 1:
            raise fail

    return Chore("count", pause=0.01, run=run)


def test_only_one_of_two_workers_does_the_chores_and_the_other_takes_over(tmp_path: Path, store: Store) -> None:
    other = open_store(f"embedded://{tmp_path}")
    other.prepare()
    first: list[int] = []
    second: list[int] = []
    one, stop_one = _start(store, _counting(first))
    _until(lambda: len(first) > 3)
    two, stop_two = _start(other, _counting(second))
    time.sleep(0.3)
    assert second == []
    stop_one.set()
    one.join(10)
    _until(lambda: len(second) > 3)
    stop_two.set()
    two.join(10)
    assert not one.is_alive()
    assert not two.is_alive()


@pytest.mark.parametrize("error", [StoreUnavailable("away"), ValueError("a bug")])
def test_a_chore_goes_on_after_it_failed(store: Store, error: Exception) -> None:
    counts: list[int] = []
    thread, stop = _start(store, _counting(counts, error))
    _until(lambda: len(counts) > 2)
    stop.set()
    thread.join(10)
    assert not thread.is_alive()


def test_a_chore_that_does_not_end_keeps_nobody_from_stopping(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.worker._GRACE", 0.1)
    begun, end = threading.Event(), threading.Event()

    def endless(_: threading.Event) -> None:
        begun.set()
        end.wait(60)

    thread, stop = _start(store, Chore("endless", pause=0.01, run=endless))
    assert begun.wait(10)
    stop.set()
    thread.join(10)
    assert not thread.is_alive()
    end.set()


def test_a_chore_is_told_to_end(store: Store) -> None:
    thread, stop = _start(store, Chore("long", pause=0.01, run=lambda end: end.wait(60)))
    _until(thread.is_alive)
    stop.set()
    thread.join(10)
    assert not thread.is_alive()
