"""An open source, decompressed, that knows how far it has been read."""

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from indexer.errors import UnreadableSource
from indexer.sources.records import Found, Unreadable, excerpt
from indexer.store.port import Json

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

LARGEST: Final = 20_000_000
_GZIP: Final = b"\x1f\x8b"
_BUFFER: Final = 256 * 1024

UNREADABLE: Final = (OSError, EOFError, zlib.error)
"""What reading a broken file or a cut-off gzip raises."""


@dataclass(frozen=True, slots=True)
class Document:
    """One source. `url` is its address if it was fetched; `raw` is what `size` bytes are counted in."""

    origin: str
    stream: "io.BufferedReader[io.RawIOBase]"
    raw: io.RawIOBase
    size: int
    url: str | None = None

    def found(self, position: int, fields: Json) -> Found:
        return Found(self.origin, position, fields, self.raw.tell(), self.size)

    def unreadable(self, position: int, reason: str, raw: bytes = b"") -> Unreadable:
        return Unreadable(self.origin, position, reason, excerpt(raw), self.raw.tell(), self.size)

    def head(self) -> bytes:
        """The next bytes, some thousands, without moving on."""
        return self.stream.peek(1)

    def content(self) -> bytes:
        """All of it, for sources that cannot be read piece by piece. UnreadableSource past `LARGEST` bytes."""
        content = self.stream.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise UnreadableSource(f"too large: more than {LARGEST // 1_000_000} MB for one feed or page")
        return content


@contextmanager
def open_file(path: Path) -> Iterator[Document]:
    """Open a file, gzipped or not."""
    with path.open("rb", buffering=0) as raw:
        yield _document(raw, str(path), path.stat().st_size)


def of_content(content: bytes, url: str) -> Document:
    """The document of what was fetched from an address."""
    return _document(cast("io.RawIOBase", io.BytesIO(content)), url, len(content), url)


def _document(raw: io.RawIOBase, origin: str, size: int, url: str | None = None) -> Document:
    stream = io.BufferedReader(raw, _BUFFER)
    if stream.peek(len(_GZIP)).startswith(_GZIP):
        stream = io.BufferedReader(cast("io.RawIOBase", _Gunzip(fileobj=stream)), _BUFFER)
    return Document(origin, stream, raw, size, url)


class _Gunzip(gzip.GzipFile):
    """Hands on what it has: the inherited `readinto` fills its buffer, and forgets it all where a file breaks off."""

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        with memoryview(buffer) as view:
            data = self.read1(len(view))
            view[: len(data)] = data
        return len(data)
