"""The folder of the text index: one folder per generation, and a small file that says which one counts.

`current.json` is replaced by an atomic rename after every commit. It may say less than the index holds, never more,
and taking in a change twice does no harm.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from shutil import rmtree
from uuid import UUID, uuid4

import tantivy

from indexer.store.embedded.failures import index_in_words
from indexer.store.embedded.lease import attempt
from indexer.store.embedded.schema import Fields
from indexer.store.port import Json

Signature = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Mark:
    """An index on disk: the folder of its generation, and what it was made from.

    It has taken in the articles as they were at the moment of the change `complete`, and of a later moment those
    whose last change is not above `change`.
    """

    generation: str
    store: str
    fingerprint: str
    change: int = 0
    complete: int = 0

    def fits(self, store: str, fingerprint: str, newest: int) -> bool:
        """Whether it was made from this store, whose last change is `newest`, and in this way."""
        return (self.store, self.fingerprint) == (store, fingerprint) and self.change <= newest

    def moved(self, change: int, *, complete: bool) -> "Mark":
        """The mark of the same index when it has taken in the changes up to one, `complete` if there were no more."""
        return replace(self, change=change, complete=change if complete else self.complete)


class IndexFolder:
    """`index/` beside the SQLite file."""

    def __init__(self, path: Path, fields: Fields) -> None:
        self._path = path
        self._current = path / "current.json"
        self._lock = path / "writer.lock"
        self._fields = fields
        self.damaged: str | None = None
        """The generation that this process could not use."""

    @contextmanager
    def writing(self) -> Iterator[bool]:
        """Be the one writer of all generations; False while another thread or process is."""
        self._path.mkdir(parents=True, exist_ok=True)
        with attempt(self._lock) as held:
            yield held

    def signature(self) -> Signature | None:
        """Something else after every `put`; None where there is no index."""
        try:
            status = self._current.stat()
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns, status.st_size

    def heartbeat(self) -> int:
        """Something else after every sign of life of the writer."""
        try:
            return self._lock.stat().st_mtime_ns
        except OSError:
            return 0

    def beat(self) -> None:
        """Give a sign of life."""
        os.utime(self._lock)

    def mark(self) -> Mark | None:
        """The index that counts, None if there is none or the file cannot be read."""
        try:
            mark = Mark(**json.loads(self._current.read_bytes()))
        except (OSError, ValueError, TypeError):
            return None
        return mark if (self._path / mark.generation / "meta.json").exists() else None

    def put(self, mark: Mark) -> None:
        """Make an index the one that counts."""
        draft = self._current.with_suffix(".draft")
        with draft.open("w", encoding="utf-8") as file:
            json.dump(asdict(mark), file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._current)

    @index_in_words()
    def create(self) -> tuple[str, tantivy.Index]:
        """An empty index in a generation of its own, which does not count yet."""
        generation = uuid4().hex[:12]
        folder = self._path / generation
        folder.mkdir()
        return generation, self._fields.register(tantivy.Index(self._fields.schema, str(folder)))

    @index_in_words()
    def open(self, generation: str) -> tantivy.Index:
        """Open an index with all its files. IndexUnusable if it is damaged."""
        index = self._fields.register(tantivy.Index(self._fields.schema, str(self._path / generation)))
        index.config_reader("manual")
        index.reload()
        return index

    def discard_unfinished(self, generation: str) -> None:
        """Remove what a writer killed inside a commit left: the next commit would want the same names.

        Only for who is `writing`. Segments have random names; the lists of their deleted articles are numbered.
        """
        folder = self._path / generation
        with index_in_words():
            segments = json.loads((folder / "meta.json").read_bytes())["segments"]
        counted = {_deletions(segment) for segment in segments}
        for path in folder.glob("*.del"):
            if path.name not in counted:
                path.unlink(missing_ok=True)

    def sweep(self) -> None:
        """Remove the generations that do not count. Who has one open keeps it until it is let go."""
        mark = self.mark()
        for folder in self._path.iterdir():
            if folder.is_dir() and mark and folder.name != mark.generation:
                rmtree(folder, ignore_errors=True)


def _deletions(segment: Json) -> str | None:
    """The file that lists the deleted articles of a segment, by what `meta.json` says of it."""
    deletes = segment.get("deletes")
    return f"{UUID(segment['segment_id']).hex}.{deletes['opstamp']}.del" if deletes else None
