"""How figures are taken and shown."""

import time
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd


def show(title: str, rows: Sequence[Mapping[str, object]]) -> None:
    """A table on stdout."""
    print(f"\n## {title}\n")
    print(pd.DataFrame(rows).to_string(index=False), flush=True)


def milliseconds(call: Callable[[], object], rounds: int) -> list[float]:
    """How long each of `rounds` calls took."""
    taken = []
    for _ in range(rounds):
        started = time.perf_counter()
        call()
        taken.append((time.perf_counter() - started) * 1_000)
    return taken


def percentile(values: Sequence[float], share: int) -> float:
    return round(float(np.percentile(values, share)), 2)


def seconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started
