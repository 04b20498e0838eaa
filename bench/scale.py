"""`python -m bench.scale [--articles N] [--elasticsearch URL]`: search over HTTP and by bare calls, at scale.

The corpus with names is multiplied: each copy is older than the one before it, by 52 days unless said, under ids and in
stories of its own.
"""

import argparse
import contextlib
import itertools
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import httpx
from elasticsearch import Elasticsearch

from bench.answers import QUERIES, filled
from bench.bare_search import MARKS, words
from bench.corpus import LAST, elasticsearch_node
from bench.tables import percentile, show
from indexer.article import Article
from indexer.store.opening import open_store
from indexer.store.port import Store
from indexer.times import DAY, Millis
from service.clock import system_clock
from tests.serving import serving_process

STORES: Final = Path("var/bench").absolute()
COPIES_APART: Final = 52 * DAY
FACETS: Final = ("section", "person", "place")
ROUNDS: Final = 10
LOADED_SECONDS: Final = 30
READERS: Final = 4
LOADING: Final = 900.0
"""Seconds that a service may take until it is ready."""
TYPED: Final = ("isr", "ukrai", "joe bi", "netanyhu", "king ch", "uni", "hamas", "al", "world c", "israel ham")

Parameters = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One way of asking: over HTTP, and as a bare body for Elasticsearch. `kind` names the target that it has."""

    what: str
    kind: str
    path: str
    parameters: Callable[[str], Parameters]
    bare: Callable[[str], dict[str, Any]] | None = None


def main() -> None:
    """Fill what is missing, and print a table per size."""
    parser = argparse.ArgumentParser(prog="python -m bench.scale")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="where the corpora are")
    parser.add_argument("--articles", type=int, nargs="*", default=[100_000, 1_000_000])
    parser.add_argument("--elasticsearch", default=os.environ.get("DATELINE_TEST_ELASTICSEARCH"))
    options = parser.parse_args()
    corpus = f"embedded:{STORES / 'embedded'}/store"
    filled(options.data.absolute(), corpus, STORES / "embedded")
    with contextlib.ExitStack() as stack:
        elasticsearch = options.elasticsearch or elasticsearch_node(stack)
        for number in options.articles:
            _measure(corpus, number, elasticsearch)


def _measure(corpus: str, number: int, elasticsearch: str | None) -> None:
    embedded = f"embedded:{STORES / 'scale'}/{number}"
    multiplied(corpus, embedded, number)
    rows = _timed(embedded)
    bare: Mapping[str, list[float]] = {}
    if elasticsearch:
        name = f"scale-{number}"
        target = f"elasticsearch+{elasticsearch}/{name}"
        multiplied(corpus, target, number)
        over_http = _timed(target)
        bare = _bare(elasticsearch, f"{name}-articles")
        show(f"Elasticsearch, {number:,} articles (target: at most 1.3 x bare + 2 ms)", _compared(over_http, bare))
    show(
        f"Embedded, {number:,} articles (target: text .5, facets 1 x Elasticsearch's bare call)", _compared(rows, bare)
    )
    show(f"Embedded, {number:,} articles, 1 writer at 100/s, {READERS} readers", [_under_load(embedded)])


def multiplied(source: str, target: str, number: int, apart: Millis = COPIES_APART) -> None:
    """Write `number` articles, copies of those of a store, into another that does not have them yet."""
    writing = open_store(target)
    writing.prepare()
    if not writing.changes(None, 1).items:
        print(f"filling {target.partition(':')[0]} with {number:,} articles", flush=True)
        for batch in itertools.islice(_copies(source, apart), number // 1_000):
            writing.write(batch)
    writing.refresh()
    writing.close()


def _copies(source: str, apart: Millis) -> Iterator[list[Article]]:
    later = system_clock() - LAST
    for copy in itertools.count():
        reading = open_store(source)
        for batch in _pages(reading):
            yield [_copy(article, later - copy * apart, copy) for article in batch]
        reading.close()


def _pages(store: Store) -> Iterator[list[Article]]:
    mark = None
    while (page := store.changes(mark, 1_000)).items:
        yield [change.article for change in page.items if change.article]
        mark = page.mark


def _copy(article: Article, later: Millis, copy: int) -> Article:
    published = None if article.published_at is None else article.published_at + later
    return replace(
        article,
        id=f"{article.id}-{copy}",
        grouped=article.grouped and f"{article.grouped}-{copy}",
        story=article.story and f"{article.story}-{copy}",
        seen_at=article.seen_at + later,
        ranked_at=article.ranked_at + later,
        published_at=published,
    )


def _timed(store: str) -> dict[str, list[float]]:
    with serving_process(store, STORES, LOADING) as address, httpx.Client(base_url=address, timeout=60) as client:
        return {line.what: _of_line(client, line) for line in LINES}


def _of_line(client: httpx.Client, line: Line) -> list[float]:
    texts = TYPED if line.kind == "suggest" else QUERIES
    for text in texts:
        client.get(line.path, params=line.parameters(text)).raise_for_status()
    return [_ms(lambda: client.get(line.path, params=line.parameters(text))) for _ in range(ROUNDS) for text in texts]  # noqa: B023


def _bare(url: str, index: str) -> dict[str, list[float]]:
    client = Elasticsearch(url, request_timeout=60)
    taken: dict[str, list[float]] = {}
    for line in LINES:
        if line.bare:
            bodies = [line.bare(text) for text in QUERIES]
            for body in bodies:
                client.search(index=index, request_cache=False, **body)
            calls = (body for _ in range(ROUNDS) for body in bodies)
            taken[line.what] = [_ms(lambda: client.search(index=index, request_cache=False, **body)) for body in calls]  # noqa: B023
    return taken


def _compared(ours: Mapping[str, list[float]], bare: Mapping[str, list[float]]) -> list[dict[str, object]]:
    rows = []
    for line in LINES:
        own, base = ours[line.what], bare.get(line.what)
        row: dict[str, object] = {"what": line.what, "p50 ms": percentile(own, 50), "p95 ms": percentile(own, 95)}
        row["bare Elasticsearch p50 ms"] = percentile(base, 50) if base else None
        row["ratio"] = round(percentile(own, 50) / percentile(base, 50), 2) if base else None
        rows.append(row)
    return rows


def _under_load(store: str) -> dict[str, object]:
    """Readers as fast as they can, a writer of 100 articles a second, and how soon what it writes is found."""
    done = threading.Event()
    writing = open_store(store)
    template = writing.changes(None, 1).items[0].article
    assert template is not None  # noqa: S101 - the store has just been filled
    with serving_process(store, STORES, LOADING) as address, httpx.Client(base_url=address, timeout=60) as client:
        taken: list[float] = []
        threads = [threading.Thread(target=_read, args=(address, done, taken)) for _ in range(READERS)]
        threads.append(threading.Thread(target=_write, args=(writing, template, done)))
        for thread in threads:
            thread.start()
        visible = _visibility(client, writing, template)
        done.set()
        for thread in threads:
            thread.join()
    writing.close()
    return {
        "answers/s": round(len(taken) / LOADED_SECONDS),
        "p50 ms": percentile(taken, 50),
        "p95 ms": percentile(taken, 95),
        "visible after ms, p50": percentile(visible, 50),
        "visible after ms, p95": percentile(visible, 95),
    }


def _read(address: str, done: threading.Event, taken: list[float]) -> None:
    with httpx.Client(base_url=address, timeout=60) as client:
        for text in itertools.cycle(QUERIES):
            if done.is_set():
                return
            parameters = (("q", text), *(("facet", name) for name in FACETS), ("highlight", "true"))
            taken.append(_ms(lambda: client.get("/v1/search", params=parameters)))  # noqa: B023


def _write(store: Store, template: Article, done: threading.Event) -> None:
    for number in itertools.count():
        now = system_clock()
        store.write([_fresh(template, f"load-{now}-{number}-{one}", now) for one in range(10)])
        if done.wait(0.1):
            return


def _visibility(client: httpx.Client, store: Store, template: Article) -> list[float]:
    """Milliseconds from the return of a write to the first search that finds it."""
    waited = []
    ends = time.monotonic() + LOADED_SECONDS
    while time.monotonic() < ends:
        word = f"visible{time.time_ns()}"
        store.write([replace(_fresh(template, word, system_clock()), title=word)])
        started = time.perf_counter()
        while not client.get("/v1/search", params={"q": word}).json()["total"]["value"]:
            time.sleep(0.01)
        waited.append((time.perf_counter() - started) * 1_000)
    return waited


def _fresh(template: Article, article_id: str, now: Millis) -> Article:
    return replace(template, id=article_id, seen_at=now, ranked_at=now, published_at=now)


def _ms(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1_000


def _page(query: dict[str, Any], **more: object) -> dict[str, Any]:
    return {"query": query, "size": 11, "track_total_hits": True, **more}


def _two(text: str) -> str:
    return " ".join(text.split()[:2])


def _decayed(text: str) -> dict[str, Any]:
    decay = {"exp": {"ranked_at": {"origin": system_clock(), "scale": "7d", "decay": 0.5}}}
    return {"function_score": {"query": words(text, "and"), "functions": [decay], "boost_mode": "multiply"}}


_AGGS: Final = {name: {"terms": {"field": name, "size": 11}} for name in FACETS}
_WITH_FACETS: Final = (*(("facet", name) for name in FACETS), ("highlight", "true"))

LINES: Final = (
    Line(
        "OR of two words", "text", "/v1/search",
        lambda text: (("q", _two(text).replace(" ", " OR ")),), lambda text: _page(words(_two(text), "or")),
    ),
    Line("AND", "text", "/v1/search", lambda text: (("q", text),), lambda text: _page(words(text, "and"))),
    Line(
        "phrase", "text", "/v1/search",
        lambda text: (("q", f'"{_two(text)}"'),), lambda text: _page({"match_phrase": {"text": _two(text)}}),
    ),
    Line(
        "fuzzy", "text", "/v1/search",
        lambda text: (("q", f"{text.split()[0]}~"),),
        lambda text: _page({"fuzzy": {"words": {"value": text.split()[0], "fuzziness": 1, "prefix_length": 1}}}),
    ),
    Line(
        "prefix", "text", "/v1/search",
        lambda text: (("q", f"{text[:4]}*"),), lambda text: _page({"prefix": {"words": text[:4]}}),
    ),
    Line(
        "AND, 3 facets, highlights", "facets", "/v1/search",
        lambda text: (("q", text), *_WITH_FACETS),
        lambda text: _page(words(text, "and"), aggs=_AGGS, highlight=MARKS),
    ),
    Line(
        "fresh", "text", "/v1/search",
        lambda text: (("q", text), ("sort", "fresh"), ("half_life", "7d")), lambda text: _page(_decayed(text)),
    ),
    Line(
        "entity facet over everything", "facets", "/v1/search",
        lambda _: (("facet", "entity"),),
        lambda _: _page({"match_all": {}}, aggs={"entity": {"terms": {"field": "entity", "size": 11}}}),
    ),
    Line("suggest", "suggest", "/v1/suggest", lambda typed: (("q", typed),)),
)  # fmt: skip

if __name__ == "__main__":
    main()
