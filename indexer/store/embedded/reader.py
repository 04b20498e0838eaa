"""The index as searches see it: reloaded when its mark has moved."""

from threading import Lock

import tantivy

from indexer.errors import StoreUnavailable
from indexer.store.embedded import pages
from indexer.store.embedded.failures import IndexUnusable, speaking
from indexer.store.embedded.folder import IndexFolder, Mark, Signature
from indexer.store.embedded.ledger import Ledger
from indexer.store.embedded.schema import Fields
from indexer.store.embedded.view import View
from indexer.times import Millis


class Reader:
    """Hands out views, each of one moment of the index. An index once opened serves until the next is ready."""

    def __init__(self, ledger: Ledger, folder: IndexFolder, fields: Fields) -> None:
        self._ledger = ledger
        self._folder = folder
        self._fields = fields
        self._index: tantivy.Index | None = None
        self._view: View | None = None
        self._seen: Signature | None = None
        self._newest: tuple[View, Millis | None] | None = None
        self._lock = Lock()

    def view(self) -> View:
        """What was committed last. StoreUnavailable while there is no index yet."""
        with self._lock:
            signature = self._folder.signature()
            if signature != self._seen or self._view is None:
                self._reload()
                self._seen = signature
            if self._view is None:
                raise StoreUnavailable("The text index is not ready: it is being made.")
            return self._view

    def newest_arrival(self) -> Millis | None:
        """The latest `seen_at` of the articles in the index: looked for once after each commit."""
        view, known = self.view(), self._newest
        if known is None or known[0] is not view:
            known = self._newest = view, pages.newest_arrival(view.searcher)
        return known[1]

    def _reload(self) -> None:
        mark = self._folder.mark()
        newest = self._ledger.last_change()
        if mark is None or not mark.fits(self._ledger.uid(), self._fields.fingerprint, newest):
            return
        try:
            self._view = self._load(mark)
        except IndexUnusable as error:
            latest = self._folder.mark()
            if latest and latest.generation != mark.generation:
                self._reload()
            elif self._view is None:
                self._folder.damaged = mark.generation
                raise StoreUnavailable(
                    f"The text index cannot be read, and is made afresh: {error.__cause__}."
                ) from error

    def _load(self, mark: Mark) -> View:
        if self._index is not None and self._view is not None and mark.generation == self._view.generation:
            speaking(self._index).reload()
        else:
            self._index = self._folder.open(mark.generation)
        return View(speaking(speaking(self._index).searcher()), mark.generation, mark.change)
