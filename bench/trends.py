"""Trends over HTTP at a million articles, against a bare pass of numpy.

The corpus with names and stories is multiplied within one window: each copy is a week older than the one before, so
that every article counts.
"""

import contextlib
import itertools
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Final

import httpx
import numpy as np
import uvicorn
from fastapi import FastAPI, Request, Response

from bench.answers import filled
from bench.scale import LOADING, STORES, multiplied
from bench.tables import milliseconds, percentile, show
from indexer.article import Article, Entity
from indexer.store.opening import open_store
from indexer.store.port import Change, Store
from indexer.times import DAY, HOUR, MINUTE, Millis, to_text
from service.clock import system_clock
from service.trends.arrays import Arrays
from service.trends.follower import Tail
from service.trends.snapshot import Snapshot
from tests.serving import serving_process

ARTICLES: Final = 1_000_000
APART: Final = 7 * DAY
ROUNDS: Final = 100
WRITES: Final = 30
PAGE: Final = 500
BARE_PORT: Final = 8198
POLLED: Final = "/v1/trends/entities"
QUESTIONS: Final = {
    "entities, as polled": "/v1/trends/entities",
    "entities, another minute each time": "/v1/trends/entities?as_of={minute}",
    "entities, another half-life each time": "/v1/trends/entities?half_life={half_life}",
    "persons, another minute": "/v1/trends/entities?type=person&as_of={minute}",
    "section World, 3 h, another minute": "/v1/trends/entities?section=World&half_life=3h&as_of={minute}",
    "entities, explained, another minute": "/v1/trends/entities?explain=true&as_of={minute}",
    "stories, as polled": "/v1/trends/stories",
    "stories, another minute": "/v1/trends/stories?as_of={minute}",
    "stories, another half-life each time": "/v1/trends/stories?half_life={half_life}",
    "articles, another minute": "/v1/trends/articles?as_of={minute}",
    "articles, 7 d, another minute": "/v1/trends/articles?half_life=7d&as_of={minute}",
}


def trends(data: Path, elasticsearch: str | None) -> None:
    """Fill what is missing, and print the tables of both stores."""
    corpus = f"embedded:{STORES / 'embedded'}/store"
    filled(data, corpus, STORES / "embedded")
    targets = [f"embedded:{STORES / 'trends'}/{ARTICLES}"]
    targets += [f"elasticsearch+{elasticsearch}/trends-{ARTICLES}"] if elasticsearch else []
    for target in targets:
        multiplied(corpus, target, ARTICLES, APART)
        measure(target)


def measure(store: str) -> None:
    """Everything about one store that is filled."""
    engine = store.partition(":")[0]
    snapshot = _loaded(store, engine)
    now = system_clock()
    bare = milliseconds(_numpy_pass(snapshot, now), ROUNDS)
    with serving_process(store, STORES, LOADING) as address, httpx.Client(base_url=address, timeout=120) as client:
        rows = [_compared(what, bare, _asked(client, path, now)) for what, path in QUESTIONS.items()]
        show(f"Trends over HTTP, {engine} (target: p95 at most the bare pass' + 10 ms; as polled under 20 ms)", rows)
        show("An answer that has not changed (target: p50 at most a bare FastAPI's + 1 ms)", [_unchanged(client)])
        show("A write is in the trends after (target: 1 s)", [_visible(store, client)])


def _loaded(store: str, engine: str) -> Snapshot:
    """The arrays of a store; how long they took, what they weigh, and what a page of changes costs with their size."""
    opened = open_store(store)
    tail = Tail(opened, Arrays(0))
    refreshed: dict[int, float] = {}
    started = time.perf_counter()
    while tail.follow():
        if tail.loaded in {100_000, 1_000_000}:
            refreshed[tail.loaded] = _refresh(tail.arrays, opened)
    loading = time.perf_counter() - started
    opened.close()
    snapshot = tail.arrays.snapshot
    row = {
        "articles": len(snapshot.articles.ids),
        "rows": len(snapshot.rows.entity),
        "MB of arrays": _megabytes(snapshot),
        "loaded in s": round(loading, 1),
    }
    row |= {f"{PAGE} changes at {size:,} articles, ms": round(taken) for size, taken in refreshed.items()}
    show(f"The arrays, {engine}", [row])
    return snapshot


