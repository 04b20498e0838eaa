"""The bare baselines as programs: what the engines do by themselves, without dateline's code around them.

    python -m bench.bare embedded DOCUMENTS INDEXED FOLDER
    python -m bench.bare elasticsearch DOCUMENTS URL
    python -m bench.bare names RECORDS stock|ours

DOCUMENTS holds finished documents, one per line, INDEXED what Tantivy is given of each; RECORDS the records that
dateline itself reads.
"""

import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final

import orjson

BATCH: Final = 500
HEAP: Final = 64_000_000


def embedded(documents: str, indexed: str, folder: str) -> None:
    """Commit each batch to SQLite; give its text to Tantivy, with one commit at the end."""
    import tantivy

    from indexer.store.embedded.schema import load_fields

    fields = load_fields()
    place = Path(folder) / "index"
    place.mkdir(parents=True)
    index = fields.register(tantivy.Index(fields.schema, path=str(place)))
    writer = index.writer(HEAP, 2)
    connection = sqlite3.connect(Path(folder) / "articles.sqlite", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE articles (change INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, document BLOB)")
    for batch, texts in zip(_batches(documents), _batches(indexed), strict=True):
        connection.execute("BEGIN IMMEDIATE")
        rows = [(orjson.loads(document)["id"], document) for document in batch]
        connection.executemany("INSERT INTO articles (id, document) VALUES (?, ?)", rows)
        connection.execute("COMMIT")
        for text in texts:
            writer.add_json(text.decode())
    writer.commit()
    writer.wait_merging_threads()
    connection.close()


def elasticsearch(documents: str, url: str) -> None:
    """`helpers.bulk` into a fresh index of the same mapping, then a refresh."""
    from elasticsearch import Elasticsearch, helpers

    import mappings

    index = f"bare-{time.time_ns()}"
    with Elasticsearch(url, request_timeout=120) as client:
        client.indices.create(index=index, **mappings.load("articles"))
        sources = (orjson.loads(line) for batch in _batches(documents) for line in batch)
        actions = ({"_index": index, "_id": source["id"], "_source": source} for source in sources)
        helpers.bulk(client, actions, chunk_size=BATCH)
        client.indices.refresh(index=index)
        client.indices.delete(index=index)


def names(records: str, pipeline: str) -> None:
    """`nlp.pipe` of the default model over the lines of every record; prints the seconds without loading.

    `pipeline`: "stock" as spaCy loads it, or "ours" as dateline sets it up, which is faster.
    """
    import spacy

    from nlp.lines import lines_of
    from nlp.mention import Text
    from nlp.spacy_extractor import load

    extractor: Any = load()
    ours = extractor._pipeline  # noqa: SLF001 - the same components, bare
    nlp = ours if pipeline == "ours" else spacy.load(ours.path, enable=ours.pipe_names)
    with Path(records).open("rb") as file:
        texts = [Text(record["title"], "", record.get("body") or "") for record in map(orjson.loads, file)]
    lines = [line.text for text in texts for line in lines_of(text)]
    started = time.perf_counter()
    for _ in nlp.pipe(lines, batch_size=128):
        pass
    print(time.perf_counter() - started)


def _batches(documents: str) -> Iterator[list[bytes]]:
    with Path(documents).open("rb") as lines:
        while batch := list(islice(lines, BATCH)):
            yield batch


if __name__ == "__main__":
    baselines: dict[str, Callable[..., None]] = {"embedded": embedded, "elasticsearch": elasticsearch, "names": names}
    baselines[sys.argv[1]](*sys.argv[2:])
