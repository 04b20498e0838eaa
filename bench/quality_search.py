"""`python -m bench.quality_search [--data FOLDER] [--elasticsearch URL]`: how good the answers of search are.

Every collection is loaded into a store through the product, and every query is asked as a search box would ask it.
nDCG@10 with linear gains. What was chosen on was the queries at even places of each file; those at odd places tell.
"""

import argparse
import contextlib
import math
import os
import shutil
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Final
from unittest.mock import patch

import orjson

from bench.corpus import NOW, articles, elasticsearch_node
from bench.tables import show
from indexer.article import Article
from indexer.query import relevance
from indexer.query.ast import Or, Phrase, Query, Text
from indexer.query.feedback import feedback
from indexer.query.parser import Match, read
from indexer.query.stopwords import without_stop_words
from indexer.query.tokens import tokens
from indexer.store.port import Request, Selection, Store
from service.answers.questions import SearchQuestion, ask
from service.answers.search import search
from service.newsroom import Newsroom, open_newsroom
from service.settings import load_settings

FOLDER: Final = Path("var/bench/quality").absolute()
GENERAL: Final = ("time", "cranfield", "cisi", "medline")
NEWS: Final = "news"
REFERENCE: Final = {"time": 0.744, "cranfield": 0.370, "cisi": 0.396, "medline": 0.699, "news": 0.862}
"""BM25, k1 = 1.2, b = .75, Snowball stemmer, stop words; over news with the title twice. From the data's README."""
DEPTH: Final = 10

Ranked = list[str]
Asked = Callable[[str], Ranked]
Judged = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Collection:
    """Queries by id, in the order of their file, and the grades of the articles judged for each."""

    name: str
    queries: Mapping[str, str]
    judged: Mapping[str, Judged]


def main() -> None:
    """Load what is not loaded yet, and print a table per store and way of matching."""
    parser = argparse.ArgumentParser(prog="python -m bench.quality_search")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="where the corpora are")
    parser.add_argument("--elasticsearch", default=os.environ.get("DATELINE_TEST_ELASTICSEARCH"))
    options = parser.parse_args()
    data = options.data.absolute()
    collections = [_collection(data, name) for name in (*GENERAL, NEWS)]
    with contextlib.ExitStack() as stack:
        elasticsearch = options.elasticsearch or elasticsearch_node(stack)
        for engine in ("embedded", *(["elasticsearch"] if elasticsearch else [])):
            rooms = {
                one.name: stack.enter_context(_loaded(data, one.name, _url(engine, one.name, elasticsearch)))
                for one in collections
            }
            _report(engine, collections, rooms)


def ndcg(ranked: Sequence[str], judged: Judged, depth: int = DEPTH) -> float:
    """Normalised discounted cumulative gain, linear gains (Järvelin and Kekäläinen, 2002); unjudged counts as 0."""
    ideal = _gain(sorted(judged.values(), reverse=True)[:depth])
    return _gain([judged.get(one, 0) for one in ranked[:depth]]) / ideal


def _gain(grades: Sequence[int]) -> float:
    return sum(grade / math.log2(place + 2) for place, grade in enumerate(grades))


def _report(engine: str, collections: Sequence[Collection], rooms: Mapping[str, Newsroom]) -> None:
    for match, steps in (("any", _ANY), ("all", _ALL)):
        rows = [_reference()] + [_step(name, step, collections, rooms) for name, step in steps.items()]
        show(f"{engine}, match={match}: nDCG@10", rows)
    show(
        f"{engine}, as shipped, by halves: even places (chosen on) / odd places (held out)", _halves(collections, rooms)
    )
    show(
        f"{engine}, news: unjudged articles",
        [_unjudged(collections[-1], rooms[NEWS], match) for match in ("all", "any")],
    )


def _reference() -> dict[str, object]:
    average = statistics.mean(REFERENCE[name] for name in GENERAL)
    return {"what": "BM25 reference", **REFERENCE, "average of 4": round(average, 4), "ms p50": None}


def _step(
    what: str, step: "Step", collections: Sequence[Collection], rooms: Mapping[str, Newsroom]
) -> dict[str, object]:
    row: dict[str, object] = {"what": what}
    scores, taken = {}, []
    for one in collections:
        asked = step(rooms[one.name])
        graded, times = _graded(one, asked)
        scores[one.name] = statistics.mean(graded.values())
        taken += times
    row |= {name: round(score, 3) for name, score in scores.items()}
    average = statistics.mean(scores[name] for name in GENERAL)
    return row | {"average of 4": round(average, 4), "ms p50": round(statistics.median(taken) * 1_000, 2)}


def _graded(collection: Collection, asked: Asked) -> tuple[dict[str, float], list[float]]:
    """By query its nDCG, and the seconds that each took."""
    graded, taken = {}, []
    for query, text in collection.queries.items():
        started = time.perf_counter()
        ranked = asked(text)
        taken.append(time.perf_counter() - started)
        graded[query] = ndcg(ranked, collection.judged[query])
    return graded, taken


def _halves(collections: Sequence[Collection], rooms: Mapping[str, Newsroom]) -> list[dict[str, object]]:
    rows = []
    for match in ("any", "all"):
        row: dict[str, object] = {"match": match}
        for one in collections:
            graded = list(_graded(one, _shipped(match)(rooms[one.name]))[0].values())
            row[one.name] = f"{statistics.mean(graded[::2]):.3f} / {statistics.mean(graded[1::2]):.3f}"
        rows.append(row)
    return rows


