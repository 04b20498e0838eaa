"""The corpora through the product: `python -m bench.real [--data FOLDER] [--elasticsearch URL] [--only NAME ...]`.

Loads each corpus into a fresh store of its own, on both stores, and prints what `dateline ingest` said; then the model
page with the names found on it and the trends they lead to.
"""

import argparse
import contextlib
import os
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Final

import orjson

from bench.corpus import COMMAND, elasticsearch_node

CORPORA: Final = {
    "articles": (["articles.jsonl.gz"], ["--replay"]),
    "reuters": (["reuters21578.jsonl.gz"], ["--replay"]),
    "feeds": (["feeds"], []),
    "model page": (["model_page.txt"], ["--replay"]),
}
AFTER: Final = "2024-11-14T22:00:00Z"


def main() -> None:
    """Load every corpus into every store."""
    parser = argparse.ArgumentParser(prog="python -m bench.real")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="where the corpora are")
    parser.add_argument("--elasticsearch", default=os.environ.get("DATELINE_TEST_ELASTICSEARCH"))
    parser.add_argument("--only", nargs="*", default=list(CORPORA))
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        elasticsearch = options.elasticsearch or elasticsearch_node(stack)
        for name in options.only:
            for store in _stores(folder, elasticsearch, name.replace(" ", "-")):
                _load(name, options.data.absolute(), store, folder)


def _stores(folder: Path, elasticsearch: str | None, name: str) -> list[str]:
    embedded = f"embedded:{folder}/{name}"
    return [embedded, f"elasticsearch+{elasticsearch}/{name}-{time.time_ns()}"] if elasticsearch else [embedded]


def _load(name: str, data: Path, store: str, folder: Path) -> None:
    files, options = CORPORA[name]
    letters = folder / "dead-letters.jsonl"
    letters.unlink(missing_ok=True)
    sources = [str(data / file) for file in files]
    started = time.perf_counter()
    code, said = _dateline(store, "ingest", *sources, *options, "--dead-letters", str(letters))
    taken = time.perf_counter() - started
    print(f"\n## {name} -> {store.split(':', maxsplit=1)[0]}: {taken:.0f} s, exit code {code}")
    print("\n".join(line for line in said.splitlines() if "records:" in line or "failed" in line))
    if letters.exists():
        reasons = {orjson.loads(line)["reason"] for line in letters.read_bytes().splitlines()}
        print("dead letters:", "; ".join(sorted(reasons)[:5]))
    if name == "model page":
        _show_model_page(store)
    print(flush=True)


def _show_model_page(store: str) -> None:
    for arguments in (
        ("entities", "--limit", "40"),
        ("trends", "--as-of", AFTER),
        ("trends", "articles", "--as-of", AFTER),
    ):
        print(_output(store, *arguments))


def _dateline(store: str, *arguments: str) -> tuple[int, str]:
    done = subprocess.run([COMMAND, "--store", store, *arguments], capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


def _output(store: str, *arguments: str) -> str:
    return subprocess.run([COMMAND, "--store", store, *arguments], capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    main()
