"""Keeps the text index up to date with the ledger, and makes it afresh when it cannot be used."""

import ctypes
import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from itertools import chain, islice
from typing import Final

import tantivy

from indexer.errors import StoreUnavailable
from indexer.store.embedded.failures import IndexUnusable, folder_in_words, speaking
from indexer.store.embedded.folder import IndexFolder, Mark
from indexer.store.embedded.ledger import Ledger, Row
from indexer.store.embedded.schema import Fields

HEAP: Final = 64_000_000
"""Bytes that new segments may fill in memory: seldom reached, for a part of articles that are longer than usual."""
THREADS: Final = 2
COMMIT_EVERY: Final = 5_000
"""Changes between two commits of a long backlog, so that waiting readers see it move and memory stays bounded."""

_log = logging.getLogger(__name__)


class Follower:
    """One process at a time writes the index, whichever comes first; the others wait for it or do without."""

    def __init__(self, ledger: Ledger, folder: IndexFolder, fields: Fields, patience: float) -> None:
        self._ledger = ledger
        self._folder = folder
        self._fields = fields
        self._patience = patience
        self._verified: str | None = None

    @folder_in_words()
    def catch_up(self) -> int:
        """Take in the changes there are now; 0 also when someone else is at it."""
        with self._folder.writing() as alone:
            return self._follow() if alone else 0

    @folder_in_words()
    def rebuild(self) -> None:
        """Make the index afresh and swap it in; waits for whoever is writing it."""
        self._ledger.last_change()  # raises where there is no store: then no folder is made
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
        except IndexUnusable as error:
            _log.warning("The text index is damaged: %s", error.__cause__)
            return self._build()

    def _feed_if_behind(self, mark: Mark) -> int:
        index = self._folder.open(mark.generation)
        if mark.generation != self._verified:
            self._folder.sweep()  # a writer that was killed may have left half an index
        self._verified = mark.generation
        return 0 if mark.complete == self._ledger.last_change() else self._feed(index, mark)

    def _feed(self, index: tantivy.Index, mark: Mark) -> int:
        self._folder.discard_unfinished(mark.generation)
        return self._take_in(index, mark, self._folder.put)

    def _build(self) -> int:
        """Like `_feed`, into an index aside, which counts when it holds all that the old one has taken in by then."""
        if total := self._ledger.last_change():
            _log.warning("Building the text index afresh from up to %s articles", total)
        try:
            generation, index = self._folder.create()
            built = Mark(generation, self._ledger.uid(), self._fields.fingerprint)

            def put_aside(mark: Mark) -> None:
                nonlocal built
                built = mark
                if mark.complete < mark.change:
                    self._feed_the_old()

            taken = self._take_in(index, built, put_aside)
            while self._is_ahead_of(built):
                taken += self._take_in(index, built, put_aside)
            self._folder.put(built)
            self._verified = generation
        finally:
            self._folder.sweep()
        return taken

    def _feed_the_old(self) -> None:
        """Let what is written be found while an index is built aside, which can take minutes."""
        mark = self._mark()
        if mark and mark.complete < self._ledger.last_change():
            with suppress(IndexUnusable):  # then there is nothing to keep fresh
                self._feed(self._folder.open(mark.generation), mark)

    def _is_ahead_of(self, built: Mark) -> bool:
        mark = self._mark()
        return mark is not None and mark.change > built.change

    def _take_in(self, index: tantivy.Index, mark: Mark, put: Callable[[Mark], None]) -> int:
        """Add the changes after a mark, and `put` the mark where each part of them that is committed leaves it."""
        taken = 0
        opened = speaking(index)
        opened.reload()
        known = speaking(opened.searcher())
        with closing(self._ledger.stream(mark.change)) as rows:
            ahead = next(rows, None)
            while ahead:
                with self._writer(index, mark) as writer:
                    part = chain([ahead], islice(rows, COMMIT_EVERY - 1))
                    number, change = self._add(writer, known, part)
                    ahead = next(rows, None)
                    mark = mark.moved(change, complete=ahead is None)
                    writer.commit()
                    put(mark)
                    self._folder.beat()
                taken += number
        if not taken:
            put(mark.moved(mark.change, complete=True))
        return taken

    def _add(self, writer: tantivy.IndexWriter, known: tantivy.Searcher, rows: Iterable[Row]) -> tuple[int, int]:
        """Add the newest form of some articles; how many they were, and the last change.

        `known` is the index before the first of them. An article comes once among the rows, so what is not in there
        needs no deletion, which would cost time and memory.
        """
        taken = change = 0
        for row in rows:
            if known.doc_freq("id", row.id):
                writer.delete_documents_by_term("id", row.id)
            if row.document is not None:
                writer.add_json(self._fields.indexed(row.document))
            taken, change = taken + 1, row.change
        return taken, change

    @contextmanager
    def _writer(self, index: tantivy.Index, mark: Mark) -> Iterator[tantivy.IndexWriter]:
        """A writer that is gone, with its merges done, at the end. An index that it fails on is made afresh next."""
        try:
            writer = speaking(speaking(index).writer(HEAP, THREADS))
            # Tantivy numbers the first operation like the last commit. A merge that a killed writer has left undone
            # takes that for done, and may lose it: so the first one deletes nothing.
            writer.delete_documents_by_query(tantivy.Query.empty_query())
            try:
                yield writer
            finally:
                writer.wait_merging_threads()
                _give_memory_back()
        except IndexUnusable:
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
