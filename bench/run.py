"""`python -m bench.run [--only NAME ...] [--data FOLDER] [--articles N] [--elasticsearch URL]`."""

import argparse
import contextlib
import os
import shutil
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

from bench import answers, ingest
from bench.corpus import LAST, elasticsearch_node
from bench.trends import trends
from service.clock import system_clock

STORES = Path("var/bench").absolute()


def main() -> None:
    """Run the sections that were asked for, all by default."""
    parser = argparse.ArgumentParser(prog="python -m bench.run")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="where the corpora are")
    parser.add_argument("--articles", type=int, default=30_000, help="how many to ingest without names")
    parser.add_argument("--elasticsearch", default=os.environ.get("DATELINE_TEST_ELASTICSEARCH"))
    parser.add_argument("--only", nargs="*", default=[])
    options = parser.parse_args()
    data = options.data.absolute()
    with contextlib.ExitStack() as stack:
        elasticsearch = options.elasticsearch or elasticsearch_node(stack)
        sections = _sections(data, options.articles, elasticsearch)
        for name in options.only or sections:
            sections[name]()


def _sections(data: Path, number: int, elasticsearch: str | None) -> dict[str, Callable[[], None]]:
    folder = STORES / "embedded"
    corpus, present = f"embedded:{folder}/store", f"embedded:{folder}/present"

    @cache
    def prepare() -> None:
        """The corpus, moved so that its last article is of this moment."""
        answers.filled(data, corpus, folder)
        shutil.rmtree(folder / "present", ignore_errors=True)
        answers.copied(corpus, present, system_clock() - LAST)

    def with_corpus(section: Callable[[str, Path], None]) -> Callable[[], None]:
        def run() -> None:
            prepare()
            section(present, folder)

        return run

    def search(store: str, folder: Path) -> None:
        answers.search(store, folder)
        if elasticsearch:
            target = f"elasticsearch+{elasticsearch}/bench-{time.time_ns()}"
            answers.copied(store, target)
            answers.search(target, folder)

    return {
        "ingest": lambda: ingest.plain(data, number, elasticsearch),
        "names": lambda: ingest.names(data, 3_000),
        "memory": lambda: ingest.memory(data),
        "start": with_corpus(answers.start),
        "search": with_corpus(search),
        "trends": lambda: trends(data, elasticsearch),
    }


if __name__ == "__main__":
    main()
