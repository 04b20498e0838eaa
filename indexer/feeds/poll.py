"""Polling: ask the feeds that are due, hand on what they bring, write down how it went."""

import logging
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import Future
from contextlib import closing
from dataclasses import replace
from queue import SimpleQueue
from typing import Final, Protocol

from indexer.errors import DatelineError, StoreError
from indexer.feeds.feed import HOST_PAUSE, Feed, due, failed, patience, succeeded
from indexer.feeds.registry import all_feeds, keep
from indexer.sources.fetch import Answer, Fetched, NotModified, Refused
from indexer.sources.reading import read_feed
from indexer.sources.records import Item
from indexer.sources.text import opening
from indexer.store.port import Store
from indexer.times import Millis

AT_ONCE: Final = 8
"""How many feeds are asked at the same time."""
_STEP: Final = 0.02
_LOG = logging.getLogger(__name__)


class Ask(Protocol):
    """`indexer.sources.fetch.fetch` with its client."""

    def __call__(self, url: str, *, etag: str | None, last_modified: str | None) -> Answer: ...


class Summary(Protocol):
    """What ingesting reports: how many articles were new, and how many entries were none."""

    @property
    def new(self) -> int: ...

    @property
    def failed(self) -> int: ...


Ingest = Callable[[Iterable[Item]], Summary]


def poll_due(
    store: Store,
    ask: Ask,
    ingest: Ingest,
    clock: Callable[[], Millis],
    stop: threading.Event,
    *,
    pause: Millis = HOST_PAUSE,
) -> list[Feed]:
    """Ask the feeds that are due, one per host, and ingest their entries as they answer; the feeds as they are then.

    Whatever one feed does, and however long it takes, the others are asked. Ends early when `stop` is set; StoreError
    if the store is away: the feeds at hand then stay due.
    """
    polled = []
    with closing(_answers(due(all_feeds(store), clock(), pause), ask, stop)) as answers:
        for feed, answer in answers:
            after = _poll(feed, answer, ingest, clock)
            if stop.is_set():  # what failed may have failed because things are being closed
                break
            keep(store, after)
            polled.append(after)
    return polled


def _answers(
    feeds: Sequence[Feed], ask: Ask, stop: threading.Event
) -> Generator[tuple[Feed, Future[Answer]], None, None]:
    """Each feed with its answer, as they come in; no more once `stop` is set."""
    waiting, answered = deque(feeds), SimpleQueue[tuple[Feed, Future[Answer]]]()
    # Not a ThreadPoolExecutor, for whose threads the process waits when it ends.
    for _ in range(min(AT_ONCE, len(feeds))):
        threading.Thread(target=_ask_all, args=(waiting, ask, answered), name="asking", daemon=True).start()
    try:
        for _ in feeds:
            while answered.empty():
                if stop.wait(_STEP):
                    return
            yield answered.get()
    finally:
        waiting.clear()


def _ask_all(waiting: deque[Feed], ask: Ask, answered: SimpleQueue[tuple[Feed, Future[Answer]]]) -> None:
    while True:
        try:
            feed = waiting.popleft()
        except IndexError:
            return
        answer: Future[Answer] = Future()
        try:
            answer.set_result(ask(feed.url, etag=feed.etag, last_modified=feed.last_modified))
        except Exception as error:  # noqa: BLE001 - raised again where the answer is read
            answer.set_exception(error)
        answered.put((feed, answer))


def _poll(feed: Feed, answer: Future[Answer], ingest: Ingest, clock: Callable[[], Millis]) -> Feed:
    try:
        return _after(feed, answer.result(), ingest, clock())
    except StoreError:
        raise
    except DatelineError as error:
        return failed(feed, clock(), str(error))
    except Exception as error:  # noqa: BLE001 - one feed that nobody foresaw must not keep the others waiting for ever
        _LOG.exception("%s could not be ingested", feed.url)
        return failed(feed, clock(), f"{type(error).__name__}: {error}")


def _after(feed: Feed, answer: Answer, ingest: Ingest, now: Millis) -> Feed:
    match answer:
        case NotModified():
            return succeeded(feed, now, "not modified")
        case Refused(status, retry_after):
            return failed(feed, now, f"the server answers {status}", patience(retry_after, now))
        case Fetched(url, content, etag, last_modified):
            read, entries = read_feed(content, url)
            done = ingest(entries)
            said = f"ok, but {done.failed} entries are no articles" if done.failed else "ok"
            known = replace(feed, title=feed.title or opening(read.title), etag=etag, last_modified=last_modified)
            return succeeded(known, now, said, done.new)
