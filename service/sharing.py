"""One extraction for all threads of a service."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from threading import Lock

from indexer.errors import NamesUnavailable
from indexer.extraction import Extraction, Mentions
from nlp.errors import ModelUnavailable
from nlp.mention import Text


class Shared:
    """An `indexer.extraction.Extraction` that any number of threads may use, and that reads no model for no text.

    `name_of` gives the name of the extraction without loading it. ModelUnavailable if there is nothing to load.
    """

    def __init__(self, extraction: Extraction, name_of: Callable[[], str]) -> None:
        self._extraction = extraction
        self._name_of = name_of
        self._lock = Lock()

    @property
    def name(self) -> str:
        try:
            return self._name_of()
        except ModelUnavailable as error:
            raise NamesUnavailable(str(error)) from error

    @property
    def depth(self) -> int:
        return self._extraction.depth

    def submit(self, texts: Sequence[Text]) -> Future[list[Mentions]]:
        if texts:
            with self._lock:
                return self._extraction.submit(texts)
        nothing: Future[list[Mentions]] = Future()
        nothing.set_result([])
        return nothing

    def close(self) -> None:
        self._extraction.close()
