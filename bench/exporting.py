"""`python -m bench.exporting --store URL [--form csv]`: stream every article of a store over HTTP.

Prints how many rows a second came, and the memory of the service before, half way and at its peak.
"""

import argparse
import time
from pathlib import Path
from typing import Final

import httpx

from bench.tables import show
from tests.service.cli.command import running
from tests.serving import ready_address

FOLDER: Final = Path("var/bench").absolute()
LOADING: Final = 900.0


def main() -> None:
    """Export once, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m bench.exporting")
    parser.add_argument("--store", default=f"embedded:{FOLDER}/scale/1000000")
    parser.add_argument("--form", choices=("jsonl", "csv"), default="jsonl")
    options = parser.parse_args()
    with running(FOLDER, "--store", options.store, "serve", "--port", "0") as process:
        address = ready_address(FOLDER, process, LOADING)
        before = _memory(process.pid, "VmRSS")
        row = _streamed(f"{address}/v1/export?format={options.form}")
        row |= {
            "MB before": before,
            "MB after": _memory(process.pid, "VmRSS"),
            "MB peak": _memory(process.pid, "VmHWM"),
        }
    show(f"Export as {options.form} over HTTP (target: constant memory)", [row])


def _streamed(url: str) -> dict[str, object]:
    rows, size, started = 0, 0, time.perf_counter()
    with httpx.stream("GET", url, timeout=60, headers={"Accept-Encoding": "identity"}) as answer:
        answer.raise_for_status()
        for chunk in answer.iter_bytes():
            rows += chunk.count(b"\n")
            size += len(chunk)
    seconds = time.perf_counter() - started
    return {"lines": rows, "MB": round(size / 1e6), "seconds": round(seconds, 1), "lines/s": round(rows / seconds)}


def _memory(pid: int, name: str) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(name)) // 1024


if __name__ == "__main__":
    main()
