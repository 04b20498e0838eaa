"""The index as searches see it: reloaded when its mark has moved."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

import tantivy

from indexer.errors import StoreUnavailable
from indexer.store.embedded.failures import index_in_words
from indexer.store.embedded.folder import IndexFolder, Signature
from indexer.store.embedded.ledger import Ledger
from indexer.store.embedded.schema import Fields


class Reader:
    """Hands out searchers, each over one moment of the index. An index once opened serves until the next is ready."""

    def __init__(self, ledger: Ledger, folder: IndexFolder, fields: Fields) -> None:
        self._ledger = ledger
        self._folder = folder
        self._fields = fields
        self._index: tantivy.Index | None = None
        self._generation: str | None = None
        self._seen: Signature | None = None
        self._lock = Lock()

    @contextmanager
    def searching(self) -> Iterator[tantivy.Searcher]:
        """A searcher over what was committed last. StoreUnavailable while there is no index yet."""
        with index_in_words():
            yield self._latest().searcher()

    def _latest(self) -> tantivy.Index:
        with self._lock:
            signature = self._folder.signature()
            if signature != self._seen or self._index is None:
                self._reload()
                self._seen = signature
            if self._index is None:
                raise StoreUnavailable("The text index is not ready: it is being made.")
            return self._index

    def _reload(self) -> None:
        mark = self._folder.mark()
        newest = self._ledger.last_change()
        if mark is None or not mark.fits(self._ledger.uid(), self._fields.fingerprint, newest):
            return
        try:
            self._load(mark.generation)
        except (ValueError, OSError) as error:
            latest = self._folder.mark()
            if latest and latest.generation != mark.generation:
                self._reload()
            elif self._index is None:
                self._folder.damaged = mark.generation
                raise StoreUnavailable(f"The text index cannot be read, and is made afresh: {error}.") from error

    def _load(self, generation: str) -> None:
        if self._index is not None and generation == self._generation:
            self._index.reload()
        else:
            self._index, self._generation = self._folder.open(generation), generation
