"""`python -m bench.parity [--data FOLDER] [--elasticsearch URL]`: the same questions put to both stores.

Needs the corpus with names that `make bench` keeps in var/bench.
"""

import argparse
import contextlib
import os
import random
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from bench.answers import filled
from bench.corpus import elasticsearch_node
from bench.tables import show
from indexer.article import Article
from indexer.query.ast import And, Field, Fuzzy, Named, Not, Or, Phrase, Prefix, Query, Range, Text, unparse
from indexer.query.tokens import tokens
from indexer.store.opening import open_store
from indexer.store.port import FacetField, FilterField, Request, Response, Selection, Store
from indexer.times import DAY

STORES: Final = Path("var/bench").absolute()
ARTICLES: Final = 20_000
QUESTIONS: Final = 500
PAGE: Final = 100
FACETS: Final[dict[FacetField, int]] = dict.fromkeys(
    ("section", "source", "language", "entity", "person", "organisation", "place", "other"), 20
)


@dataclass(frozen=True, slots=True)
class Question:
    """A selection, and what kind of query it has."""

    kind: str
    selection: Selection


@dataclass(frozen=True, slots=True)
class Verdict:
    """What two stores made of one question. `overlap` is of the first ten by relevance, None where there are none."""

    question: Question
    totals: tuple[int, int]
    same_ids: bool
    same_facets: bool
    same_histogram: bool
    overlap: float | None


def main() -> None:
    """Fill two stores alike, ask both, and print a tally and every case that differs."""
    parser = argparse.ArgumentParser(prog="python -m bench.parity")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="where the corpora are")
    parser.add_argument("--elasticsearch", default=os.environ.get("DATELINE_TEST_ELASTICSEARCH"))
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        elasticsearch = options.elasticsearch or elasticsearch_node(stack)
        if not elasticsearch:
            sys.exit("parity needs an Elasticsearch")
        articles = _articles(options.data.absolute())
        folder = STORES / "parity"
        shutil.rmtree(folder, ignore_errors=True)
        urls = (f"embedded:{folder}", f"elasticsearch+{elasticsearch}/parity-{time.time_ns()}")
        stores = [_filled(url, articles) for url in urls]
        verdicts = [_compare(question, *stores) for question in questions(articles)]
    _report(verdicts)


def questions(articles: Sequence[Article], seed: int = 7) -> Iterator[Question]:
    """The same ones every time: one of each kind after the other, most with filters or a span of time."""
    chance = random.Random(seed)  # noqa: S311 - the same questions in every run
    kinds = list(_KINDS.items())
    for number in range(QUESTIONS):
        kind, make = kinds[number % len(kinds)]
        query = make(chance, chance.choice(articles))
        yield Question(kind, _limited(chance, query, chance.choice(articles)))


def _limited(chance: random.Random, query: Query | None, article: Article) -> Selection:
    filters: dict[FilterField, tuple[str, ...]] = {}
    values: tuple[tuple[FilterField, str | None], ...] = (
        ("section", article.section),
        ("source", article.source),
        ("language", article.language),
    )
    for name, value in values:
        if value and chance.random() < (0.15 if query else 0.5):
            filters[name] = (value,)
    if article.entities and chance.random() < (0.1 if query else 0.3):
        filters["entity"] = tuple(one.id for one in article.entities[:2])
    start = article.ranked_at - chance.randrange(20) * DAY if chance.random() < 0.3 else None
    end = article.ranked_at + 1 + chance.randrange(20) * DAY if chance.random() < 0.3 else None
    return Selection(query, filters, start, end) if query else Selection(filters=filters, start=start, end=end)


def _word(chance: random.Random, article: Article) -> str:
    return chance.choice(tokens(f"{article.title} {article.body}") or ["news"])


def _pair(chance: random.Random, article: Article) -> tuple[str, str]:
    words = tokens(article.title) or ["news"]
    place = chance.randrange(max(1, len(words) - 1))
    return words[place], words[min(place + 1, len(words) - 1)]


def _misspelt(chance: random.Random, word: str) -> str:
    place = chance.randrange(1, len(word)) if len(word) > 1 else 0
    return word[:place] + chance.choice("aeinrst") + word[place + chance.randrange(2) :]


def _named(_: random.Random, article: Article) -> Query:
    return Named(article.entities[0].id) if article.entities else Text("news")


