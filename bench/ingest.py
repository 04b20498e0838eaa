"""How fast articles are taken in, against bare loops that commit the same documents; and what it takes in memory."""

import contextlib
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

from bench.corpus import COMMAND, documents, sample
from bench.tables import show
from indexer.store.embedded.schema import load_fields

ROUNDS: Final = 3
BARE: Final = (sys.executable, "-m", "bench.bare")


class Taken(NamedTuple):
    """The seconds of a command, and those of all processors together that it used itself."""

    seconds: float
    processor: float


def plain(data: Path, number: int, elasticsearch: str | None) -> None:
    """Ingest without names: whole processes, the bare loop and ours in turn."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        records = sample(data, number, folder / "records.jsonl")
        finished = _lines(folder / "documents.jsonl", map(bytes.decode, documents(data, number)))
        indexed = _lines(folder / "indexed.jsonl", map(load_fields().indexed, documents(data, number)))
        bare = [*BARE, "embedded", str(finished), str(indexed)]
        stores = [(f"{folder}/bare-{turn}", f"embedded:{folder}/ours-{turn}") for turn in range(ROUNDS)]
        pairs = [([*bare, aside], _ingest(records, store, "none")) for aside, store in stores]
        rows = [_row("embedded", number, *_compare(pairs))]
        if elasticsearch:
            bare = [*BARE, "elasticsearch", str(finished), elasticsearch]
            urls = [f"elasticsearch+{elasticsearch}/bench-{time.time_ns()}-{turn}" for turn in range(ROUNDS)]
            rows.append(_row("elasticsearch", number, *_compare((bare, _ingest(records, url, "none")) for url in urls)))
        show("Ingest without names (target: ratio at least .5)", rows)


def names(data: Path, number: int) -> None:
    """Ingest with names against `nlp.pipe` over the same lines, one process each; the latter also as we set it up."""
    rounds = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        records = sample(data, number, folder / "records.jsonl")
        for turn in range(ROUNDS):
            stock, tuned = (_alone(records, pipeline) for pipeline in ("stock", "ours"))
            rounds.append((stock, tuned, _until_done(_ingest(records, f"embedded:{folder}/{turn}", "spacy"))))
    stock, tuned, ours = (statistics.median(column) for column in zip(*rounds, strict=True))
    row = {
        "records": number,
        "bare nlp.pipe /s": round(number / stock),
        "as we set it up /s": round(number / tuned),
        "ours /s": round(number / ours),
        "ratio": round(statistics.median(stock / ours for stock, _, ours in rounds), 2),
        "ratio to our set-up": round(statistics.median(tuned / ours for _, tuned, ours in rounds), 2),
    }
    show("Ingest with names, loading of the model apart (target: ratio at least .9)", [row])


def memory(data: Path) -> None:
    """Peak memory of an ingest of 10,000 and of 100,000 records, in its largest process."""
    peaks = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number in (10_000, 100_000):
            records = sample(data, number, folder / f"{number}.jsonl")
            peaks.append(_peak(_ingest(records, f"embedded:{folder}/store-{number}", "none")))
    row = {"10,000 records, MB": peaks[0], "100,000 records, MB": peaks[1], "ratio": round(peaks[1] / peaks[0], 3)}
    show("Peak memory of an ingest without names (target: ratio at most 1.1)", [row])


def _lines(path: Path, lines: Iterable[str]) -> Path:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(line + "\n" for line in lines)
    return path


def _compare(pairs: Iterable[tuple[list[str], list[str]]]) -> tuple[Taken, Taken]:
    """What two commands take that are run in turn, as often as there are pairs: the medians."""
    bare, ours = zip(*((_taken(bare), _taken(ours)) for bare, ours in pairs), strict=True)
    return _median(bare), _median(ours)


def _median(taken: Iterable[Taken]) -> Taken:
    return Taken(*map(statistics.median, zip(*taken, strict=True)))


def _taken(command: list[str]) -> Taken:
    started, used = time.perf_counter(), _used()
    _run(command)
    return Taken(time.perf_counter() - started, _used() - used)


def _used() -> float:
    """The processor seconds of all commands that have ended so far."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _row(store: str, number: int, bare: Taken, ours: Taken) -> dict[str, object]:
    return {
        "store": store,
        "records": number,
        "bare /s": round(number / bare.seconds),
        "ours /s": round(number / ours.seconds),
        "ratio": round(bare.seconds / ours.seconds, 2),
        "bare CPU s": round(bare.processor, 2),
        "ours CPU s": round(ours.processor, 2),
    }


def _ingest(records: Path, store: str, extractor: str) -> list[str]:
    dead_letters = f"{records.parent}/dead-letters.jsonl"
    options = ["--replay", "--extractor", extractor, "--dead-letters", dead_letters]
    return [COMMAND, "--store", store, "ingest", str(records), *options]


def _run(command: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **environment}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: {done.stderr[-2_000:]}")
    return done


def _alone(records: Path, pipeline: str) -> float:
    """The seconds that `nlp.pipe` takes by itself."""
    # On one core, as the process of ours that finds names: the rest of ours reads and writes on the other.
    return float(_run([*BARE, "names", str(records), pipeline], OMP_NUM_THREADS="1").stdout)


def _until_done(command: list[str]) -> float:
    """The seconds of an ingest by its own last report: it counts from the moment its model is loaded."""
    said = _run(command).stderr
    total, rate = re.findall(r"([\d,]+) records, ([\d,]+)/s", said)[-1]
    return int(total.replace(",", "")) / int(rate.replace(",", ""))


def _peak(command: list[str]) -> int:
    """The peak resident memory of a command in MB, by what the kernel says of it while it runs.

    Not `ru_maxrss`: that starts from what the process that forked it held.
    """
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    status = Path(f"/proc/{process.pid}/status")
    peak = 0
    while process.poll() is None:
        with contextlib.suppress(OSError, StopIteration):
            peak = next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        time.sleep(0.02)
    return peak // 1024
