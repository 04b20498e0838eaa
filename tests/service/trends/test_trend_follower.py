"""The follower: caught up, exact, undisturbed by a store that goes away, and gone within a second."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer.article import Article, Entity
from indexer.errors import StoreError, StoreUnavailable
from indexer.store.opening import open_store
from indexer.store.port import Changes, Store
from indexer.times import DAY, HOUR, Millis
from service.trends.arrays import Arrays
from service.trends.entities import trending_entities
from service.trends.follower import MARGIN, PAGE, Follower, Past, Tail
from service.trends.scoring import Parameters
from service.trends.snapshot import WINDOW

NOW: Millis = 1_700_000_000_000


def _article(number: int, at: Millis = NOW, name: str = "Kursk") -> Article:
    entity = Entity(f"place:{name.lower()}", name, "place", 1)
    return Article(id=f"a{number}", title=f"Title {number}", seen_at=at, ranked_at=at, entities=(entity,))


def _until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "did not happen in time"
        time.sleep(0.005)


class _Failing:
    """A store whose reads fail as long as `error` is set."""

    def __init__(self, store: Store) -> None:
        self.error: Exception | None = None
        self.reads = 0
        self._store = store

    def changes(self, after: str | None, limit: int) -> Changes:
        self.reads += 1
        if self.error is not None:
            raise self.error
        return self._store.changes(after, limit)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(f"embedded://{tmp_path}")
    store.prepare()
    yield store
    store.close()


@pytest.fixture
def source(store: Store) -> _Failing:
    return _Failing(store)


@pytest.fixture
def follower(source: _Failing) -> Iterator[Follower]:
    follower = Follower(source, lambda: NOW, pause=0.01)
    yield follower
    follower.stop()


def _names(follower: Follower) -> list[tuple[str, int]]:
    items = trending_entities(follower.snapshot, Parameters(novelty=0.0), NOW)
    return [(item.entity.name, item.entity.articles) for item in items]


def test_it_is_ready_once_it_has_what_was_there_and_follows_what_comes(store: Store, follower: Follower) -> None:
    store.write([_article(number) for number in range(PAGE + 5)])
    assert (follower.ready, follower.snapshot.newest_seen) == (False, None)
    follower.start()
    _until(lambda: follower.ready)
    assert _names(follower) == [("Kursk", PAGE + 5)]
    assert (follower.loaded, follower.snapshot.newest_seen, follower.error) == (PAGE + 5, NOW, None)
    store.write([_article(0, name="Russia"), _article(9_000, NOW - HOUR)])
    store.delete(["a1"])
    _until(lambda: _names(follower) == [("Kursk", PAGE + 4)])
    assert follower.snapshot.at(NOW).articles_per_entity().sum() == PAGE + 5


def test_an_empty_store_is_caught_up_with_at_once(follower: Follower) -> None:
    follower.start()
    _until(lambda: follower.ready)
    assert (_names(follower), follower.loaded, follower.snapshot.newest_seen) == ([], 0, None)


@pytest.mark.parametrize("error", [StoreUnavailable("The store is away."), ZeroDivisionError("a bug")])
def test_it_outlives_errors_and_says_so(store: Store, source: _Failing, follower: Follower, error: Exception) -> None:
    source.error = error
    follower.start()
    _until(lambda: source.reads >= 3)
    assert follower.error is error
    assert not follower.ready
    store.write([_article(1)])
    source.error = None
    _until(lambda: follower.ready)
    assert follower.error is None
    assert follower.loaded == 1


def test_it_tries_less_and_less_often(source: _Failing, follower: Follower) -> None:
    source.error = StoreUnavailable("The store is away.")
    follower.start()
    time.sleep(0.3)
    assert source.reads <= 7


def test_it_stops_within_a_second_even_while_the_store_hangs() -> None:
    hanging = threading.Event()

    class Hanging:
        def changes(self, after: str | None, limit: int) -> Changes:
            hanging.wait(5)
            return Changes((), after if limit else None)

    follower = Follower(Hanging(), lambda: NOW)
    follower.start()
    started = time.monotonic()
    follower.stop()
    assert time.monotonic() - started < 1.5
    assert not follower.ready
    hanging.set()


def test_stopping_what_never_started_is_harmless(source: _Failing) -> None:
    Follower(source, lambda: NOW).stop()


def test_a_moment_that_the_arrays_cover_needs_no_other_window(source: _Failing, follower: Follower) -> None:
    follower.start()
    _until(lambda: follower.ready)
    assert follower.snapshot_as_of(NOW - 400 * DAY).articles is follower.snapshot.articles


def test_a_moment_before_the_arrays_has_a_window_of_its_own_that_follows_too(store: Store, follower: Follower) -> None:
    then = NOW - 400 * DAY
    store.write([_article(number, then - number * HOUR) for number in range(4)])
    follower.start()
    _until(lambda: follower.ready)
    assert _names(follower) == []
    assert follower.snapshot.newest_seen == then
    past = follower.snapshot_as_of(then)
    assert [item.entity.articles for item in trending_entities(past, Parameters(novelty=0.0), then)] == [4]
    store.delete(["a0"])
    past = follower.snapshot_as_of(then - HOUR)
    assert [item.entity.articles for item in trending_entities(past, Parameters(novelty=0.0), then)] == [3]


def test_the_past_keeps_one_window_and_reads_the_store_again_for_another(store: Store, source: _Failing) -> None:
    then = NOW - 900 * DAY
    store.write([_article(1, then), _article(2, then + 400 * DAY)])
    past = Past(source)
    assert past.snapshot(then).articles.ids == ["a1"]
    reads = source.reads
    assert past.snapshot(then + MARGIN).articles.ids == ["a1"]
    assert source.reads == reads + 1
    assert past.snapshot(then + 400 * DAY).articles.ids == ["a2"]
    source.error = StoreUnavailable("The store is away.")
    with pytest.raises(StoreError):
        past.snapshot(then)


def test_the_arrays_let_go_as_time_passes(store: Store) -> None:
    clock = iter([NOW, *[NOW + 10 * DAY] * 10_000])
    follower = Follower(store, lambda: next(clock), pause=0.01)
    store.write([_article(1, NOW + 5 * DAY - WINDOW - MARGIN), _article(2)])
    follower.start()
    _until(lambda: follower.loaded == 2)
    follower.stop()
    assert follower.snapshot.articles.ids == ["a2"]


def test_following_again_from_the_beginning_changes_nothing(store: Store) -> None:
    store.write([_article(number) for number in range(10)])
    arrays = Arrays(NOW - WINDOW)
    for _ in range(3):
        tail = Tail(store, arrays)
        while tail.follow():
            pass
    assert arrays.snapshot.at(NOW).articles_per_entity().tolist() == [10]
