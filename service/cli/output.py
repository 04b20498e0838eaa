"""How commands speak: tables for people, JSON for programs; data on stdout, messages on stderr."""

import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Protocol

import click
from rich import box
from rich.console import Console
from rich.progress import BarColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars
from rich.table import Table
from rich.text import Text

_UNLIMITED: Final = 100_000


def say(message: str) -> None:
    """A message for the person at the terminal, on stderr."""
    click.echo(message, err=True)


def emit(value: object) -> None:
    """A value as JSON on stdout."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def write(text: str = "") -> None:
    """A line on stdout."""
    click.echo(text)


def minute(moment: str) -> str:
    """A moment of an answer to the minute: 2024-11-14 12:00."""
    return moment[:16].replace("T", " ")


def table(columns: Sequence[str], rows: Sequence[Sequence[object]], numbers: Sequence[str] = ()) -> None:
    """Rows as a table on stdout, as wide as the terminal, or as its longest row where there is none."""
    grid = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for column in columns:
        grid.add_column(column, justify="right" if column in numbers else "left", overflow="fold")
    for row in rows:
        grid.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    console = Console(width=None if sys.stdout.isatty() else _UNLIMITED, highlight=False)
    with console.capture() as captured:
        console.print(grid)
    click.echo(captured.get(), nl=False)


class Progress(Protocol):
    """Shows how far long work is: `done` of `total` (None: unknown) in units of its own, and a few words."""

    def update(self, done: int, total: int | None, words: str) -> None: ...


@contextmanager
def progress(label: str) -> Iterator[Progress]:
    """A bar with time left on a terminal; elsewhere a plain line every few seconds. Both on stderr."""
    if not sys.stderr.isatty():
        yield PlainLines(label)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn(), TextColumn("{task.fields[words]}"))
    with Bars(*columns, console=Console(stderr=True)) as bars:
        yield _Bar(bars, bars.add_task(label, total=None, words=""))


@dataclass(frozen=True, slots=True)
class _Bar:
    bars: Bars
    task: TaskID

    def update(self, done: int, total: int | None, words: str) -> None:
        self.bars.update(self.task, completed=done, total=total, words=words)


class PlainLines:
    """One line every `interval` seconds, the first at once, and always when it is `done`."""

    def __init__(self, label: str, interval: float = 5.0) -> None:
        self._label = label
        self._interval = interval
        self._next = 0.0

    def update(self, done: int, total: int | None, words: str) -> None:
        if time.monotonic() < self._next and done != total:
            return
        self._next = time.monotonic() + self._interval
        share = f" {100 * done // total}%" if total else ""
        say(f"{self._label}{share} {words}")
