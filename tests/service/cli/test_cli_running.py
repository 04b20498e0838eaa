import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.feed_server.server import FeedServer
from tests.service.cli.command import PATIENCE, dateline, heard, printed, record, running, write_lines

ADDRESS = r"http://127\.0\.0\.1:\d+"
SECONDS = 10
FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Harbour News</title><link>https://harbour.example/</link>
<item><title>A ship came in</title><link>https://harbour.example/ship</link><description>Large.</description></item>
</channel></rss>"""


def stopped(process: "subprocess.Popen[bytes]", number: signal.Signals) -> int:
    """The code with which it ends, within seconds of a signal."""
    process.send_signal(number)
    return process.wait(SECONDS)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_stops_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    with running(tmp_path, "serve", "--port", "0") as process:
        address = heard(tmp_path, process, ADDRESS)
        assert httpx.get(f"{address}/healthz", timeout=PATIENCE).json() == {"status": "alive"}
        assert stopped(process, number) == 0
    said = (tmp_path / "said").read_text()
    assert said == f"serving embedded:./var/dateline on {address}; stop with Ctrl-C\n"


def test_serve_waits_for_a_store_that_is_away(tmp_path: Path) -> None:
    with running(tmp_path, "serve", "--port", "0", store="elasticsearch+http://127.0.0.1:9") as process:
        address = heard(tmp_path, process, ADDRESS + "(?=;)")
        assert httpx.get(f"{address}/healthz", timeout=PATIENCE).status_code == 200
        ready = httpx.get(f"{address}/readyz", timeout=PATIENCE)
        assert ready.status_code == 503
        assert "Elasticsearch cannot be reached" in ready.json()["detail"]
        assert httpx.get(f"{address}/v1/search", timeout=PATIENCE).headers["Retry-After"] == "5"
        assert stopped(process, signal.SIGTERM) == 0
    assert "Traceback" not in (tmp_path / "said").read_text()


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_port_in_use_is_said_before_anything_is_done(tmp_path: Path, command: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said = dateline(tmp_path, command, "--port", port, code=1).stderr
    assert said == f"dateline: cannot listen on 127.0.0.1:{port}: Address already in use\n"
    assert list(tmp_path.iterdir()) == []


def test_serve_polls_feeds_and_finds_what_comes(tmp_path: Path, small_model: str) -> None:
    with FeedServer() as publisher:
        dateline(tmp_path, "feeds", "add", publisher.serve("/rss", FEED))
        settings = {"model": small_model, "allow_private_addresses": "true"}
        with running(tmp_path, "serve", "--port", "0", **settings) as process:
            address = heard(tmp_path, process, ADDRESS)
            end = time.monotonic() + PATIENCE
            while not httpx.get(f"{address}/v1/search?q=ship", timeout=PATIENCE).json()["hits"]:
                assert time.monotonic() < end
                time.sleep(0.1)
            assert stopped(process, signal.SIGTERM) == 0
    [feed] = printed(tmp_path, "feeds", "list")
    assert (feed["title"], feed["articles"], feed["failures"]) == ("Harbour News", 1, 0)


def extractors(process: "subprocess.Popen[bytes]") -> int:
    """How many processes it has started to find names in."""
    tasks = Path(f"/proc/{process.pid}/task").glob("*/children")
    children = [child for task in tasks for child in task.read_text().split()]
    return sum(b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes() for child in children)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="counts processes in /proc")
def test_feeds_and_posts_share_one_model_loaded_when_there_is_something_to_read(
    tmp_path: Path, small_model: str
) -> None:
    posted = {"id": "posted", "title": "A ship left", "body": "It was large."}
    settings = {"model": small_model, "allow_private_addresses": "true", "api_key": "k"}
    sending: dict[str, Any] = {"json": posted, "headers": {"Authorization": "Bearer k"}, "timeout": PATIENCE}
    with FeedServer() as publisher:
        dateline(tmp_path, "feeds", "add", publisher.serve("/rss", FEED))
        with running(tmp_path, "serve", "--port", "0", **settings) as process:
            address = heard(tmp_path, process, ADDRESS)
            assert httpx.post(f"{address}/v1/articles", **sending).json()["outcome"] == "new"
            end = time.monotonic() + PATIENCE
            while httpx.get(f"{address}/v1/search?q=ship", timeout=PATIENCE).json()["total"]["value"] < 2:
                assert time.monotonic() < end
                time.sleep(0.1)
            assert extractors(process) == 1
            assert stopped(process, signal.SIGTERM) == 0
    with running(tmp_path, "serve", "--port", "0", **settings) as process:
        address = heard(tmp_path, process, ADDRESS)
        assert httpx.post(f"{address}/v1/articles", **sending).json()["outcome"] == "unchanged"
        assert httpx.post(f"{address}/v1/articles", **sending | {"json": {"title": ""}}).status_code == 400
        assert extractors(process) == 0
        assert stopped(process, signal.SIGTERM) == 0


def test_work_stops_cleanly_and_only_one_works(tmp_path: Path) -> None:
    write_lines(tmp_path / "news.jsonl", [record(1)])
    (tmp_path / "other").mkdir()
    store = f"embedded:{tmp_path}/store"
    with running(tmp_path, "work", store=store) as first, running(tmp_path / "other", "work", store=store) as second:
        for folder, process in ((tmp_path, first), (tmp_path / "other", second)):
            heard(folder, process, "working; stop with Ctrl-C")
        dateline(tmp_path, "ingest", "news.jsonl", "--extractor", "none", store=store)
        assert printed(tmp_path, "search", "ship", store=store)["total"]["value"] == 1
        assert stopped(first, signal.SIGTERM) == 0
        assert stopped(second, signal.SIGINT) == 0
    assert "Traceback" not in (tmp_path / "said").read_text()
