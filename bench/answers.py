"""How fast search answers over HTTP, and how soon and how small the service starts."""

import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import httpx

from bench.bare_search import BareElasticsearch, BareEmbedded
from bench.corpus import COMMAND, articles_file
from bench.tables import milliseconds, percentile, show
from indexer.article import Article
from indexer.store.opening import open_store
from indexer.times import Millis
from tests.serving import serving_process

QUERIES: Final = (
    "israel hamas", "climate summit", "interest rates", "world cup", "prime minister", "artificial intelligence",
    "house speaker", "earthquake", "ukraine russia war", "election results",
)  # fmt: skip
FACETS: Final = ("section", "person", "place")
ROUNDS: Final = 200


def filled(data: Path, store: str, folder: Path) -> None:
    """Ingest the corpus with names into a store that does not have it yet."""
    folder.mkdir(parents=True, exist_ok=True)
    opened = open_store(store)
    opened.prepare()
    stored = len(opened.changes(None, 1).items)
    opened.close()
    if not stored:
        command = [COMMAND, "--store", store, "ingest", str(articles_file(data)), "--replay"]
        print(f"filling {store} with the corpus and its names", flush=True)
        subprocess.run(command, cwd=folder, check=True)


def copied(source: str, target: str, later: Millis = 0) -> None:
    """Write every article of one store into another, with the names that were found, `later` than they were."""
    reading, writing = open_store(source), open_store(target)
    writing.prepare()
    mark = None
    while (page := reading.changes(mark, 1_000)).items:
        writing.write([_moved(change.article, later) for change in page.items if change.article])
        mark = page.mark
    writing.refresh()
    reading.close()
    writing.close()


def _moved(article: Article, later: Millis) -> Article:
    published = None if article.published_at is None else article.published_at + later
    return replace(
        article, seen_at=article.seen_at + later, ranked_at=article.ranked_at + later, published_at=published
    )


def search(store: str, folder: Path) -> None:
    """Search with three facets and highlights, against the engine's own call for the same."""
    bare = BareElasticsearch(store) if store.startswith("elasticsearch") else BareEmbedded(folder / "present")
    with serving_process(store, folder) as address, httpx.Client(base_url=address, timeout=60) as client:
        parameters = [("facet", facet) for facet in FACETS] + [("highlight", "true")]

        def ours(text: str) -> None:
            client.get("/v1/search", params=[("q", text), *parameters]).raise_for_status()

        engine = _each(lambda text: bare.search(text, FACETS))
        rows = [_row("search by relevance, 3 facets, highlights", engine, _each(ours))]
    show(f"Search over HTTP on {store.split(':', maxsplit=1)[0]} (target: p50 at most the bare call's + 3 ms)", rows)


def start(store: str, folder: Path) -> None:
    """From the start of the process to the first /healthz and to ready, and what it then holds in memory."""
    started = time.perf_counter()
    with (folder / "start.log").open("wb") as log:
        process = subprocess.Popen([COMMAND, "--store", store, "serve", "--port", "8199"], stderr=log, cwd=folder)
    try:
        alive = _until("http://127.0.0.1:8199/healthz", started)
        ready = _until("http://127.0.0.1:8199/readyz", started)
        resident = _resident(process.pid)
        mapped = Path(f"/proc/{process.pid}/maps").read_text()
    finally:
        process.terminate()
        process.wait()
    row = {"healthz after s": alive, "ready after s": ready, "resident MB": resident, "spaCy loaded": "spacy" in mapped}
    show("Start of the service (target: healthz within 2 s, under 500 MB, no model loaded)", [row])


def _each(call: Callable[[str], object]) -> list[float]:
    for text in QUERIES:
        call(text)
    return [ms for text in QUERIES for ms in milliseconds(lambda: call(text), ROUNDS // len(QUERIES))]  # noqa: B023


def _row(what: str, bare: Sequence[float], ours: Sequence[float]) -> dict[str, object]:
    figures: dict[str, object] = {"what": what}
    for share in (50, 95):
        theirs, our = percentile(bare, share), percentile(ours, share)
        figures |= {f"bare p{share} ms": theirs, f"ours p{share} ms": our, f"p{share} - bare": round(our - theirs, 2)}
    return figures


def _until(url: str, started: float) -> float:
    while time.perf_counter() - started < 120:
        try:
            if httpx.get(url).is_success:
                return round(time.perf_counter() - started, 2)
        except httpx.TransportError:
            pass
        time.sleep(0.02)
    raise TimeoutError(url)


def _resident(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) // 1024
