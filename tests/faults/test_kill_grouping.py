"""kill -9 of a worker that groups an archive: whoever takes over comes to the stories of one that was let be."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event
from typing import Final
from uuid import uuid4

import httpx
import pytest

from indexer.article import Article
from indexer.catalogue.catalogue import Catalogue
from indexer.decisions.names import Names
from indexer.store.opening import open_store
from indexer.store.port import Selection, Store
from indexer.stories.chore import Grouper, progress
from indexer.times import DAY
from indexer.vectors import with_vectors
from nlp.rarity import Rarity

ARTICLES: Final = 1_500
PAGE: Final = 40
PATIENCE: Final = 120.0
NOW: Final = 1_700_000_000_000
TOWNS: Final = ("Galway", "Kursk", "Essen", "Torino", "Lagos", "Quito", "Osaka", "Perth", "Hanoi", "Malmo")
EVENTS: Final = ("storm closes harbour", "council votes on budget", "team wins final", "fire destroys market hall")
PROGRAM: Final = Path(__file__).with_name("group_until_killed.py")
ROOT: Final = Path(__file__).parents[2]


def _articles() -> list[Article]:
    """Events of two days each, in no order of time."""
    chance = random.Random(4)  # noqa: S311 - which articles, not which secrets
    articles = []
    for number in range(ARTICLES):
        town, event, week = chance.choice(TOWNS), chance.choice(EVENTS), chance.randrange(6)
        moment = NOW + week * 7 * DAY + chance.randrange(2 * DAY)
        title, source = f"{town} {event}, report {number % 7}", f"s{number % 9}"
        articles.append(Article(id=f"a-{number}", title=title, seen_at=moment, ranked_at=moment, source=source))
    return with_vectors(articles)


@pytest.fixture(params=["embedded", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "embedded":
        yield f"embedded:{tmp_path}/store"
        return
    node: str = request.getfixturevalue("elasticsearch_url")
    prefix = f"faults-{uuid4().hex}"
    yield f"elasticsearch+{node}/{prefix}"
    rows = httpx.get(f"{node}/_cat/indices/{prefix}-*?format=json").raise_for_status().json()
    httpx.delete(f"{node}/{','.join(row['index'] for row in rows)}").raise_for_status()


@contextmanager
def _worker(url: str) -> Iterator["subprocess.Popen[str]"]:
    """A worker in a process of its own, which is killed in the end."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(PROGRAM), url, str(PAGE)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    with process.stdout:
        assert process.stdout.readline() == "working\n"
        try:
            yield process
        finally:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The stories of the archive by one worker that nobody disturbs."""
    with closing(open_store(f"embedded:{tmp_path_factory.mktemp('let-be') / 'store'}")) as store:
        store.prepare()
        store.write(_articles())
        Grouper(store, lambda: Names(Catalogue([])), Rarity.load().idf).run(Event())
        return _stories(store)


def _stories(store: Store) -> dict[str, str]:
    return {one.id: one.grouped for one in store.get([f"a-{number}" for number in range(ARTICLES)]) if one}


def _wait_for(store: Store, number: int) -> None:
    end = time.monotonic() + PATIENCE
    while (done := progress(store).articles) < number:
        assert time.monotonic() < end, done
        time.sleep(0.01)


@pytest.mark.slow
def test_a_killed_worker_changes_no_story(url: str, expected: dict[str, str]) -> None:
    chance = random.Random(5)  # noqa: S311 - which moments, not which secrets
    kills = 6 if url.startswith("embedded") else 2  # a dead holder's lease falls free at once, or in 20 seconds
    with closing(open_store(url)) as store:
        store.prepare()
        store.write(_articles())
        store.refresh()
        for kill in range(kills):
            with _worker(url):
                _wait_for(store, (kill + 1) * ARTICLES // (kills + 2))
                time.sleep(chance.uniform(0, 0.1))
        assert progress(store).articles < ARTICLES, "every worker was killed after its last article"
        with _worker(url):
            _wait_for(store, ARTICLES)
        store.refresh()
        assert _stories(store) == expected
        assert 20 < len(set(expected.values())) < ARTICLES // 2
        assert sum(store.count(Selection(filters={"story": (one,)})) for one in set(expected.values())) == ARTICLES
