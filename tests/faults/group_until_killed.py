"""Puts articles into stories, as a worker does, and says when it begins.

Run by the fault tests as a program of its own, to be killed at any moment.
"""

import sys
import threading

from indexer.catalogue.catalogue import Catalogue
from indexer.decisions.deciding import NewestNames
from indexer.store.opening import open_store
from indexer.stories import chore
from indexer.worker import catch_up_chore, work
from nlp.rarity import Rarity


def main(url: str, page: str) -> None:
    vars(chore)["PAGE"] = int(page)
    store = open_store(url)
    grouping = chore.group_chore(store, NewestNames(store, Catalogue([])), Rarity.load().idf)
    print("working", flush=True)  # noqa: T201
    work(store, [catch_up_chore(store), grouping], threading.Event())


if __name__ == "__main__":
    main(*sys.argv[1:])
