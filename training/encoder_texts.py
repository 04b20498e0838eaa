"""The texts that the encoder learns from. The days of the pairs that it is judged by are not among them."""

import gzip
import json
import random
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from nlp.encoder import text_of
from nlp.vocabulary import words

ARTICLES: Final = "articles.jsonl.gz"
HOME_PAGE: Final = "bbc_homepage_2021-2023.jsonl.gz"
HELD_OUT: Final = (("2023-10-14", "2023-10-18"), ("2023-11-06", "2023-11-10"))
"""The first and the last of the days that nothing is learnt from: those of the judged pairs and one on each side."""

Record = dict[str, Any]


def records(path: Path) -> Iterator[Record]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def encoded(record: Record) -> str:
    """The text of an article that is encoded."""
    return text_of(record["title"], record.get("body") or record.get("summary") or "")


def held_out(record: Record) -> bool:
    day = (record.get("published_at") or record["first_seen"])[:10]
    return any(first <= day <= last for first, last in HELD_OUT)


def news(data: Path, seed: int) -> list[str]:
    """The texts of articles and of an edited home page, each once, in an order drawn by a seed."""
    found = {
        encoded(record) for name in (ARTICLES, HOME_PAGE) for record in records(data / name) if not held_out(record)
    }
    return random.Random(seed).sample(sorted(found), len(found))


def counts(texts: list[str], least: int) -> dict[str, int]:
    """In how many texts the words stand that stand in so many at least, the most frequent first."""
    found = Counter(word for text in texts for word in set(words(text)))
    return {word: count for word, count in sorted(found.items(), key=_most_first) if count >= least}


def frequent_pairs(texts: list[str], most: int) -> list[str]:
    """The most frequent pairs of neighbouring words."""
    found = Counter(" ".join(pair) for text in texts for part in text.split("\n") for pair in pairwise(words(part)))
    return [pair for pair, _ in sorted(found.items(), key=_most_first)[:most]]


def _most_first(counted: tuple[str, int]) -> tuple[int, str]:
    return -counted[1], counted[0]
