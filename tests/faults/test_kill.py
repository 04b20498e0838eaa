"""kill -9 at random moments of an ingest, again and again: nothing acknowledged is lost, nothing is there twice."""

import json
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import httpx
import pytest

from indexer.article import Article
from indexer.pipeline import BATCH_RECORDS
from indexer.store.opening import open_store
from indexer.store.port import Position, Request, Selection, Store
from indexer.times import Millis, parse
from service.trends.arrays import Arrays
from service.trends.follower import Tail
from tests.serving import serving_process

KILLS: Final = 25
ARTICLES: Final = 6_000
PROGRAM: Final = Path(__file__).with_name("ingest_until_killed.py")
ROOT: Final = Path(__file__).parents[2]
NAMES: Final = ("Ada", "Bob", "Cleo", "Dora", "Emil", "Fritz", "Greta", "Hugo", "Ines", "Jan")
NOW: Final[Millis] = parse("2024-11-30T00:00:00Z")


def _records(number: int, prefix: str) -> Iterator[dict[str, object]]:
    for n in range(number):
        first, second = NAMES[n % 10], NAMES[n // 7 % 10]
        yield {
            "id": f"{prefix}-{n}",
            "title": f"{first} meets {second} for the {n}th time",
            "body": f"A short account of meeting number {n}, in a town by the sea.",
            "section": ("World", "Sport", "Science")[n % 3],
            "source": f"paper-{n % 5}.example",
            "published_at": f"2024-11-{n % 28 + 1:02d}T{n % 24:02d}:00:00Z",
        }


def _write(path: Path, number: int, prefix: str = "a") -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in _records(number, prefix)))
    return path


def _start(url: str, file: Path) -> "subprocess.Popen[str]":
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, str(PROGRAM), url, str(file)], stdout=subprocess.PIPE, text=True, env=environment
    )


def _kill_after(process: "subprocess.Popen[str]", commits: int, delay: float) -> list[str]:
    """Kill it some moments after a number of commits; the ids it had acknowledged by then."""
    assert process.stdout is not None
    acknowledged: list[str] = []
    with process.stdout:
        for _, line in zip(range(commits), process.stdout, strict=False):
            acknowledged += line.split()[1:]
        try:
            process.wait(delay)
        except subprocess.TimeoutExpired:
            process.kill()
        acknowledged += [word for line in process.stdout if line.endswith("\n") for word in line.split()[1:]]
    process.wait()
    return acknowledged


def _all(store: Store) -> list[Article]:
    """Every article that the text index finds, by walking it to the end."""
    articles: list[Article] = []
    after = None
    while hits := store.search(Request(sort="oldest", size=500, after=after)).hits:
        articles += [hit.article for hit in hits]
        after = Position(*articles[-1].order)
    return articles


def _trend_counts(store: Store) -> dict[str, int]:
    """Articles per entity by the trend arrays."""
    tail = Tail(store, Arrays(0))
    while tail.follow():
        pass
    snapshot = tail.arrays.snapshot
    counts = snapshot.at(NOW).articles_per_entity()
    return {snapshot.names.entities.values[n]: int(count) for n, count in enumerate(counts) if count}


def _recount(articles: Sequence[Article]) -> dict[str, int]:
    return dict(Counter(entity.id for article in articles for entity in article.entities))


def _assert_whole(store: Store, ids: set[str]) -> None:
    """Each id is there once, in the record, the text index and the trend arrays alike."""
    found = _all(store)
    assert Counter(article.id for article in found) == Counter(ids)
    assert {article.id: article for article in found} == {
        article.id: article for article in store.get(sorted(ids)) if article
    }
    assert store.count(Selection()) == len(ids)
    assert store.behind() == 0
    assert _trend_counts(store) == _recount(found)
    facet = store.search(Request(facets={"person": 100})).facets["person"]
    assert {value.value: value.count for value in facet.values} == _recount(found)


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_by_killing_an_ingest(tmp_path: Path) -> None:
    url, file = f"embedded:{tmp_path}/store", _write(tmp_path / "articles.jsonl", ARTICLES)
    chance = random.Random(1)  # noqa: S311 - which moments, not which secrets
    acknowledged: set[str] = set()
    for kill in range(KILLS):
        process = _start(url, file)
        acknowledged |= set(_kill_after(process, kill % (ARTICLES // BATCH_RECORDS), chance.uniform(0, 0.15)))
        store = open_store(url)
        store.prepare()
        stored = {article.id for article in store.get(sorted(acknowledged - {"done"})) if article}
        store.close()
        assert stored == acknowledged - {"done"}
    resumed = _start(url, file)
    assert resumed.communicate()[0].splitlines()[-1] == "done"
    store = open_store(url)
    _assert_whole(store, {f"a-{n}" for n in range(ARTICLES)})
    store.close()


@pytest.mark.slow
def test_two_ingests_at_once_while_a_third_process_serves(tmp_path: Path) -> None:
    url = f"embedded:{tmp_path}/store"
    files = [_write(tmp_path / f"{prefix}.jsonl", ARTICLES // 2, prefix) for prefix in "bc"]
    with serving_process(url, tmp_path) as address:
        writers = [_start(url, file) for file in files]
        killed = _start(url, files[0])
        _kill_after(killed, 2, 0.05)
        assert [writer.communicate()[0].splitlines()[-1] for writer in writers] == ["done", "done"]
        total = httpx.get(f"{address}/v1/search", params={"q": "meeting"}).json()["total"]["value"]
        assert total == ARTICLES // 2 * 2
    store = open_store(url)
    store.refresh()
    _assert_whole(store, {f"{prefix}-{n}" for prefix in "bc" for n in range(ARTICLES // 2)})
    store.close()
