import signal
import subprocess
import sys
from dataclasses import replace
from threading import Event, Thread

import pytest
from elasticsearch import ConnectionTimeout, Elasticsearch

from indexer.article import Article
from indexer.errors import StoreError, StoreUnavailable
from indexer.store.elasticsearch import leases, rebuilding
from indexer.store.elasticsearch.indices import Index, Indices
from indexer.store.elasticsearch.store import ElasticsearchStore
from indexer.store.port import Request, Selection
from tests.indexer.store.elasticsearch.conftest import Opener

pytestmark = pytest.mark.elasticsearch
FIRST = [Article(id=f"a{number}", title="Kursk", seen_at=number, ranked_at=number) for number in range(50)]


@pytest.fixture
def filled(store: ElasticsearchStore, monkeypatch: pytest.MonkeyPatch) -> ElasticsearchStore:
    monkeypatch.setattr(rebuilding, "PAGE", 20)
    monkeypatch.setattr(rebuilding, "GRACE", 0.1)
    store.write(FIRST)
    store.delete(["a7"])
    store.refresh()
    return store


def names(client: Elasticsearch, prefix: str) -> set[str]:
    return set(client.indices.get(index=f"{prefix}-articles*").body)


def test_a_rebuild_carries_articles_and_tombstones(
    filled: ElasticsearchStore, client: Elasticsearch, prefix: str
) -> None:
    mark = filled.changes(None, 1_000).mark
    filled.rebuild()
    assert names(client, prefix) == {f"{prefix}-articles-2"}
    assert filled.get(["a6", "a7"]) == [FIRST[6], None]
    assert filled.count(Selection()) == 49
    again = {change.id: change.article for change in filled.changes(mark, 1_000).items}
    assert again == {one.id: one for one in FIRST} | {"a7": None}


def test_writers_readers_and_followers_go_on_throughout(filled: ElasticsearchStore) -> None:
    done = Event()
    counts: set[int] = set()
    failures: list[StoreError] = []

    def look() -> None:
        while not done.is_set():
            try:
                counts.add(filled.search(Request(Selection(end=50))).total)
            except StoreError as failure:
                failures.append(failure)

    last = {}

    def write() -> None:
        turn = 0
        while not done.is_set():
            turn += 1
            batch = [
                replace(FIRST[turn % 50], title=f"Turn {turn}"),
                Article(id=f"b{turn}", title="B", seen_at=99, ranked_at=99),
            ]
            last.update({one.article.id: one.article for one in filled.write(batch) if one.article.id != "a7"})

    threads = [Thread(target=look), Thread(target=write)]
    for thread in threads:
        thread.start()
    filled.rebuild()
    filled.rebuild()
    done.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert counts <= {49, 50}
    assert filled.get(list(last)) == list(last.values())


def test_a_rebuild_that_is_interrupted_leaves_the_old_index_as_it_was(
    filled: ElasticsearchStore, client: Elasticsearch, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(rebuilding, "_copy_the_rest", interrupted)
        with pytest.raises(KeyboardInterrupt):
            filled.rebuild()
    assert names(client, prefix) == {f"{prefix}-articles-1"}
    assert [written.outcome for written in filled.write([replace(FIRST[0], title="Gaza")])] == ["changed"]
    filled.rebuild()
    assert names(client, prefix) == {f"{prefix}-articles-2"}


def test_a_swap_that_is_refused_leaves_the_old_index_as_it_was(
    filled: ElasticsearchStore, client: Elasticsearch, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    swap = Indices.swap
    monkeypatch.setattr(Indices, "swap", lambda self, current, _: swap(self, current, f"{prefix}-nothing"))
    with pytest.raises(StoreUnavailable):
        filled.rebuild()
    assert names(client, prefix) == {f"{prefix}-articles-1"}
    assert [written.outcome for written in filled.write([replace(FIRST[0], title="Gaza")])] == ["changed"]


def test_a_swap_whose_answer_is_lost_loses_nothing_else(
    filled: ElasticsearchStore, client: Elasticsearch, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    swap = Indices.swap

    def unanswered(self: Indices, current: Index, successor: str) -> None:
        swap(self, current, successor)
        raise ConnectionTimeout("no answer")

    with monkeypatch.context() as patched:
        patched.setattr(Indices, "swap", unanswered)
        with pytest.raises(StoreUnavailable, match="no answer"):
            filled.rebuild()
    assert filled.count(Selection()) == 49
    assert [written.outcome for written in filled.write([replace(FIRST[0], title="Gaza")])] == ["changed"]
    filled.rebuild()
    assert names(client, prefix) == {f"{prefix}-articles-3"}


MOMENTS = {
    "before copying": "Indices.create_beside = lambda *_: os.kill(os.getpid(), 9)",
    "while copying": "rebuilding._renew = lambda *_: os.kill(os.getpid(), 9)",
    "while writers wait": "rebuilding._copy_the_rest = lambda *_: os.kill(os.getpid(), 9)",
    "before the swap": "Indices.swap = lambda *_: os.kill(os.getpid(), 9)",
    "after the swap": "rebuilding.time.sleep = lambda seconds: seconds == rebuilding.GRACE and os.kill(os.getpid(), 9)",
}
PROGRAM = """
import os, sys
from indexer.store.elasticsearch import rebuilding
from indexer.store.elasticsearch.indices import Indices
from indexer.store.elasticsearch.store import ElasticsearchStore
rebuilding.PAGE = 20
{moment}
ElasticsearchStore(sys.argv[1]).rebuild()
"""


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_a_rebuild_that_is_killed_leaves_a_whole_index_that_can_be_written_to(
    filled: ElasticsearchStore, client: Elasticsearch, url: str, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    monkeypatch.setattr(leases, "TTL", 1.0)
    killed = subprocess.run([sys.executable, "-c", PROGRAM.format(moment=moment), url], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert len(filled.search(Request(size=100)).hits) == filled.count(Selection()) == 49
    assert filled.get(["a6", "a7"]) == [FIRST[6], None]
    again = [replace(FIRST[0], title="Gaza"), FIRST[7]]
    assert [written.outcome for written in filled.write(again)] == ["changed", "new"]
    filled.rebuild()
    assert len(names(client, url.rpartition("/")[2])) == 1
    assert filled.get(["a0", "a7"]) == again
    assert filled.count(Selection()) == 50


def test_a_rebuild_that_only_seemed_dead_does_not_undo_what_was_written_since(
    filled: ElasticsearchStore, client: Elasticsearch, open_again: Opener, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stands still with its copy ready; a writer goes on without it; then it wakes up."""
    monkeypatch.setattr(leases, "TTL", 0.5)
    swap = Indices.swap
    outcomes: list[str] = []

    def late(self: Indices, current: Index, successor: str) -> None:
        outcomes.extend(written.outcome for written in open_again().write([replace(FIRST[0], title="Gaza")]))
        swap(self, current, successor)

    monkeypatch.setattr(Indices, "swap", late)
    with pytest.raises(StoreError):
        filled.rebuild()
    assert outcomes == ["changed"]
    assert names(client, prefix) == {f"{prefix}-articles-1"}
    assert filled.get(["a0"]) == [replace(FIRST[0], title="Gaza")]


def test_one_rebuild_at_a_time(filled: ElasticsearchStore, open_again: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuilding, "TTL", -1.8)
    other = open_again()
    lease = other.lease(rebuilding.ROLE)
    assert lease is not None
    with pytest.raises(StoreUnavailable, match="another rebuild is running"):
        filled.rebuild()
    lease.release()
    filled.rebuild()
