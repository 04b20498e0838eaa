"""Brings articles level with what editors decided, as a worker does, and says when it begins.

Run by the fault tests as a program of its own, to be killed at any moment.
"""

import sys
import threading

from indexer.catalogue.catalogue import Catalogue
from indexer.decisions.deciding import NewestNames
from indexer.decisions.reprojecting import reproject_chore
from indexer.store.opening import open_store
from indexer.worker import catch_up_chore, work


def main(url: str) -> None:
    store = open_store(url)
    names = NewestNames(store, Catalogue([]))
    print("working", flush=True)  # noqa: T201
    work(store, [catch_up_chore(store), reproject_chore(store, names)], threading.Event())


if __name__ == "__main__":
    main(*sys.argv[1:])
