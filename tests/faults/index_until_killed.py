"""Fills an index with as many segments as Tantivy merges, and is killed right after the last commit, before the merge.

Run by the fault tests as a program of its own.
"""

import os
import signal
import sys
from pathlib import Path
from typing import Final

from indexer.article import Article
from indexer.store.embedded import follower
from indexer.store.embedded.store import EmbeddedStore

SEGMENTS: Final = 8
"""From so many of about one size on Tantivy merges them."""
ARTICLES: Final = 300
"""Per segment."""


def article(number: int, title: str = "The harbour opens") -> Article:
    return Article(id=f"a-{number}", title=f"{title} " * 100, seen_at=number, ranked_at=number)


def main(folder: str) -> None:
    vars(follower)["THREADS"] = 1  # so that each commit is one segment
    store = EmbeddedStore(Path(folder))
    store.prepare()
    for segment in range(SEGMENTS):
        first = segment * ARTICLES
        store.write([article(number) for number in range(first, first + ARTICLES)])
        if segment == SEGMENTS - 1:
            store.delete([f"a-{first - 1}"])
            vars(store)["_follower"]._folder.beat = lambda: os.kill(os.getpid(), signal.SIGKILL)
        store.refresh()


if __name__ == "__main__":
    main(*sys.argv[1:])
