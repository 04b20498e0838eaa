"""The worker's watch: nothing lost and nothing repeated, wherever it is cut off and whoever goes on."""

from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event, Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.errors import StoreUnavailable
from indexer.store.opening import open_store
from indexer.store.port import Json, Store
from indexer.times import DAY, HOUR, MINUTE, Millis
from indexer.worker import work
from service.alerts.alert import Alert
from service.alerts.arrays import arrays_of
from service.alerts.watching import KEPT, LONGEST_ABSENCE, SETTLING, STEP, Watch, all_alerts, looked_at, moments
from service.trends.follower import Follower
from service.trends.snapshot import Snapshot
from tests.service.alerts.arrivals import KURSK, NOW, STORM, burst, grid, snapshot_of, usual
from tests.service.alerts.test_crossing import alerts

START = NOW - 16 * HOUR
NEWS = [
    *usual(), *burst(KURSK, NOW - 15 * HOUR, 5), *burst(STORM, NOW - 8 * HOUR, 6), *burst(KURSK, NOW - 3 * HOUR, 12),
]  # fmt: skip
SNAPSHOT = snapshot_of(NEWS)
ALL = alerts(SNAPSHOT, grid(START + STEP, NOW))
few = settings(max_examples=10, deadline=None)
_cuts = st.lists(st.integers(0, (NOW - START) // MINUTE), max_size=4).map(sorted)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with closing(open_store(f"embedded:{tmp_path_factory.mktemp('alerts')}")) as store:
        store.prepare()
        yield store


def begin(store: Store, moment: Millis = START) -> None:
    """Everything up to a moment was looked at, and nothing found."""
    for alert in all_alerts(store):
        store.drop_record("alert", alert.id)
    store.put_record("alerting", "alerting", {"moment": moment})


def watch(store: Store, now: Millis, snapshot: Snapshot = SNAPSHOT, stop: Event | None = None) -> None:
    Watch(store, lambda _: snapshot, lambda: str, lambda: now).run(stop or Event())


def kept(store: Store) -> list[Alert]:
    return [replace(alert, updated_at=0) for alert in all_alerts(store)]


@dataclass
class Dying:
    """A store at which the process dies at its nth write, before that or after; `kinds` are those of all writes."""

    store: Store
    last: int
    written: bool = True
    kinds: list[str] = field(default_factory=list)

    def records(self, kind: str, *, after: str = "") -> dict[str, Json]:
        return self.store.records(kind, after=after)

    def put_record(self, kind: str, record_id: str, value: Json, *, only_new: bool = False) -> bool:
        dies = len(self.kinds) == self.last
        self.kinds.append(kind)
        if dies and not self.written:
            raise StoreUnavailable("dead")
        done = self.store.put_record(kind, record_id, value, only_new=only_new)
        if dies:
            raise StoreUnavailable("dead")
        return done


def test_there_is_something_to_be_lost_and_repeated() -> None:
    assert [(alert.subject, alert.cleared_at is None) for alert in ALL] == [
        ("place:kursk", False), ("other:ophelia", True), ("place:kursk", True),
    ]  # fmt: skip


@few
@given(_cuts)
def test_runs_that_are_cut_anywhere_equal_one_run(store: Store, cuts: list[int]) -> None:
    begin(store)
    for minutes in [*cuts, (NOW - START) // MINUTE + 1]:
        watch(store, START + minutes * MINUTE)
    assert kept(store) == ALL
    assert looked_at(store) == NOW


def test_dying_in_the_middle_of_a_moment_loses_and_repeats_nothing(store: Store) -> None:
    begin(store)
    whole = Dying(store, -1)
    watch(whole, NOW + SETTLING)  # type: ignore[arg-type]
    writes = [place for place, kind in enumerate(whole.kinds) if kind == "alert"]
    assert len(writes) == 4
    for last in sorted({*writes, *(place + 1 for place in writes)}):
        for written in (False, True):
            begin(store)
            with suppress(StoreUnavailable):
                watch(Dying(store, last, written), NOW + SETTLING)  # type: ignore[arg-type]
            watch(store, NOW + SETTLING)
            assert kept(store) == ALL


@few
@given(st.integers(0, 191))
def test_a_mark_that_somebody_else_moved_back_repeats_nothing(store: Store, steps: int) -> None:
    begin(store)
    watch(store, NOW + SETTLING)
    store.put_record("alerting", "alerting", {"moment": START + steps * STEP})
    watch(store, NOW + SETTLING)
    assert kept(store) == ALL


def test_looking_once_more_makes_nothing_known_anew(store: Store) -> None:
    begin(store)
    watch(store, NOW + SETTLING)
    known = all_alerts(store)
    assert any(alert.cleared_at for alert in known)
    store.put_record("alerting", "alerting", {"moment": START})
    watch(store, NOW + SETTLING + STEP - 1)
    assert all_alerts(store) == known


def test_two_at_the_same_time_are_as_one(store: Store) -> None:
    begin(store)
    threads = [Thread(target=watch, args=(store, NOW + SETTLING)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert kept(store) == ALL


def test_it_ends_when_it_is_told_to_and_goes_on_later(store: Store) -> None:
    begin(store)
    stop, left = Event(), iter(range(100))

    def clock() -> Millis:
        if next(left, None) is None:
            stop.set()
        return NOW + SETTLING

    Watch(store, lambda _: SNAPSHOT, lambda: str, clock).run(stop)
    assert looked_at(store) == START + 100 * STEP
    watch(store, NOW + SETTLING)
    assert kept(store) == ALL


def test_nothing_is_looked_at_before_everything_is_loaded(store: Store) -> None:
    begin(store)
    Watch(store, lambda _: None, lambda: str, lambda: NOW).run(Event())
    assert looked_at(store) == START


def test_an_alert_says_when_it_became_known(store: Store) -> None:
    begin(store)
    watch(store, START + 2 * HOUR)
    [alert] = all_alerts(store)
    assert (alert.cleared_at, alert.updated_at) == (None, START + 2 * HOUR)
    watch(store, NOW + DAY)
    assert {one.updated_at for one in all_alerts(store)} == {NOW + DAY}


def test_the_moments_are_those_of_a_grid_and_no_more_than_two_days() -> None:
    assert list(moments(NOW - 3 * STEP, NOW + SETTLING)) == [NOW - 2 * STEP, NOW - STEP, NOW]
    assert list(moments(NOW - STEP, NOW + SETTLING - 1)) == []
    assert list(moments(NOW + STEP, NOW)) == []
    for before in (None, 0, NOW - 10 * DAY):
        late = moments(before, NOW + HOUR + MINUTE)
        assert (late[0], late[-1]) == (NOW + HOUR - LONGEST_ABSENCE, NOW + HOUR)
    assert all(moment % STEP == 0 for moment in moments(None, NOW + 1234567))


def test_a_clock_that_was_far_ahead_and_was_put_right_silences_nothing(store: Store) -> None:
    begin(store, NOW + 400 * DAY)
    watch(store, NOW + SETTLING)
    assert looked_at(store) == NOW
    assert [alert.subject for alert in kept(store)] == [alert.subject for alert in ALL]


def test_a_moment_is_looked_at_once_what_had_come_by_then_is_in_stories(store: Store) -> None:
    begin(store)
    grouped = [replace(one, story=one.id) for one in NEWS]
    behind = [replace(one, story="") if one.ranked_at > NOW - 9 * HOUR else one for one in grouped]
    first = min(one.seen_at for one in behind if not one.story)
    watch(store, NOW + SETTLING, snapshot_of(behind))
    assert looked_at(store) == (first - 1) // STEP * STEP
    watch(store, NOW + SETTLING, snapshot_of(behind))
    assert looked_at(store) == (first - 1) // STEP * STEP
    watch(store, NOW + SETTLING, snapshot_of(grouped))
    assert kept(store) == ALL


def test_after_a_long_absence_what_stood_is_cleared(store: Store) -> None:
    begin(store)
    watch(store, NOW + SETTLING)
    watch(store, NOW + 10 * DAY)
    first, second, third = kept(store)
    assert first == ALL[0]
    assert second.cleared_at == third.cleared_at == moments(None, NOW + 10 * DAY)[0]


def test_what_was_over_long_ago_is_forgotten_and_what_stands_is_not(store: Store) -> None:
    begin(store)
    watch(store, NOW + SETTLING)
    cleared = ALL[0].cleared_at
    assert cleared
    end = cleared + KEPT
    later = snapshot_of([*usual(NOW + KEPT), *burst(KURSK, end - 6 * HOUR), *burst(STORM, end - 6 * HOUR)])
    store.put_record("alerting", "alerting", {"moment": end - STEP})
    watch(store, end + SETTLING, later)
    assert [one.id for one in kept(store)] == [one.id for one in ALL]
    watch(store, end + STEP + SETTLING, later)
    assert [one.id for one in kept(store)] == [one.id for one in ALL[1:]]


@pytest.mark.parametrize("own", [True, False])
def test_the_arrays_hold_what_is_stored(tmp_path: Path, *, own: bool) -> None:
    with closing(open_store(f"embedded:{tmp_path}")) as store:
        store.prepare()
        store.write(usual())
        follower = None if own else Follower(store, lambda: NOW, pause=0.01)
        arrays = arrays_of(store, lambda: NOW, follower)
        if follower:
            assert arrays(Event()) is None
            follower.start()
        _until(lambda: _count(arrays(Event())) == len(usual()))
        store.write(burst(KURSK, NOW))
        _until(lambda: _count(arrays(Event())) == len(usual()) + 8)
        stopped = Event()
        stopped.set()
        if follower:
            follower.stop()
        else:
            assert arrays(stopped) is None


def test_workers_that_take_over_from_each_other_are_as_one(store: Store) -> None:
    begin(store)
    now = START
    watching = Watch(store, lambda _: SNAPSHOT, lambda: str, lambda: now)
    for end in (NOW - 9 * HOUR, NOW - 2 * HOUR, NOW):
        stop = Event()
        worker = Thread(target=work, args=(store, [replace(watching.chore(), pause=0.01)], stop))
        worker.start()
        while now < end + SETTLING:
            now = min(now + 47 * MINUTE, end + SETTLING)
            Event().wait(0.02)
        _until(lambda end=end: looked_at(store) == end)  # type: ignore[misc]
        stop.set()
        worker.join()
    assert kept(store) == ALL


def _count(snapshot: Snapshot | None) -> int:
    return 0 if snapshot is None else len(snapshot.articles.ids)


def _until(condition: Callable[[], bool]) -> None:
    for _ in range(1_000):
        if condition():
            return
        Event().wait(0.01)
    raise AssertionError("did not happen in time")
