"""The worker's chores, and the thread that does them inside `dateline serve`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final

from indexer.catalogue.catalogue import Catalogue
from indexer.decisions.deciding import NewestNames
from indexer.decisions.reprojecting import reproject_chore
from indexer.extraction import Extraction
from indexer.feeds.poll import poll_due
from indexer.pipeline import Pipeline
from indexer.sources.fetch import fetch, make_client
from indexer.store.port import Store
from indexer.times import Millis
from indexer.worker import Chore, catch_up_chore, working
from service.ingesting import ingest_all
from service.settings import Settings

_FEEDS_PAUSE: Final = 5.0


@contextmanager
def chores(
    store: Store, extraction: Extraction, settings: Settings, clock: Callable[[], Millis]
) -> Iterator[list[Chore]]:
    """Everything the worker does.

    It keeps the text index level with the record and articles with what editors decided, and polls the feeds that are
    due.
    """
    names = NewestNames(store, Catalogue.load(), demonyms=settings.demonyms)
    pipeline = Pipeline(store, extraction, names, clock)
    with make_client(allow_private=settings.allow_private_addresses) as client:
        poll = partial(poll_due, store, partial(fetch, client), partial(ingest_all, pipeline), clock)
        yield [catch_up_chore(store), reproject_chore(store, names), Chore("feeds", _FEEDS_PAUSE, poll)]


@contextmanager
def background(store: Store, extraction: Extraction, settings: Settings, clock: Callable[[], Millis]) -> Iterator[None]:
    """The worker in a thread of its own, for as long as the context lasts."""
    with chores(store, extraction, settings, clock) as todo, working(store, todo):
        yield