_KINDS: Final[dict[str, Callable[[random.Random, Article], Query | None]]] = {
    "filters alone": lambda _, __: None,
    "word": lambda chance, article: Text(_word(chance, article)),
    "AND": lambda chance, article: And(tuple(map(Text, _pair(chance, article)))),
    "OR": lambda chance, article: Or((Text(_word(chance, article)), Text(_word(chance, article)))),
    "NOT": lambda chance, article: And((Text(_word(chance, article)), Not(Text(_word(chance, article))))),
    "phrase": lambda chance, article: Phrase(" ".join(_pair(chance, article))),
    "near": lambda chance, article: Phrase(f"{_word(chance, article)} {_word(chance, article)}", 5),
    "prefix": lambda chance, article: Prefix(_word(chance, article)[:4]),
    "fuzzy": lambda chance, article: Fuzzy(_misspelt(chance, _word(chance, article))),
    "title:word": lambda chance, article: Field("title", Text(_pair(chance, article)[0])),
    "source:word": lambda _, article: Field("source", Text(article.source or "news")),
    "person:word": lambda chance, article: Field("person", Text(_word(chance, article))),
    "entity:id": _named,
    "published:": lambda chance, article: Range(article.ranked_at - chance.randrange(9) * DAY, article.ranked_at + 1),
}


def _compare(question: Question, one: Store, other: Store) -> Verdict:
    newest = [store.search(Request(question.selection, "newest", PAGE, facets=FACETS)) for store in (one, other)]
    best = [store.search(Request(question.selection, "relevance", 10)) for store in (one, other)]
    edges = [question_start + number * DAY for question_start in (1_696_118_400_000,) for number in range(54)]
    counts = [store.histogram(question.selection, edges) for store in (one, other)]
    return Verdict(
        question,
        (newest[0].total, newest[1].total),
        _ids(newest[0]) == _ids(newest[1]),
        newest[0].facets == newest[1].facets,
        counts[0] == counts[1],
        _overlap(_ids(best[0]), _ids(best[1])),
    )


def _ids(response: Response) -> list[str]:
    return [hit.article.id for hit in response.hits]


def _overlap(one: Sequence[str], other: Sequence[str]) -> float | None:
    return len(set(one) & set(other)) / max(len(one), len(other)) if one or other else None


def _report(verdicts: Sequence[Verdict]) -> None:
    kinds = Counter(verdict.question.kind for verdict in verdicts)
    show(
        f"{len(verdicts)} questions to both stores over {ARTICLES:,} articles", [_row(kind, verdicts) for kind in kinds]
    )
    text = [verdict for verdict in verdicts if verdict.question.kind != "filters alone"]
    agreeing = sum(verdict.totals[0] == verdict.totals[1] for verdict in text)
    print(f"\ntext totals agree on {agreeing} of {len(text)}: {agreeing / len(text):.1%} (target: 99 %)")
    for verdict in verdicts:
        if verdict.totals[0] != verdict.totals[1] or not (verdict.same_ids and verdict.same_facets):
            print(f"differs: {unparse(verdict.question.selection.query)}  embedded, elasticsearch: {verdict.totals}")


def _row(kind: str, verdicts: Sequence[Verdict]) -> dict[str, object]:
    group = [verdict for verdict in verdicts if verdict.question.kind == kind]
    equal = [verdict for verdict in group if verdict.totals[0] == verdict.totals[1]]
    overlaps = [verdict.overlap for verdict in group if verdict.overlap is not None]
    return {
        "kind": kind,
        "questions": len(group),
        "found something": sum(any(verdict.totals) for verdict in group),
        "equal totals": len(equal),
        "of these: equal ids": sum(verdict.same_ids for verdict in equal),
        "equal facets": sum(verdict.same_facets for verdict in equal),
        "equal histograms": sum(verdict.same_histogram for verdict in equal),
        "top 10 shared": f"{sum(overlaps) / len(overlaps):.1%}" if overlaps else None,
    }


def _articles(data: Path) -> list[Article]:
    folder = STORES / "embedded"
    corpus = f"embedded:{folder}/store"
    filled(data, corpus, folder)
    store = open_store(corpus)
    try:
        return list(islice(_all(store), ARTICLES))
    finally:
        store.close()


def _all(store: Store) -> Iterator[Article]:
    mark = None
    while (page := store.changes(mark, 1_000)).items:
        yield from (change.article for change in page.items if change.article)
        mark = page.mark


def _filled(url: str, articles: Sequence[Article]) -> Store:
    store = open_store(url)
    store.prepare()
    for start in range(0, len(articles), 1_000):
        store.write(articles[start : start + 1_000])
    store.refresh()
    return store


if __name__ == "__main__":
    main()
