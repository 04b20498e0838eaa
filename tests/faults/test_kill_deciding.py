"""kill -9 of a worker that brings a decision to ten thousand articles: the next one finishes, and no count is wrong."""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final
from uuid import uuid4

import httpx
import pytest

from indexer.article import Article
from indexer.catalogue.catalogue import Catalogue
from indexer.decisions.deciding import NewestNames, decide
from indexer.decisions.decision import Act, Merge, Undo
from indexer.decisions.names import Names
from indexer.decisions.reprojecting import Progress, progress
from indexer.store.opening import open_store
from indexer.store.port import FacetValue, Position, Request, Selection, Store
from nlp.mention import Mention

ARTICLES: Final = 10_000
PATIENCE: Final = 120.0
NOW: Final = 1_700_000_000_000
CATALOGUE: Final = Catalogue([])
DOE, JANE, OTHER = "person:j-doe", "person:jane-doe", "person:jon-roe"
PROGRAM: Final = Path(__file__).with_name("reproject_until_killed.py")
ROOT: Final = Path(__file__).parents[2]


def _articles() -> Iterator[Article]:
    """Every one names J. Doe or Jane Doe, every third Jon Roe as well."""
    names = Names(CATALOGUE)
    for number in range(ARTICLES):
        said = ["J. Doe" if number % 10 else "Jane Doe", *(["Jon Roe"] if number % 3 == 0 else [])]
        mentions = tuple(Mention(name.lower(), "person", 1, "title", at, (name,)) for at, name in enumerate(said))
        yield names.read(
            Article(id=f"a-{number}", title=" and ".join(said), seen_at=NOW, ranked_at=NOW + number, mentions=mentions)
        )


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
    process = subprocess.Popen([sys.executable, str(PROGRAM), url], stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    with process.stdout:
        assert process.stdout.readline() == "working\n"
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def _check(store: Store) -> int:
    """The count of Jane Doe, once every count of one moment has been found to fit the others."""
    counts = {value.value: value.count for value in _facet(store, Selection())}
    assert counts.get(DOE, 0) + counts.get(JANE, 0) == ARTICLES
    assert counts[OTHER] == len(range(0, ARTICLES, 3))
    chosen = store.search(Request(Selection(filters={"entity": (DOE,)}), size=0, facets={"entity": 5, "person": 5}))
    for field in ("entity", "person"):
        (selected,) = [value for value in chosen.facets[field].values if value.selected]
        assert selected.count == chosen.total
    return counts.get(JANE, 0)


def _facet(store: Store, selection: Selection) -> tuple[FacetValue, ...]:
    return store.search(Request(selection, size=0, facets={"entity": 10})).facets["entity"].values


def _recounted(store: Store) -> dict[str, int]:
    counts: Counter[str] = Counter()
    after = None
    while hits := store.search(Request(sort="oldest", size=1_000, after=after)).hits:
        counts.update(entity.id for hit in hits for entity in hit.article.entities)
        after = Position(*hits[-1].article.order)
    return dict(counts)


def _watched_until_done(store: Store) -> set[int]:
    """The counts of Jane Doe until the last decision is in every article."""
    names, end, seen = NewestNames(store, CATALOGUE)(), time.monotonic() + PATIENCE, set()
    while progress(store, names) != Progress(names.number, 0):
        assert time.monotonic() < end, progress(store, names)
        seen.add(_check(store))
    store.refresh()
    return seen


@pytest.mark.slow
def test_a_killed_worker_loses_no_decision_and_no_count_is_ever_wrong(url: str) -> None:
    chance = random.Random(2)  # noqa: S311 - which moments, not which secrets
    with closing(open_store(url)) as store:
        store.prepare()
        store.write(list(_articles()))
        store.refresh()
        kills = 6 if url.startswith("embedded") else 1  # a dead holder's lease falls free at once, or in 20 seconds
        acts: tuple[tuple[Act, int], ...] = ((Merge(DOE, JANE), ARTICLES), (Undo(1), ARTICLES // 10))
        for act, expected in acts:
            decide(store, CATALOGUE, act, who="Jane", why="It is so.", now=NOW)
            seen = set()
            for _ in range(kills):
                with _worker(url):
                    end = time.monotonic() + chance.uniform(0.1, 1.5)
                    while time.monotonic() < end:
                        seen.add(_check(store))
            with _worker(url):
                seen |= _watched_until_done(store)
            assert _check(store) == expected
            assert len(seen) > 2, "every worker was killed before its first article or after its last"
            assert {value.value: value.count for value in _facet(store, Selection())} == _recounted(store)
