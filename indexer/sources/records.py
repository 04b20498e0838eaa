"""What reading a source yields: records as found, and what could not be read as one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from indexer.store.port import Json

EXCERPT: Final = 500


@dataclass(frozen=True, slots=True)
class Found:
    """One record. `fields` has the names of `indexer.article.Article` with times as text; other names are ignored.

    `origin` is the path or URL, `position` the line or entry in it, from 1. `read` of `size` bytes of the origin
    are behind us, compressed ones where it is compressed: what a progress bar shows.
    """

    origin: str
    position: int
    fields: Json
    read: int = 0
    size: int = 0


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something that is not a record, and why. `excerpt` is how it begins. Position 0 is the origin as a whole."""

    origin: str
    position: int
    reason: str
    excerpt: str = ""
    read: int = 0
    size: int = 0


Item = Found | Unreadable
Items = Iterator[Item]


def excerpt(raw: bytes) -> str:
    """The beginning of something unreadable, as text."""
    return raw[:EXCERPT].decode(errors="replace")
