"""What happens among processes, and when they die."""

import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest

from indexer.store.embedded.store import EmbeddedStore
from indexer.store.port import Selection
from tests.contract.factories import walked

WRITER = Path(__file__).with_name("writes_without_end.py")
HOLDER = """
import sys
from pathlib import Path
from indexer.store.embedded.store import EmbeddedStore
lease = EmbeddedStore(Path(sys.argv[1])).lease("worker")
print(bool(lease), flush=True)
input()
"""


def started(folder: Path, name: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, WRITER, folder, name], stdout=subprocess.PIPE, text=True)


def killed(process: subprocess.Popen[str]) -> list[str]:
    """Kill -9; the ids that were said to be safe, without a line cut off by the end."""
    process.kill()
    output = process.communicate()[0]
    return [one for line in output.splitlines(keepends=True) if line.endswith("\n") for one in line.split()]


def everything(store: EmbeddedStore) -> set[str]:
    return {change.id for change in store.changes(None, 1_000_000).items if change.article}


def assert_whole(store: EmbeddedStore) -> None:
    """The index holds what the record holds."""
    store.refresh()
    ids = walked(store, "newest", 500)
    assert len(ids) == len(set(ids)) == store.count(Selection())
    assert set(ids) == everything(store)
    assert store.behind() == 0


@pytest.mark.slow
def test_what_was_acknowledged_survives_kill_9(store: EmbeddedStore, folder: Path) -> None:
    random = Random(5)  # noqa: S311 - only has to be varied
    safe: list[str] = []
    for turn in range(5):
        process = started(folder, f"run{turn}")
        assert process.stdout is not None
        safe += process.stdout.readline().split()
        time.sleep(random.random() / 3)
        safe += killed(process)
        assert all(store.get(safe))
        assert_whole(store)
    assert len(safe) == len(set(safe))
    reopened = EmbeddedStore(folder)
    assert_whole(reopened)
    reopened.close()


@pytest.mark.slow
def test_two_processes_write_while_a_third_reads(store: EmbeddedStore, folder: Path) -> None:
    writers = [started(folder, name) for name in ("left", "right")]
    counts = []
    until = time.monotonic() + 3
    while time.monotonic() < until:
        counts.append(store.count(Selection()))
    safe = [one for writer in writers for one in killed(writer)]
    assert counts == sorted(counts)
    assert counts[-1] > 0
    assert all(store.get(safe))
    assert_whole(store)


def test_the_lease_of_a_killed_process_falls_free(store: EmbeddedStore, folder: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, folder], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "True\n"
    assert store.lease("worker") is None
    killed(holder)
    lease = store.lease("worker")
    assert lease is not None
    lease.release()
