"""kill -9 for `dateline work` while it looks for alerts: none is lost, none is raised twice."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.article import Article, Entity
from indexer.catalogue.catalogue import Catalogue
from indexer.decisions.names import Names
from indexer.store.opening import open_store
from indexer.store.port import Change, Store
from indexer.times import HOUR, MINUTE, Millis
from nlp.mention import Mention
from service.alerts.alert import Alert
from service.alerts.watching import LONGEST_ABSENCE, SETTLING, STEP, all_alerts, looked_at
from service.clock import system_clock
from service.trends.arrays import Arrays
from tests.service.alerts.arrivals import KURSK, STORM, burst, usual
from tests.service.alerts.test_crossing import alerts
from tests.service.cli.command import PATIENCE, running

MOMENTS = LONGEST_ABSENCE // STEP


def _articles(now: Millis) -> list[Article]:
    """As the worker leaves them: with the entities of their mentions."""
    news = [*usual(now), *burst(KURSK, now - 40 * HOUR), *burst(STORM, now - 26 * HOUR, 6)]
    news += burst(KURSK, now - 9 * HOUR, 20)
    names = Names(Catalogue.load())
    return [names.read(replace(one, mentions=tuple(map(_mention, one.entities)))) for one in news]


def _mention(entity: Entity) -> Mention:
    return Mention(entity.name.lower(), entity.type, 1, "title", 0, (entity.name,))


@contextmanager
def _worker(folder: Path, url: str) -> Iterator[None]:
    """A real worker, killed at the end."""
    with running(folder, "--store", url, "work"):
        yield


def _wait(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 2 * PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def _moment(store: Store) -> Millis:
    """The last one that was looked at; 0 before the first."""
    return looked_at(store) or 0


def _settled(folder: Path, store: Store, url: str, now: Millis) -> list[Article]:
    """The articles once the worker has put them into stories; it looks for no alerts meanwhile."""
    ids = [one.id for one in _articles(now)]
    store.write(_articles(now))
    store.put_record("alerting", "alerting", {"moment": now + LONGEST_ABSENCE})
    with _worker(folder, url):
        _wait(lambda: all(one is not None and one.grouped for one in store.get(ids)))
    store.drop_record("alerting", "alerting")
    return [one for one in store.get(ids) if one is not None]


def _expected(news: Sequence[Article], first: Millis, last: Millis) -> list[Alert]:
    arrays = Arrays(first - 150 * 24 * HOUR)
    arrays.apply([Change(one.id, one) for one in news])
    return alerts(arrays.snapshot, range(first, last + 1, STEP))


@pytest.mark.slow
def test_a_killed_worker_loses_no_alert_and_raises_none_twice(tmp_path: Path) -> None:
    url = f"embedded:{tmp_path}/store"
    began = system_clock()
    with closing(open_store(url)) as store:
        store.prepare()
        news = _settled(tmp_path, store, url, began - began % MINUTE)
        for part in (0.1, 0.35, 0.6, 0.8):
            target = began - LONGEST_ABSENCE + int(part * MOMENTS) * STEP
            with _worker(tmp_path, url):
                _wait(lambda target=target: _moment(store) >= target)  # type: ignore[misc]
        assert _moment(store) < began - SETTLING - STEP, "the worker was done before it could be killed"
        with _worker(tmp_path, url):
            _wait(lambda: _moment(store) >= began - SETTLING - STEP)
        last = _moment(store)
        found = [replace(one, updated_at=0) for one in all_alerts(store)]
        assert found == _expected(news, last - LONGEST_ABSENCE, last)
        assert {(one.subject, one.cleared_at is None) for one in found} >= {
            (KURSK.id, False), (STORM.id, False), (KURSK.id, True),
        }  # fmt: skip
