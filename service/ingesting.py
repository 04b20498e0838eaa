"""What brings articles in: the pipeline over the settings' store and model, and the polling of feeds."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Final, Literal

from indexer.catalogue.catalogue import Catalogue
from indexer.decisions.deciding import NewestNames
from indexer.errors import StoreError
from indexer.extraction import Extraction, Inline, Pool
from indexer.pipeline import Pipeline, Tally
from indexer.sources.records import Item
from indexer.store.opening import open_store
from indexer.store.port import Store
from indexer.times import Millis
from nlp.mention import NoExtractor
from nlp.spacy_extractor import load, name_of
from service.settings import Settings
from service.sharing import Shared

ExtractorName = Literal["spacy", "none"]

_MOST_BEHIND: Final = 5_000
_LONGEST_BEHIND: Final = 1.0
"""How many articles, and how many seconds, an ingest may be ahead of the text index."""


def store_of(settings: Settings) -> Store:
    """The store that the settings name, not yet prepared."""
    key = settings.elasticsearch_api_key
    return open_store(
        settings.store,
        elasticsearch_api_key=key.get_secret_value() if key else None,
        elasticsearch_ca=str(settings.elasticsearch_ca) if settings.elasticsearch_ca else None,
    )


@contextmanager
def prepared_store(settings: Settings) -> Iterator[Store]:
    """The store, created where there is none, closed at the end."""
    store = store_of(settings)
    try:
        store.prepare()
        yield store
    finally:
        store.close()


def extraction_of(settings: Settings, name: ExtractorName = "spacy") -> Extraction:
    """Where names are found. The model is loaded with the first text, in a process of its own."""
    return Inline(NoExtractor()) if name == "none" else Pool(partial(load, settings.model), settings.processes)


def shared_extraction(settings: Settings) -> Extraction:
    """Where all threads of a service find names. The model is loaded when there is a text to read."""
    return Shared(extraction_of(settings), partial(name_of, settings.model))


@contextmanager
def open_pipeline(
    store: Store, settings: Settings, clock: Callable[[], Millis], name: ExtractorName = "spacy"
) -> Iterator[Pipeline]:
    """A pipeline into a store; its extraction ends with it."""
    extraction = extraction_of(settings, name)
    try:
        names = NewestNames(store, Catalogue.load(), demonyms=settings.demonyms)
        yield Pipeline(store, extraction, names, clock)
    finally:
        extraction.close()


class Level:
    """Brings the text index up to date while an ingest goes on: soon for those who search, in parts that are worth it.

    In the thread that ingests: beside it, another one would wait for the interpreter at every article.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._behind = 0
        self._since = time.monotonic()

    def follow(self, written: int) -> None:
        """After a commit of so many articles. An index that cannot be written now does not stop the ingest."""
        self._behind += written
        if self._behind >= _MOST_BEHIND or time.monotonic() - self._since >= _LONGEST_BEHIND:
            with suppress(StoreError):
                self._store.catch_up()
            self._behind, self._since = 0, time.monotonic()


def ingest_all(pipeline: Pipeline, items: Iterable[Item]) -> Tally:
    """Ingest to the end, for callers that show no progress."""
    tally = Tally()
    for results in pipeline.run(items):
        tally = tally.plus(results)
    return tally
