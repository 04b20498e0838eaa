"""How soon an editor's decision is in every article it concerns, against a bare rewrite of the same articles.

The bare rewrite reads the articles, 500 at a time, writes each with one label more, and waits until they can be found.
"""

import argparse
import contextlib
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from bench.corpus import NOW, articles, elasticsearch_node
from bench.tables import seconds, show
from indexer.article import Article, Entity
from indexer.catalogue.catalogue import Catalogue
from indexer.decisions.deciding import NewestNames, decide
from indexer.decisions.decision import Act, Merge, Undo
from indexer.decisions.names import Names
from indexer.decisions.reprojecting import progress, reproject_chore
from indexer.store.opening import open_store
from indexer.store.port import Selection, Store
from indexer.worker import catch_up_chore, working
from nlp.mention import Mention

NUMBERS: Final = (5_000, 10_000)
BATCH: Final = 500
NAMES: Final = 8
JANE: Final = Entity("person:jane-doe", "Jane Doe", "person", 1)
MERGED: Final = Merge("person:j-doe", "person:jane-doe")


def main() -> None:
    """Measure both stores."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="where the corpora are")
    parser.add_argument("--elasticsearch", help="the URL of a node that is there already")
    arguments = parser.parse_args()
    found = list(articles(arguments.data, max(NUMBERS)))
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        node = arguments.elasticsearch or elasticsearch_node(stack)
        rows = []
        for number in NUMBERS:
            rows += measured("embedded", f"embedded:{folder}/{number}", found[:number])
            if node:
                rows += measured("elasticsearch", f"elasticsearch+{node}/bench-{time.time_ns()}", found[:number])
        show("A decision, in every article (target: 5 s up to 5,000 articles, at least 1,000/s beyond)", rows)


def measured(name: str, url: str, found: Sequence[Article]) -> list[dict[str, object]]:
    """A merge that concerns all of some articles, and its undo, each against the bare rewrite after it."""
    catalogue = Catalogue.load()
    with contextlib.closing(open_store(url)) as store:
        store.prepare()
        names = NewestNames(store, catalogue)
        store.write([named(one, place, names()) for place, one in enumerate(found)])
        store.write([replace(found[0], id="jane", entities=(JANE,))])
        store.refresh()
        with working(store, [catch_up_chore(store), reproject_chore(store, names)]):
            time.sleep(3)
            acts: tuple[tuple[str, Act, str], ...] = (
                ("merge", MERGED, "person:jane-doe"),
                ("undo", Undo(1), "person:j-doe"),
            )
            return [
                row(
                    f"{name}, {what}",
                    len(found),
                    until_shown(store, catalogue, act, shown, len(found)),
                    rewrite(store, [one.id for one in found]),
                )
                for what, act, shown in acts
            ]


def row(what: str, number: int, ours: float, bare: float) -> dict[str, object]:
    return {
        "decision": what,
        "articles": number,
        "seconds": round(ours, 2),
        "articles /s": round(number / ours),
        "bare rewrite, s": round(bare, 2),
        "ratio": round(bare / ours, 2),
    }


def until_shown(store: Store, catalogue: Catalogue, act: Act, entity: str, number: int) -> float:
    """The seconds from the decision to the moment when every article is found under its new entity."""
    newest = NewestNames(store, catalogue)

    def run() -> None:
        decide(store, catalogue, act, who="bench", why="to measure", now=NOW)
        while progress(store, newest()).pending or store.count(Selection(filters={"entity": (entity,)})) < number:
            time.sleep(0.05)

    return seconds(run)


def rewrite(store: Store, ids: Sequence[str]) -> float:
    """The seconds of the bare rewrite."""
    label = f"{time.time_ns()}"

    def run() -> None:
        for start in range(0, len(ids), BATCH):
            store.write([replace(one, labels=(label,)) for one in store.get(ids[start : start + BATCH]) if one])
        store.refresh()

    return seconds(run)


def named(article: Article, place: int, names: Names) -> Article:
    """The article as if it named J. Doe and seven others."""
    persons = ("J. Doe", *(f"Person {(place * step) % 997}" for step in range(1, NAMES)))
    mentions = tuple(Mention(name.lower(), "person", 1, "body", at, (name,)) for at, name in enumerate(persons))
    return names.read(replace(article, mentions=mentions))


if __name__ == "__main__":
    main()
