"""The composition root: the one place that knows which store and which clock there are."""

import logging
import threading
import time
from collections.abc import Iterable
from contextlib import ExitStack, closing
from functools import cached_property, lru_cache
from secrets import token_urlsafe
from typing import Final

from indexer.catalogue.catalogue import Catalogue
from indexer.decisions.deciding import NewestNames
from indexer.decisions.names import Names
from indexer.errors import StoreError, StoreUnavailable
from indexer.extraction import Extraction
from indexer.pipeline import Pipeline, Result
from indexer.sources.records import Item
from indexer.store.port import Request, Store
from indexer.times import Millis
from service.clock import Clock, system_clock
from service.ingesting import shared_extraction, store_of
from service.settings import Settings
from service.trends.completion import Completions
from service.trends.follower import Follower

_LOG: Final = logging.getLogger(__name__)
_AGAIN: Final = 2.0
_SOON: Final = 0.05
_REMEMBERED: Final = 1.0
_NAMES_OF_ALL: Final = Request(size=0, facets={"entity": 1})
"""Asked once before anybody does: the embedded store counts the names of all articles then, and keeps the counts."""


class Newsroom:
    """A store and what is kept beside it to answer questions. Threads share it freely.

    `extraction` is closed by whoever shares it; without one, the newsroom has its own.
    """

    def __init__(self, store: Store, settings: Settings, clock: Clock, extraction: Extraction | None = None) -> None:
        self.store = store
        self.settings = settings
        self.clock = clock
        self._shared = extraction
        self.trends = Follower(store, clock)
        self._named: tuple[float, Names | None] = (0.0, None)
        self._findable = threading.Event()
        self._stopping = threading.Event()
        self._ingesting = threading.Lock()
        self._closing = ExitStack()
        self._opening = threading.Thread(target=self._open, name="opening", daemon=True)

    def start(self) -> None:
        """Begin to follow the store, as soon as it is there. A newsroom starts once."""
        self._opening.start()
        self.trends.start()

    def stop(self) -> None:
        """Stop following, and close the store and whatever ingesting opened."""
        self._stopping.set()
        self.trends.stop()
        self._closing.close()
        self.store.close()

    def load_trends(self) -> None:
        """Return when trends have taken in what is stored, or raise why they cannot; for a newsroom not started."""
        self.trends.start()
        while not self.trends.ready:
            if error := self.trends.error:
                raise error
            time.sleep(_SOON)

    def unready(self) -> list[str]:
        """Why answers may not yet hold everything that was stored at the start; nothing when they do."""
        checks = (self._store_trouble(), self._index_trouble(), self._trends_trouble())
        return [trouble for trouble in checks if trouble]

    def data_as_of(self, now: Millis) -> Millis | None:
        """When the newest article arrived that can be found. To be asked before what an answer is made of."""
        newest = self.store.newest_arrival()
        return None if newest is None else min(newest, now)

    @cached_property
    def secret(self) -> str:
        """What cursors are signed with: made once per store, kept in it."""
        self.store.put_record("secret", "cursors", {"value": token_urlsafe(32)}, only_new=True)
        value: str = self.store.records("secret")["cursors"]["value"]
        return value

    @cached_property
    def catalogue(self) -> Catalogue:
        """The entities that are known by name."""
        return Catalogue.load()

    @property
    def names(self) -> Names:
        """What names mean by the catalogue and by what editors decided up to a second ago. StoreError."""
        read_at, names = self._named
        now = time.monotonic()
        if names is None or now - read_at >= _REMEMBERED:
            names = self._newest_names()
            self._named = now, names
        return names

    def reread_names(self) -> None:
        """Let the next question have the decisions of this moment."""
        self._named = 0.0, None

    @property
    def completions(self) -> Completions:
        """What names can be typed as. StoreError."""
        return _completions(self.names)

    def ingest_records(self, records: Iterable[Item], *, refresh: bool) -> list[Result]:
        """Take records in and say what became of each, in order; with `refresh`, once they can be found."""
        with self._ingesting:
            results = [result for batch in self._pipeline.run(records) for result in batch]
        if refresh:
            self.store.refresh()
        return results

    @cached_property
    def _pipeline(self) -> Pipeline:
        """Made when something is ingested for the first time."""
        extraction = self._shared or self._closing.enter_context(closing(shared_extraction(self.settings)))
        return Pipeline(self.store, extraction, self._newest_names, self.clock)

    @cached_property
    def _newest_names(self) -> NewestNames:
        return NewestNames(self.store, self.catalogue, demonyms=self.settings.demonyms)

    def _open(self) -> None:
        """Wait until the store is there and everything in it now can be found."""
        while not self._stopping.is_set():
            try:
                self.store.prepare()
                self.store.refresh()
                self.store.search(_NAMES_OF_ALL)
            except StoreError as error:
                _LOG.warning("the store is not ready: %s", error)
                self._stopping.wait(_AGAIN)
            else:
                self._findable.set()
                return

    def _store_trouble(self) -> str | None:
        try:
            self.store.ping()
        except StoreError as error:
            return f"store: {error}"
        return None

    def _index_trouble(self) -> str | None:
        return None if self._findable.is_set() else "index: not everything that is stored can be found yet"

    def _trends_trouble(self) -> str | None:
        if self.trends.ready:
            return None
        return f"trends: {self.trends.error or f'{self.trends.loaded:,} changes are loaded so far'}"


@lru_cache(maxsize=1)
def _completions(names: Names) -> Completions:
    return Completions((form, entry.id) for entry in names for form in (*entry.aliases, *entry.demonyms))


def open_newsroom(settings: Settings, clock: Clock = system_clock, extraction: Extraction | None = None) -> Newsroom:
    """The newsroom of the settings. A store that is away can come later; MappingMismatch for one that never will do."""
    store = store_of(settings)
    try:
        store.prepare()
    except StoreUnavailable as error:
        _LOG.warning("the store is not there yet: %s", error)
    return Newsroom(store, settings, clock, extraction)
