"""What could not become an article, kept with its place and reason: JSON Lines, added to the end of a file."""

import json
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import orjson

from indexer.sources.records import EXCERPT, Item, Unreadable, excerpt


class DeadLetters:
    """A file of `{origin, position, reason, record}`, made with the first of them. `count` is how many were added."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BinaryIO | None = None
        self.count = 0

    def add(self, item: Item, reason: str) -> None:
        """Write one, at once. `record` is how the record begins."""
        if self._file is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("ab", buffering=0)
        letter = {"origin": item.origin, "position": item.position, "reason": reason, "record": _record(item)}
        self._file.write(orjson.dumps(letter, option=orjson.OPT_APPEND_NEWLINE))
        self.count += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()


def _record(item: Item) -> str:
    if isinstance(item, Unreadable):
        return item.excerpt
    short = {name: value[:EXCERPT] if isinstance(value, str) else value for name, value in item.fields.items()}
    try:
        text = json.dumps(short, ensure_ascii=False)
    except RecursionError:
        text = "nested more deeply than can be written"
    return excerpt(text.encode(errors="replace"))
