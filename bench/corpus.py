"""The articles that benchmarks read, and the command as a user would run it."""

import contextlib
import gzip
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

import orjson

from indexer.article import Article
from indexer.normalise import Normaliser
from indexer.sources.reading import Download, read
from indexer.sources.records import Found
from indexer.store.document import to_document
from indexer.times import Millis
from tests.elasticsearch_node.node import NoNodeError, running

NOW: Final[Millis] = 1_700_611_200_000
"""22 November 2023, the day after the last article of the corpus."""
LAST: Final[Millis] = 1_700_579_848_000
"""When its last article was published."""
COMMAND: Final = str(Path(sys.executable).parent / "dateline")


def articles_file(data: Path) -> Path:
    return data / "articles.jsonl.gz"


def articles(data: Path, number: int) -> Iterator[Article]:
    """The first `number` articles, without names."""
    normaliser = Normaliser(replay=True)
    for item in islice(read(str(articles_file(data)), _no_fetching), number):
        if isinstance(item, Found):
            yield normaliser.article(item, NOW)


def documents(data: Path, number: int) -> Iterator[bytes]:
    """The same as the stores keep them."""
    return (orjson.dumps(to_document(article)) for article in articles(data, number))


def sample(data: Path, number: int, path: Path) -> Path:
    """A JSON Lines file with the first `number` records."""
    with gzip.open(articles_file(data), "rb") as whole, path.open("wb") as part:
        part.writelines(islice(whole, number))
    return path


def dateline(*arguments: str, store: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder."""
    command = [COMMAND, "--store", store, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def _no_fetching(url: str) -> Download:
    raise ValueError(url)


def elasticsearch_node(stack: contextlib.ExitStack) -> str | None:
    """The URL of a node that lives as long as the stack; None, said, where there can be none."""
    try:
        return stack.enter_context(running())
    except NoNodeError as lack:
        print(f"without Elasticsearch: {lack}")
        return None
