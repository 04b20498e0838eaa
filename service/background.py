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
from indexer.stories.chore import group_chore
from indexer.times import Millis
from indexer.worker import Chore, catch_up_chore, working
from nlp.rarity import Rarity
from service.alerts.arrays import arrays_of
from service.alerts.watching import Watch
from service.ingesting import ingest_all
from service.settings import Settings
from service.trends.follower import Follower

_FEEDS_PAUSE: Final = 5.0


@contextmanager
def chores(
    store: Store,
    extraction: Extraction,
    settings: Settings,
    clock: Callable[[], Millis],
    trends: Follower | None = None,
) -> Iterator[list[Chore]]:
    """Everything the worker does. Without `trends`, it keeps its own.

    It keeps the text index level with the record and articles with what editors decided, puts articles into stories,
    raises alerts, and polls the feeds that are due.
    """
    names = NewestNames(store, Catalogue.load(), demonyms=settings.demonyms)
    pipeline = Pipeline(store, extraction, names, clock)
    with make_client(allow_private=settings.allow_private_addresses) as client:
        poll = partial(poll_due, store, partial(fetch, client), partial(ingest_all, pipeline), clock)
        alerts = Watch(store, arrays_of(store, clock, trends), lambda: names().rulings.resolve, clock).chore()
        stories = group_chore(store, names, Rarity.load().idf)
        feeds = Chore("feeds", _FEEDS_PAUSE, poll)
        yield [catch_up_chore(store), reproject_chore(store, names), stories, alerts, feeds]


@contextmanager
def background(
    store: Store, extraction: Extraction, settings: Settings, clock: Callable[[], Millis], trends: Follower
) -> Iterator[None]:
    """The worker in a thread of its own, for as long as the context lasts."""
    with chores(store, extraction, settings, clock, trends) as todo, working(store, todo):
        yield
