"""The commands of the compose file as plain processes: a worker and two API processes on one Elasticsearch."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Final
from uuid import uuid4

import httpx
import pytest

from tests.deployment.compose import ROOT, SERVICES

pytestmark = [pytest.mark.elasticsearch, pytest.mark.slow]
DATELINE: Final = (sys.executable, "-c", "from service.cli.main import main; main()")
KEY: Final = "a key of this test"
PATIENCE: Final = 90.0


@contextmanager
def started(name: str, port: int, settings: dict[str, str]) -> Iterator[None]:
    """A service of the compose file, on a port of this machine, until the context ends."""
    arguments = [word.replace("8000", str(port)).replace("0.0.0.0", "127.0.0.1") for word in SERVICES[name]["command"]]  # noqa: S104
    process = subprocess.Popen([*DATELINE, *arguments], cwd=ROOT, env=os.environ | settings, stderr=subprocess.PIPE)
    try:
        yield
    finally:
        process.terminate()
        _, said = process.communicate(timeout=30)
    assert b"Traceback" not in said, said.decode()


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def healthy(name: str, port: int, settings: dict[str, str]) -> bool:
    """What the health check of the compose file says."""
    _, program, *arguments = [word.replace("8000", str(port)) for word in SERVICES[name]["healthcheck"]["test"]]
    command = [*DATELINE, *arguments] if program == "dateline" else [sys.executable, *arguments]
    return (
        subprocess.run(command, cwd=ROOT, env=os.environ | settings, capture_output=True, check=False).returncode == 0
    )


@pytest.fixture
def settings(elasticsearch_url: str) -> Iterator[dict[str, str]]:
    prefix = f"deployed-{uuid4().hex}"
    names = set(SERVICES["worker"]["environment"])
    yield {name: "INFO" for name in names if name.endswith("LOG_LEVEL")} | {
        "DATELINE_STORE": f"elasticsearch+{elasticsearch_url}/{prefix}",
        "DATELINE_API_KEY": KEY,
    }
    for row in httpx.get(f"{elasticsearch_url}/_cat/indices/{prefix}-*?format=json").json():
        httpx.delete(f"{elasticsearch_url}/{row['index']}").raise_for_status()


def test_what_one_api_process_takes_the_other_finds(settings: dict[str, str]) -> None:
    ports = {name: free_port() for name in ("worker", "api-1", "api-2")}
    with ExitStack() as running:
        for name, port in ports.items():
            running.enter_context(started(name, port, settings))
        end = time.monotonic() + PATIENCE
        waiting = dict(ports)
        while waiting and time.monotonic() < end:
            waiting = {name: port for name, port in waiting.items() if not healthy(name, port, settings)}
            time.sleep(0.2)
        assert waiting == {}
        article = {"id": "a1", "title": "Kursk holds its breath", "source": "example.org"}
        headers = {"Authorization": f"Bearer {KEY}"}
        written = httpx.post(
            f"http://127.0.0.1:{ports['api-1']}/v1/articles?refresh=true", json=article, headers=headers, timeout=60
        )
        assert written.is_success, written.text
        found = httpx.get(f"http://127.0.0.1:{ports['api-2']}/v1/search?q=kursk", timeout=30).json()
        assert [hit["article"]["id"] for hit in found["hits"]] == ["a1"]
