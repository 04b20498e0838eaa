"""How fast articles are taken in, against bare loops that commit the same documents; and what it takes in memory."""

import contextlib
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from bench.corpus import COMMAND, documents, sample
from bench.tables import show

ROUNDS: Final = 3
BARE: Final = (sys.executable, "-m", "bench.bare")


def plain(data: Path, number: int, elasticsearch: str | None) -> None:
    """Ingest without names: whole processes, the bare loop and ours in turn."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        records = sample(data, number, folder / "records.jsonl")
        finished = folder / "documents.jsonl"
        with finished.open("wb") as file:
            file.writelines(document + b"\n" for document in documents(data, number))
        bare = [*BARE, "embedded", str(finished)]
        stores = [(f"{folder}/bare-{turn}", f"embedded:{folder}/ours-{turn}") for turn in range(ROUNDS)]
        pairs = [([*bare, aside], _ingest(records, store, "none")) for aside, store in stores]
        rows = [_row("embedded", number, *_compare(pairs))]
        if elasticsearch:
            bare = [*BARE, "elasticsearch", str(finished), elasticsearch]
            urls = [f"elasticsearch+{elasticsearch}/bench-{time.time_ns()}-{turn}" for turn in range(ROUNDS)]
            rows.append(_row("elasticsearch", number, *_compare((bare, _ingest(records, url, "none")) for url in urls)))
        show("Ingest without names (target: ratio at least .5)", rows)


def names(data: Path, number: int) -> None:
    """Ingest with names against `nlp.pipe` over the same lines, one process each."""
    pairs = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        records = sample(data, number, folder / "records.jsonl")
        for turn in range(ROUNDS):
            bare = float(_run([*BARE, "names", str(records)]).stdout)
            ours = _until_done(_ingest(records, f"embedded:{folder}/{turn}", "spacy"))
            pairs.append((bare, ours))
    bare, ours = (statistics.median(column) for column in zip(*pairs, strict=True))
    show(
        "Ingest with names, loading of the model apart (target: ratio at least .9)",
        [{"records": number, "bare nlp.pipe /s": number / bare, "ours /s": number / ours, "ratio": bare / ours}],
    )


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


def _compare(pairs: Iterable[tuple[list[str], list[str]]]) -> tuple[float, float]:
    """The median seconds of two commands that are run in turn, as often as there are pairs."""
    taken = [(_seconds(bare), _seconds(ours)) for bare, ours in pairs]
    return statistics.median(bare for bare, _ in taken), statistics.median(ours for _, ours in taken)


def _seconds(command: list[str]) -> float:
    started = time.perf_counter()
    _run(command)
    return time.perf_counter() - started


def _row(store: str, number: int, bare: float, ours: float) -> dict[str, object]:
    return {
        "store": store,
        "records": number,
        "bare /s": round(number / bare),
        "ours /s": round(number / ours),
        "ratio": round(bare / ours, 2),
    }


def _ingest(records: Path, store: str, extractor: str) -> list[str]:
    dead_letters = f"{records.parent}/dead-letters.jsonl"
    options = ["--replay", "--extractor", extractor, "--dead-letters", dead_letters]
    return [COMMAND, "--store", store, "ingest", str(records), *options]


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: {done.stderr[-2_000:]}")
    return done


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
