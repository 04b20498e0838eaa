"""Ingests a file into a store and prints, after each commit, the ids that are acknowledged.

Run by the fault tests as a program of its own, to be killed at any moment.
"""

import sys
import time
from collections.abc import Iterable, Iterator

from indexer.catalogue.catalogue import Catalogue
from indexer.decisions.deciding import NewestNames
from indexer.extraction import Inline
from indexer.pipeline import Pipeline
from indexer.sources.reading import Download, read
from indexer.store.opening import open_store
from indexer.worker import catch_up_chore, working
from nlp.mention import Mention, Text


class Capitals:
    """Every capitalised word is a person: quick, and enough to fill facets and trend arrays."""

    name = "capitals/1"

    def extract(self, texts: Iterable[Text]) -> Iterator[tuple[Mention, ...]]:
        for text in texts:
            words = dict.fromkeys(word for word in text.title.split() if word.istitle())
            yield tuple(Mention(w.lower(), "person", 1, "title", text.title.index(w), (w,)) for w in words)


def main(url: str, file: str) -> None:
    store = open_store(url)
    store.prepare()
    pipeline = Pipeline(
        store, Inline(Capitals()), NewestNames(store, Catalogue.load()), lambda: time.time_ns() // 1_000_000
    )
    with working(store, [catch_up_chore(store)]):
        for results in pipeline.run(read(file, _no_fetching), replay=True):
            print("ack", *(result.article_id for result in results), flush=True)  # noqa: T201
    store.refresh()
    print("done", flush=True)  # noqa: T201
    store.close()


def _no_fetching(url: str) -> Download:
    raise ValueError(url)


if __name__ == "__main__":
    main(*sys.argv[1:])
