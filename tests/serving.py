"""Servers for tests: a newsroom in a thread of the test, and `dateline serve` as a process of its own."""

import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

import httpx
import uvicorn

from service.api.app import create_app
from service.newsroom import Newsroom
from tests.service.cli.command import PATIENCE, heard, running


@contextmanager
def serving(newsroom: Newsroom, *, lifespan: Literal["on", "off"] = "on", ready: bool = True) -> Iterator[str]:
    """The address of a server for a newsroom, once that is `ready`; with `lifespan`, it starts and stops with it."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as `dateline serve` has it
        server = uvicorn.Server(uvicorn.Config(create_app(newsroom), log_level="critical", lifespan=lifespan))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            if ready:
                await_ready(newsroom)
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def serving_process(store: str, folder: Path, patience: float = PATIENCE) -> Iterator[str]:
    """The address of `dateline serve` over the store of a URL, once it is ready; it runs, and logs, in a folder."""
    with running(folder, "--store", store, "serve", "--port", "0") as process:
        yield ready_address(folder, process, patience)


def ready_address(folder: Path, process: "subprocess.Popen[bytes]", patience: float = PATIENCE) -> str:
    """The address of a running `dateline serve`, once it is ready."""
    address = heard(folder, process, r"(?<= on )http://127\.0\.0\.1:\d+(?=;)")
    _until(lambda: _trouble_at(address), patience)
    return address


def await_ready(newsroom: Newsroom) -> None:
    """Return once a started newsroom holds everything that was stored."""
    _until(lambda: "; ".join(newsroom.unready()))


def _until(trouble: Callable[[], str], patience: float = PATIENCE) -> None:
    end = time.monotonic() + patience
    while said := trouble():
        assert time.monotonic() < end, said
        time.sleep(0.02)


def _trouble_at(address: str) -> str:
    with suppress(httpx.TransportError):
        answer = httpx.get(f"{address}/readyz", timeout=PATIENCE)
        return "" if answer.is_success else answer.text
    return "it does not answer"
