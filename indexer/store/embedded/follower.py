"""Keeps the text index up to date with the ledger, and makes it afresh when it cannot be used."""

import ctypes
import logging
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import Final

import tantivy

from indexer.errors import StoreUnavailable
from indexer.store.embedded.failures import index_in_words
from indexer.store.embedded.folder import IndexFolder, Mark
from indexer.store.embedded.ledger import Ledger
from indexer.store.embedded.schema import Fields

HEAP: Final = 64_000_000
"""Bytes that new segments may fill in memory."""
THREADS: Final = 2
COMMIT_EVERY: Final = 20_000
"""Changes between two commits of a long backlog, so that waiting readers see it move."""

_log = logging.getLogger(__name__)


class Follower:
    """One process at a time writes the index, whichever comes first; the others wait for it or do without."""

    def __init__(self, ledger: Ledger, folder: IndexFolder, fields: Fields, patience: float) -> None:
        self._ledger = ledger
        self._folder = folder
        self._fields = fields
        self._patience = patience
        self._verified: str | None = None

    @index_in_words()
    def catch_up(self) -> int:
        """Take in the changes there are now; 0 also when someone else is at it."""
        with self._folder.writing() as alone:
            return self._follow() if alone else 0

    @index_in_words()
    def rebuild(self) -> None:
        """Make the index afresh and swap it in; waits for whoever is writing it."""
        waiting = _Patience(self._folder, self._patience)
        while True:
            with self._folder.writing() as alone:
                if alone:
                    self._build()
                    return
            waiting.wait()

    def behind(self) -> int:
        mark = self._mark()
        return self._ledger.count_changes(mark.change if mark else 0)

    def refresh(self) -> None:
        """Return when everything in the ledger now is in the index, whoever puts it there."""
        target = self._ledger.last_change()
        waiting = _Patience(self._folder, self._patience)
        while not self._includes(target):
            if not self.catch_up():
                waiting.wait()

    def _includes(self, change: int) -> bool:
        mark = self._mark()
        return mark is not None and mark.complete >= change

    def _mark(self) -> Mark | None:
        """What the index has taken in; None if it must be made afresh."""
        mark = self._folder.mark()
        if mark is None or mark.generation == self._folder.damaged:
            return None
        newest = self._ledger.last_change()
        return mark if mark.fits(self._ledger.uid(), self._fields.fingerprint, newest) else None

    def _follow(self) -> int:
        mark = self._mark()
        if mark is None:
            return self._build()
        if mark.complete == self._ledger.last_change() and mark.generation == self._verified:
            return 0
        try:
            return self._feed_if_behind(mark)
        except (ValueError, OSError) as error:
            _log.warning("The text index is damaged: %s", error)
            return self._build()

    def _feed_if_behind(self, mark: Mark) -> int:
        index = self._folder.open(mark.generation)
        if mark.generation != self._verified:
            self._folder.sweep()  # a writer that was killed may have left half an index
        self._verified = mark.generation
        if mark.complete == self._ledger.last_change():
            return 0
        self._folder.discard_unfinished(mark.generation)
        return self._feed(index, mark)

    def _feed(self, index: tantivy.Index, mark: Mark) -> int:
        taken = 0
        with self._writer(index, mark) as writer, closing(self._ledger.stream(mark.change)) as rows:
            for taken, row in enumerate(rows, 1):
                writer.delete_documents_by_term("id", row.id)
                if row.document is not None:
                    writer.add_json(row.document.decode())
                mark = replace(mark, change=row.change)
                if taken % COMMIT_EVERY == 0:
                    self._commit(writer, mark)
            self._commit(writer, replace(mark, complete=mark.change))
        return taken

    def _build(self) -> int:
        """Like `_feed`, into an empty index aside, which counts only when it is whole."""
        if total := self._ledger.last_change():
            _log.warning("Building the text index afresh from up to %s articles", total)
        taken = 0
        try:
            generation, index = self._folder.create()
            mark = Mark(generation, self._ledger.uid(), self._fields.fingerprint)
            with self._writer(index, mark) as writer, closing(self._ledger.stream(0)) as rows:
                for taken, row in enumerate(rows, 1):
                    if row.document is not None:
                        writer.add_json(row.document.decode())
                    mark = replace(mark, change=row.change, complete=row.change)
                    if taken % COMMIT_EVERY == 0:
                        self._folder.beat()
                self._commit(writer, mark)
            self._verified = generation
        finally:
            self._folder.sweep()
        return taken

    def _commit(self, writer: tantivy.IndexWriter, mark: Mark) -> None:
        writer.commit()
        self._folder.put(mark)
        self._folder.beat()

    @contextmanager
    def _writer(self, index: tantivy.Index, mark: Mark) -> Iterator[tantivy.IndexWriter]:
        """A writer that is gone, with its merges done, at the end. An index that it fails on is made afresh next."""
        try:
            writer = index.writer(HEAP, THREADS)
            try:
                yield writer
            finally:
                writer.wait_merging_threads()
                _give_memory_back()
        except (ValueError, OSError):
            self._folder.damaged = mark.generation
            raise


def _give_memory_back() -> None:
    """To the system, what a writer and its merges have freed: glibc keeps it, a bit more with each, per thread."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim:
        trim(0)


class _Patience:
    """Waits in short steps for as long as the writer of an index gives signs of life."""

    def __init__(self, folder: IndexFolder, seconds: float) -> None:
        self._folder = folder
        self._seconds = seconds
        self._beat = folder.heartbeat()
        self._deadline = time.monotonic() + seconds

    def wait(self) -> None:
        """StoreUnavailable after `seconds` without one."""
        beat = self._folder.heartbeat()
        if beat != self._beat:
            self._beat, self._deadline = beat, time.monotonic() + self._seconds
        if time.monotonic() > self._deadline:
            raise StoreUnavailable(f"The process that writes the text index has not moved for {self._seconds:g} s.")
        time.sleep(0.01)
