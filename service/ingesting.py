"""What brings articles in: the pipeline over the settings' store and model, and the polling of feeds."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Literal

from indexer.catalogue.catalogue import Catalogue
from indexer.extraction import Extraction, Inline, Pool
from indexer.pipeline import Pipeline, Tally
from indexer.sources.records import Item
from indexer.store.opening import open_store
from indexer.store.port import Store
from indexer.times import Millis
from nlp.mention import NoExtractor
from nlp.spacy_extractor import load
from service.settings import Settings

ExtractorName = Literal["spacy", "none"]


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


@contextmanager
def open_pipeline(
    store: Store, settings: Settings, clock: Callable[[], Millis], name: ExtractorName = "spacy"
) -> Iterator[Pipeline]:
    """A pipeline into a store; its extraction ends with it."""
    extraction = extraction_of(settings, name)
    try:
        yield Pipeline(store, extraction, Catalogue.load(), clock)
    finally:
        extraction.close()


def ingest_all(pipeline: Pipeline, items: Iterable[Item]) -> Tally:
    """Ingest to the end, for callers that show no progress."""
    tally = Tally()
    for results in pipeline.run(items):
        tally = tally.plus(results)
    return tally
