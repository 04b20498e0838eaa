"""The index at one moment."""

from typing import NamedTuple

from tantivy import Searcher


class View(NamedTuple):
    """A searcher over a commit of a generation, which holds every change up to `change`, and perhaps more."""

    searcher: Searcher
    generation: str
    change: int
