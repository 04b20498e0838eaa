"""A rebuild of the text index while other processes write and read, and one that is killed half way."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import pytest

from indexer.query.ast import Text
from indexer.store.embedded import follower
from indexer.store.embedded.follower import Follower
from indexer.store.embedded.store import EmbeddedStore
from indexer.store.port import Request, Selection
from tests.contract.factories import article, filled, found, walked

OLD = {f"old-{number}" for number in range(300)}
WRITING = """
import sys, time
from itertools import count
from pathlib import Path
from indexer.store.embedded.store import EmbeddedStore
from tests.contract.factories import article

store, name = EmbeddedStore(Path(sys.argv[1])), sys.argv[2]
for turn in count():
    store.write([article(f"{name}{turn}"), article(f"{name}-edited", str(turn)), article("edited", str(turn))])
    if turn % 10 == 0:
        store.catch_up()
    time.sleep(0.01)
"""
REBUILDING = """
import os, sys
from itertools import count
from pathlib import Path
from indexer.store.embedded import follower
from indexer.store.embedded.folder import IndexFolder
from indexer.store.embedded.follower import Follower
from indexer.store.embedded.schema import Fields
from indexer.store.embedded.store import EmbeddedStore

def die(*_):
    os.kill(os.getpid(), 9)

follower.COMMIT_EVERY = 50
taken, indexed = count(), Fields.indexed
{moment}
EmbeddedStore(Path(sys.argv[1])).rebuild()
"""
MOMENTS = {
    "before the first part": "Follower._add = die",
    "inside a part": "Fields.indexed = lambda *given: die() if next(taken) == 70 else indexed(*given)",
    "between two parts": "Follower._feed_the_old = die",
    "before the swap": "IndexFolder.put = die",
    "inside the swap": "os.fsync = die",
    "after the swap": "IndexFolder.sweep = die",
}


@pytest.fixture
def newsroom(store: EmbeddedStore) -> EmbeddedStore:
    filled(store, *(article(one, "Old", at=number % 7) for number, one in enumerate(sorted(OLD))))
    return store


def filled_again(folder: Path) -> set[str]:
    """The folder as another process finds it: what is there, when one article more was written."""
    with closing(EmbeddedStore(folder)) as store:
        assert found(store, "old") == OLD
        filled(store, article("new", "New"))
        ids = walked(store, "newest", 70)
        assert len(ids) == len(set(ids)) == store.count(Selection())
        return set(ids)


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_a_rebuild_that_is_killed_leaves_a_whole_index(newsroom: EmbeddedStore, folder: Path, moment: str) -> None:
    killed = subprocess.run([sys.executable, "-c", REBUILDING.format(moment=moment), folder], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert found(newsroom, "old") == OLD
    assert filled_again(folder) == OLD | {"new"}
    assert len([path for path in (folder / "index").iterdir() if path.is_dir()]) == 1


@pytest.mark.slow
def test_readers_miss_nothing_while_processes_write(
    newsroom: EmbeddedStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follower, "COMMIT_EVERY", 150)
    done, counts = Event(), list[int]()

    def read() -> None:
        with closing(EmbeddedStore(folder)) as reader:
            while not done.is_set():
                response = reader.search(Request(Selection(Text("old")), size=400))
                assert {hit.article.id for hit in response.hits} == OLD
                counts.append(reader.count(Selection()))

    writers = [subprocess.Popen([sys.executable, "-c", WRITING, folder, name]) for name in "ab"]
    end_of_reading = _in_thread(read)
    for _ in range(5):
        newsroom.rebuild()
        time.sleep(0.2)
    done.set()
    end_of_reading()
    for writer in writers:
        writer.kill()
        writer.wait()
    assert counts == sorted(counts), "what was found once is found from then on"
    assert counts[-1] > counts[0]
    newsroom.refresh()
    written = {change.id for change in newsroom.changes(None, 1_000_000).items}
    ids = walked(newsroom, "newest", 500)
    assert len(ids) == len(set(ids))
    assert set(ids) == written > OLD


def test_what_is_written_during_a_rebuild_is_found_before_its_end(
    newsroom: EmbeddedStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follower, "COMMIT_EVERY", 100)
    seen = list[set[str]]()
    feed = Follower._feed_the_old

    def write(self: Follower) -> None:
        name = f"new{len(seen)}"
        with closing(EmbeddedStore(folder)) as other:
            other.write([article(name, name), article("old-1", "Edited", section=name)])
            feed(self)
            seen.append(found(other, name) | found(other, "edited"))

    monkeypatch.setattr(Follower, "_feed_the_old", write)
    newsroom.rebuild()
    assert seen == [{"new0", "old-1"}, {"new1", "old-1"}]
    assert newsroom.behind() == 0
    assert found(newsroom, "edited") == {"old-1"}
    assert newsroom.count(Selection()) == len(OLD) + 2


def _in_thread(work: Callable[[], None]) -> Callable[[], None]:
    """Start it; the function returned waits for its end and raises what it raised."""
    failures: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as failure:  # noqa: BLE001 - raised in the main thread
            failures.append(failure)

    thread = Thread(target=run)
    thread.start()

    def end() -> None:
        thread.join()
        for failure in failures:
            raise failure

    return end