def _refresh(arrays: Arrays, store: Store) -> float:
    """Milliseconds to take in a page of articles once more."""
    page = [Change(one.id, one.article) for one in store.changes(None, PAGE).items]
    return min(milliseconds(lambda: arrays.apply(page), 5))


def _megabytes(snapshot: Snapshot) -> int:
    parts = (
        getattr(columns, field.name) for columns in (snapshot.articles, snapshot.rows) for field in fields(columns)
    )
    return sum(part.nbytes for part in parts if isinstance(part, np.ndarray)) // 1_000_000


def _numpy_pass(snapshot: Snapshot, now: Millis) -> Callable[[], object]:
    times = snapshot.articles.ranked_at[snapshot.rows.article].astype(np.float64)
    entities, number = np.asarray(snapshot.rows.entity), snapshot.entities
    return lambda: np.bincount(entities, np.exp2((times - now) / (8 * HOUR)), number)


def _asked(client: httpx.Client, path: str, now: Millis) -> Callable[[], object]:
    """A question that is another one each time, where its path leaves a minute or a half-life open."""
    numbers = itertools.count()

    def ask() -> None:
        number = next(numbers)
        minute, half_life = to_text(now - number * MINUTE), f"{60 + 7 * number}m"
        client.get(path.format(minute=minute, half_life=half_life)).raise_for_status()

    ask()
    return ask


def _compared(what: str, bare: Sequence[float], ask: Callable[[], object]) -> dict[str, object]:
    ours = milliseconds(ask, ROUNDS)
    figures: dict[str, object] = {"what": what, "bare pass p95 ms": percentile(bare, 95)}
    figures |= {f"p{share} ms": percentile(ours, share) for share in (50, 95)}
    figures["p95 - bare"] = round(percentile(ours, 95) - percentile(bare, 95), 1)
    return figures


def _unchanged(client: httpx.Client) -> dict[str, object]:
    known = {"If-None-Match": client.get(POLLED).headers["etag"]}
    ours = milliseconds(lambda: client.get(POLLED, headers=known), 10 * ROUNDS)
    with _bare_service() as address, httpx.Client(base_url=address) as bare:
        theirs = milliseconds(lambda: bare.get(POLLED, headers=known), 10 * ROUNDS)
    return {
        f"{name} p{share} ms": percentile(taken, share)
        for name, taken in (("bare", theirs), ("ours", ours))
        for share in (50, 95)
    }


@contextlib.contextmanager
def _bare_service() -> Iterator[str]:
    """A service that answers 304 and does nothing else, in a thread."""
    app = FastAPI()

    @app.get(POLLED)
    def unchanged(request: Request) -> Response:
        return Response(status_code=304, headers={"ETag": request.headers.get("if-none-match", "")})

    server = uvicorn.Server(uvicorn.Config(app, port=BARE_PORT, log_level="critical"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{BARE_PORT}"
    finally:
        server.should_exit = True
        thread.join()


def _visible(store: str, client: httpx.Client) -> dict[str, object]:
    """Milliseconds from the return of a write to the first list of the entity that is in all that was written."""
    opened = open_store(store)
    template = next(change.article for change in opened.changes(None, 1).items if change.article)
    waited = [_wait_for(client, opened, template, number) for number in range(WRITES)]
    opened.close()
    return {f"p{share} ms": percentile(waited, share) for share in (50, 95)}


def _wait_for(client: httpx.Client, store: Store, template: Article, number: int) -> float:
    name = f"Visible {time.time_ns()}"
    told = (Entity(f"other:{name.lower().replace(' ', '-')}", name, "other", 2),)
    now = system_clock()
    store.write([replace(template, id=f"{name} {number}", entities=told, ranked_at=now, seen_at=now, published_at=now)])
    started = time.perf_counter()
    while not client.get("/v1/entities", params={"q": name}).json()["items"]:
        time.sleep(0.01)
    return (time.perf_counter() - started) * 1_000