def _unjudged(news: Collection, room: Newsroom, match: Match) -> dict[str, object]:
    """The share of the first ten that nobody judged, and nDCG@10 when such articles are taken out of the lists."""
    asked = _shipped(match, size=100)(room)
    lists = {query: asked(text) for query, text in news.queries.items()}
    shown = [(query, one) for query, ranked in lists.items() for one in ranked[:DEPTH]]
    unknown = sum(one not in news.judged[query] for query, one in shown)
    known = [
        ndcg([one for one in ranked if one in news.judged[query]], news.judged[query])
        for query, ranked in lists.items()
    ]
    return {
        "match": match,
        "unjudged of the first ten": f"{unknown / len(shown):.1%}",
        "nDCG@10 without them": round(statistics.mean(known), 3),
    }


Step = Callable[[Newsroom], Asked]


def _shipped(match: Match, size: int = DEPTH) -> Step:
    def step(room: Newsroom) -> Asked:
        return lambda text: [
            hit.article.id
            for hit in search(room, ask(SearchQuestion, {"q": text, "match": match, "page_size": size})).hits
        ]

    return step


def _stored(
    match: Match,
    *,
    title: bool = True,
    stop_words: bool = True,
    pairs: Callable[[str, str], Query] | None = None,
    fed_back: bool = False,
) -> Step:
    """The same asked of the store, with parts of what is shipped left out, or with what is not shipped added."""

    def step(room: Newsroom) -> Asked:
        def asked(text: str) -> Ranked:
            query = read(text, match).query
            query = without_stop_words(query) if stop_words else query
            request = Request(Selection(query), sort="relevance", size=DEPTH)
            if pairs:
                request = replace(request, boosts=_neighbours(text, pairs))
            if fed_back:
                best = room.store.search(replace(request, size=8)).hits
                request = replace(request, boosts=feedback(query, [(hit.article, hit.score or 0) for hit in best]))
            with patch.object(relevance, "TITLE", relevance.TITLE if title else 0.0):
                return _ids(room.store, request)

        return asked

    return step


def _ids(store: Store, request: Request) -> Ranked:
    return [hit.article.id for hit in store.search(request).hits]


def _neighbours(text: str, pair: Callable[[str, str], Query]) -> tuple[tuple[Query, float], ...]:
    words = [word for word in tokens(text) if without_stop_words(Or((Text(word), Text("kursk")))) != Text("kursk")]
    return tuple((pair(first, second), 0.2) for first, second in pairwise(words))


_ANY: Final[Mapping[str, Step]] = {
    "words alone": _stored("any", title=False, stop_words=False),
    "+ titles count more": _stored("any", stop_words=False),
    "+ stop words ignored": _stored("any"),
    "+ neighbours as phrases (not shipped)": _stored("any", pairs=lambda one, two: Phrase(f"{one} {two}")),
    "+ neighbours near (not shipped)": _stored("any", pairs=lambda one, two: Phrase(f"{one} {two}", 3)),
    "+ feedback": _stored("any", fed_back=True),
    "as shipped, through the service": _shipped("any"),
}
_ALL: Final[Mapping[str, Step]] = {
    "all words or nothing": _stored("all"),
    "as shipped, through the service": _shipped("all"),
}


def _collection(data: Path, name: str) -> Collection:
    folder = data / "ir" / name
    judged: dict[str, dict[str, int]] = defaultdict(dict)
    for line in (folder / "qrels.tsv").read_text("utf-8").splitlines()[1:]:
        query, article, grade = line.split("\t")
        judged[query][article] = int(grade)
    rows = map(orjson.loads, (folder / "queries.jsonl").read_bytes().splitlines())
    queries = {row["_id"]: _prose(row["text"]) for row in rows if any(judged[row["_id"]].values())}
    return Collection(name, queries, judged)


def _prose(text: str) -> str:
    """The queries are prose, some of it in capitals: there AND, OR and NOT are words, not operators."""
    return " ".join(word.lower() if word in {"AND", "OR", "NOT"} else word for word in text.split())


@contextlib.contextmanager
def _loaded(data: Path, name: str, url: str) -> Iterator[Newsroom]:
    """A newsroom over a collection, filled the first time."""
    room = open_newsroom(load_settings(store=url), lambda: NOW)
    try:
        if not room.store.changes(None, 1).items:
            print(f"loading {name} into {url.partition(':')[0]}", flush=True)
            for batch in _batches(articles(data, 1_000_000) if name == NEWS else _documents(data, name)):
                room.store.write(batch)
        room.store.refresh()
        yield room
    finally:
        room.store.close()


def _documents(data: Path, name: str) -> Iterator[Article]:
    for line in (data / "ir" / name / "corpus.jsonl").read_bytes().splitlines():
        row = orjson.loads(line)
        yield Article(id=row["_id"], title=row.get("title") or "", body=row["text"], seen_at=NOW, ranked_at=NOW)


def _batches(found: Iterator[Article]) -> Iterator[list[Article]]:
    batch: list[Article] = []
    for article in found:
        batch.append(article)
        if len(batch) == 1_000:
            yield batch
            batch = []
    yield batch


def _url(engine: str, name: str, elasticsearch: str | None) -> str:
    if engine == "elasticsearch":
        return f"elasticsearch+{elasticsearch}/quality-{name}"
    shutil.rmtree(FOLDER / name, ignore_errors=True)
    return f"embedded:{FOLDER}/{name}"


if __name__ == "__main__":
    main()
