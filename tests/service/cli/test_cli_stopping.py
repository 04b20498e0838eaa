"""`dateline serve` that is stopped while it writes: it finishes, or refuses in words, and nothing is lost."""

import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

from tests.service.api.served import problem
from tests.service.cli.command import PATIENCE, dateline, heard, printed, running

KEY = "a key"
SECONDS = 20
NEWS = {"id": "news", "title": "Fire in Essen", "body": "A fire broke out."}


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """The record held by another writer, so that whatever is written waits."""
    with closing(sqlite3.connect(folder / "var/dateline/articles.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def serving(folder: Path, model: str) -> Iterator[tuple["subprocess.Popen[bytes]", httpx.Client]]:
    """A process that serves a store, with its model loaded."""
    with running(folder, "serve", "--port", "0", api_key=KEY, model=model) as process:
        address = heard(folder, process, r"http://127\.0\.0\.1:\d+(?=;)")
        headers = {"Authorization": f"Bearer {KEY}"}
        with httpx.Client(base_url=address, headers=headers, timeout=PATIENCE) as client:
            assert client.post("/v1/articles", json={"title": "First"}).status_code == 201
            yield process, client


def post(pool: ThreadPoolExecutor, client: httpx.Client) -> "Future[httpx.Response]":
    """The answer to an article that is being written."""
    answer = pool.submit(client.post, "/v1/articles", json=NEWS)
    time.sleep(1)
    assert not answer.done()
    return answer


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_what_is_being_written_is_finished_first(tmp_path: Path, small_model: str, number: signal.Signals) -> None:
    with serving(tmp_path, small_model) as (process, client), ThreadPoolExecutor(1) as pool:
        with locked(tmp_path):
            answer = post(pool, client)
            process.send_signal(number)
            time.sleep(1)
        assert answer.result().json() == {"id": "news", "outcome": "new", "detail": None}
        assert process.wait(SECONDS) == 0
    assert printed(tmp_path, "search", "fire")["total"]["value"] == 1
    assert "Traceback" not in (tmp_path / "said").read_text()


def test_what_cannot_be_finished_in_time_is_refused_in_words(tmp_path: Path, small_model: str) -> None:
    with serving(tmp_path, small_model) as (process, client), ThreadPoolExecutor(1) as pool:
        with locked(tmp_path):
            answer = post(pool, client)
            process.send_signal(signal.SIGTERM)
            refused = problem(answer.result(), 503)
            assert refused["type"] == "/problems/stopping"
            assert int(answer.result().headers["Retry-After"]) >= 1
        assert process.wait(SECONDS) == 0
    assert "Traceback" not in (tmp_path / "said").read_text()
    assert dateline(tmp_path, "search", "first").stdout
