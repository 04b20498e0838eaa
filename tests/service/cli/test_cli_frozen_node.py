"""A node of Elasticsearch that stands still: whoever asks how things are hears of it within seconds."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from tests.elasticsearch_node.node import NoNodeError, running
from tests.service.cli.command import PATIENCE, dateline
from tests.serving import serving_process

pytestmark = [pytest.mark.elasticsearch, pytest.mark.slow]
SECONDS = 12
START = 15
"""How long the command itself may take to begin on a busy machine."""


class Node(NamedTuple):
    url: str
    process: int


def processes() -> set[int]:
    """The nodes that this process has started."""
    children = [child for task in Path("/proc/self/task").glob("*/children") for child in task.read_text().split()]
    return {int(child) for child in children if b"BareNode" in Path(f"/proc/{child}/cmdline").read_bytes()}


@pytest.fixture
def node(elasticsearch_url: str) -> Iterator[Node]:
    """A node of its own: others could not go on with one that stands still."""
    before = processes()
    try:
        with running(heap="512m") as url:
            started = processes() - before
            if not started:
                pytest.skip("a node in a container is no process of ours")
            yield Node(url, started.pop())
    except NoNodeError as lack:
        pytest.skip(str(lack))


@contextmanager
def frozen(node: Node) -> Iterator[None]:
    os.kill(node.process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(node.process, signal.SIGCONT)


def test_a_node_that_stands_still_is_noticed_within_seconds(tmp_path: Path, node: Node, small_model: str) -> None:
    store = f"elasticsearch+{node.url}/frozen"
    with serving_process(store, tmp_path) as address:
        with frozen(node):
            began = time.monotonic()
            ready = httpx.get(f"{address}/readyz", timeout=PATIENCE)
            assert time.monotonic() - began < SECONDS
            assert ready.status_code == 503
            assert "Elasticsearch did not answer in time" in ready.json()["detail"]
            began = time.monotonic()
            assert "dateline_store_up 0.0" in httpx.get(f"{address}/metrics", timeout=PATIENCE).text
            assert time.monotonic() - began < SECONDS
            began = time.monotonic()
            found = dateline(tmp_path, "doctor", code=1, store=store, model=small_model).stdout
            assert time.monotonic() - began < SECONDS + START
            assert "Elasticsearch did not answer in time" in found
        assert httpx.get(f"{address}/readyz", timeout=PATIENCE).status_code == 200
