"""`dateline export`: every article of a search in a file."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

import click
import orjson

from service.answers.exporting import export as exported
from service.answers.questions import ExportQuestion, ask
from service.answers.rows import RowFormat, written
from service.cli.ask import asking, named, say_how_it_was_read, text_of
from service.cli.commands import Overrides
from service.cli.output import say


def export(
    overrides: Overrides, *, words: Sequence[str], output: Path, form: RowFormat, bodies: bool, **given: Any
) -> None:
    """Write the articles that a query finds; to a file that was cut off, those that it lacks."""
    asked = named(given) | {"q": text_of(words), "fields": ("body",) if bodies else ()}
    if form == "csv" and output.exists():
        raise click.UsageError(f"{output} is there already, and only JSON Lines are continued.")
    with asking(overrides) as newsroom, output.open("r+b" if output.exists() else "xb") as file:
        end, last = _last_complete(file) if file.readable() else (0, b"")
        cursor = _cursor_of(last, output)
        if last and cursor is None:
            say(f"{output} is complete already")
            return
        found = exported(newsroom, ask(ExportQuestion, asked | {"cursor": cursor}))
        say_how_it_was_read(found.query)
        file.seek(end)
        file.truncate()
        for chunk in written(found.rows, form, with_body=bodies, continued=cursor is not None):
            file.write(chunk)
    say(f"{output} is complete")


def _last_complete(file: BinaryIO) -> tuple[int, bytes]:
    """Where the last line of a file ends that has an end, and that line."""
    end, last = 0, b""
    for line in file:
        if line.endswith(b"\n"):
            end, last = end + len(line), line
    return end, last


def _cursor_of(line: bytes, output: Path) -> str | None:
    if not line:
        return None
    try:
        cursor: str | None = orjson.loads(line)["cursor"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise click.UsageError(f"{output} is there already, and is no export that could be continued.") from None
    return cursor
