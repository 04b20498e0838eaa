"""The worker's chore that puts every article into a story.

It follows the changes of the archive with a mark of its own. What it decides about a page of them is written as one
record before it is written into the articles: whoever takes over repeats the record and goes on, and so comes to the
same stories. What is in memory is read from the store and can be lost at any time.
"""

import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from threading import Event
from typing import Final, NamedTuple

from indexer.article import Article
from indexer.decisions.names import Names
from indexer.decisions.stories import Stories
from indexer.store.port import Changes, Store
from indexer.stories.evidence import Rarity
from indexer.stories.window import Memory
from indexer.worker import Chore

KIND: Final = "stories"
"""The records of how far this has got: one."""
PAGE: Final = 200
_PROGRESS: Final = "progress"
_PAUSE: Final = 0.5
_REST: Final = 0.1
"""On a walk through an archive, how long others have the store after each page."""
_SAY_EVERY: Final = 10_000

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Progress:
    """Up to which `mark` articles are in their stories, and how many were put there by then.

    `stories` are those of the articles of the next page, while they are being written; `upto` is the mark behind it.
    """

    mark: str | None = None
    articles: int = 0
    upto: str | None = None
    stories: dict[str, str] = field(default_factory=dict)


def group_chore(store: Store, names: Callable[[], Names], rarity: Rarity) -> Chore:
    """Put every article that comes into a story."""
    return Chore("stories", _PAUSE, Grouper(store, names, rarity).run)


def progress(store: Store) -> Progress:
    """How far it is. StoreError."""
    return Progress(**store.records(KIND).get(_PROGRESS, {}))


class _Kept(NamedTuple):
    """What is remembered from one page to the next: good for the changes after `mark`, under the same decisions."""

    mark: str | None
    decided: Stories
    memory: Memory


class Grouper:
    """Groups what is not grouped yet. `names` are those of now, `rarity` weighs words."""

    def __init__(self, store: Store, names: Callable[[], Names], rarity: Rarity) -> None:
        self._store = store
        self._names = names
        self._rarity = rarity
        self._kept: _Kept | None = None

    def run(self, stop: Event) -> None:
        """Put all articles that wait for it into their stories, unless `stop` is set before. StoreError."""
        done = progress(self._store)
        if done.stories:
            done = self._carry_out(done, self._names())
        while not stop.is_set():
            changes = self._store.changes(done.mark, PAGE)
            if not changes.items:
                return
            names = self._names()
            memory = self._memory(done.mark, names)
            decided = self._decide(memory, done, changes)
            done = self._carry_out(decided, names)
            self._kept = _Kept(done.mark, names.rulings.stories, memory)
            if decided.stories and len(changes.items) == PAGE:
                stop.wait(_REST)

    def _memory(self, mark: str | None, names: Names) -> Memory:
        """What is remembered; from now on nothing is, so that what fails half way is forgotten."""
        kept, self._kept = self._kept, None
        if kept and kept.mark == mark and kept.decided == names.rulings.stories:
            return kept.memory
        group = names.rulings.stories.group
        return Memory(self._store, self._rarity, lambda article: group(article.id, article.grouped))

    def _decide(self, memory: Memory, done: Progress, changes: Changes) -> Progress:
        """The stories of the articles that have none, decided in their order: of all, or as many as fit in memory."""
        memory.follow(changes.items)
        waiting = [change.article for change in changes.items if change.article and not change.article.grouped]
        stories = memory.assign(waiting)
        return replace(done, upto=changes.mark if len(stories) == len(waiting) else done.mark, stories=stories)

    def _carry_out(self, page: Progress, names: Names) -> Progress:
        """Write what was decided about a page into its articles; first of all it is noted, for whoever takes over."""
        if page.stories:
            self._note(page)
            self._store.revise(list(page.stories), lambda stored: _put(stored, page.stories[stored.id], names))
        done = Progress(page.upto, page.articles + len(page.stories))
        self._note(done)
        if done.articles // _SAY_EVERY > page.articles // _SAY_EVERY:
            _log.info("%s articles are in stories", f"{done.articles:,}")
        return done

    def _note(self, one: Progress) -> None:
        self._store.put_record(KIND, _PROGRESS, asdict(one))


def _put(article: Article, story: str, names: Names) -> Article:
    """The article in its story; as it is, where another worker was quicker."""
    if article.grouped:
        return article
    grouped = replace(article, grouped=story)
    return replace(grouped, story=names.story(grouped))
