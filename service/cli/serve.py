"""`dateline serve` and `dateline work`: the processes that run until they are stopped."""

import logging
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Final

import uvicorn

from indexer.errors import DatelineError
from indexer.extraction import Extraction
from indexer.worker import work as do_chores
from service.api.app import create_app
from service.background import background, chores
from service.cli.commands import Overrides
from service.cli.output import say
from service.clock import system_clock
from service.ingesting import prepared_store, shared_extraction, store_of
from service.newsroom import open_newsroom
from service.settings import Settings, load_settings
from service.trends.follower import Follower

_LESS: Final = {"httpx": "WARNING", "uvicorn.error": "WARNING", "elastic_transport": "ERROR"}
"""Libraries that log what is said elsewhere: in the metrics, in `serving ... on`, in the error of the store."""


def serve(overrides: Overrides) -> None:
    """Serve the store of the settings until SIGINT or SIGTERM."""
    settings = load_settings(**overrides)
    with listening(settings.host, settings.port) as listener:
        run_server(settings, listener)


def work(overrides: Overrides) -> None:
    """Do the worker's chores until SIGINT or SIGTERM."""
    settings = load_settings(**overrides)
    _configure_logging(settings.log_level)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with (
        prepared_store(settings) as store,
        closing(shared_extraction(settings)) as extraction,
        chores(store, extraction, settings, system_clock) as todo,
    ):
        say("working; stop with Ctrl-C")
        do_chores(store, todo, stop)


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that listens, taken before any work is done for nothing. DatelineError if it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family)
    except OSError as error:
        reason = (error.strerror or str(error)).partition(" (while")[0]
        raise DatelineError(f"cannot listen on {host}:{port}: {reason}") from error
    # Connections inherit it. asyncio sets it only where it is told the protocol; without, answers wait 40 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with listener:
        yield listener


def address_of(listener: socket.socket) -> str:
    """Where a browser finds what listens."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def run_server(settings: Settings, listener: socket.socket) -> None:
    """Serve until SIGINT or SIGTERM; on the embedded store also do the worker's chores."""
    # uvicorn stops at these signals and then raises them again, for whom it stands in for.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(0))
    _configure_logging(settings.log_level)
    with closing(shared_extraction(settings)) as extraction:
        newsroom = open_newsroom(settings, extraction=extraction)
        config = uvicorn.Config(create_app(newsroom), log_config=None, access_log=False, timeout_graceful_shutdown=5)
        with _chores_beside(settings, extraction, newsroom.trends):
            say(f"serving {settings.store} on {address_of(listener)}; stop with Ctrl-C")
            uvicorn.Server(config).run(sockets=[listener])


@contextmanager
def _chores_beside(settings: Settings, extraction: Extraction, trends: Follower) -> Iterator[None]:
    """The worker in a thread, with the store opened for itself, so that it outlives the one that is served."""
    if not settings.store.startswith("embedded:"):
        yield
        return
    with closing(store_of(settings)) as store, background(store, extraction, settings, system_clock, trends):
        yield


def _configure_logging(level: str) -> None:
    """Log to stderr, with the time and where a line comes from."""
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for name, least in _LESS.items():
        logging.getLogger(name).setLevel(least)
