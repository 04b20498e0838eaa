"""The grouped articles of some days, read from the store and kept while they are needed."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from indexer.article import Article
from indexer.store.port import Change, Position, Request, Selection, Store
from indexer.stories.evidence import OPENING, Rarity, traits_of
from indexer.stories.grouping import Window, assign, days_around
from indexer.times import DAY

MOST: Final = 30_000
"""How many articles are kept, unless the days that are needed have more."""
_DAYS: Final = 30
"""How many days are read at once at the most, unless one article needs more."""
_PAGE: Final = 500


class Memory:
    """A window over the days that were needed last. `story` says in which story others join an article.

    Of each day it is known which articles are in the window, by digests of what was read of them.
    """

    def __init__(self, store: Store, rarity: Rarity, story: Callable[[Article], str]) -> None:
        self._window = Window()
        self._store = store
        self._rarity = rarity
        self._story = story
        self._days: dict[int, dict[str, int]] = {}
        self._written: set[int] | None = None

    def assign(self, waiting: Sequence[Article]) -> dict[str, str]:
        """The stories of some articles, decided one after the other, which are in the window from now on. StoreError.

        Of all, or of the first, as many as do not need too many days that are not there.
        """
        page, days = _first(waiting, self._days.keys())
        if not page:
            return {}
        self._hold(days)
        traits = [traits_of(article, self._rarity) for article in page]
        stories = assign(self._window, traits, _taken(self._store, page))
        for article, story in zip(page, stories, strict=True):
            self._days[_day(article)][article.id] = _digest(article, story)
        self._written = (self._written or set()).union(map(_day, page))
        return {article.id: story for article, story in zip(page, stories, strict=True)}

    def follow(self, changes: Iterable[Change]) -> None:
        """Take in what became of articles."""
        for change in changes:
            if change.article and change.article.grouped:
                self._add(change.article)
            else:
                self._remove(change.id)

    def _add(self, article: Article) -> None:
        """Have an article in the window, if its day is; at no cost if it is there as it is."""
        known, story = self._days.get(_day(article)), self._story(article)
        if known is None or known.get(article.id) == _digest(article, story):
            return
        known[article.id] = _digest(article, story)
        self._window.add(traits_of(article, self._rarity), story)

    def _remove(self, article_id: str) -> None:
        self._window.remove(article_id)
        for known in self._days.values():
            known.pop(article_id, None)

    def _hold(self, wanted: set[int]) -> None:
        """Have these days in the window, and forget others that were not needed lately."""
        missing = sorted(wanted - self._days.keys())
        self._make_findable(missing)
        for day in missing:
            self._days[day] = {}
            for article in _of_day(self._store, day):
                if article.grouped:
                    self._add(article)
        for day in sorted(wanted):
            self._days[day] = self._days.pop(day)
        self._forget_all_but(wanted)

    def _make_findable(self, days: Iterable[int]) -> None:
        """Let the store find all that was put into days that are about to be read; the first time, into any."""
        if self._written is None or not self._written.isdisjoint(days):
            self._store.refresh()
            self._written = set()

    def _forget_all_but(self, wanted: set[int]) -> None:
        """Forget the days that were needed the longest time ago, as long as there is too much."""
        for day in [day for day in self._days if day not in wanted]:
            if len(self._window) <= MOST:
                return
            self._window.forget(day)
            del self._days[day]


def _first(waiting: Iterable[Article], held: Iterable[int]) -> tuple[list[Article], set[int]]:
    """The first of some articles, as many as do not need too many days that are not held, and all days they need."""
    page, days = list[Article](), set[int]()
    for article in waiting:
        needed = days.union(days_around(article.ranked_at))
        if page and len(needed.difference(held)) > _DAYS:
            break
        page.append(article)
        days = needed
    return page, days


def _of_day(store: Store, day: int) -> Iterator[Article]:
    selection = Selection(start=day * DAY, end=(day + 1) * DAY)
    after: Position | None = None
    while hits := store.search(Request(selection, sort="oldest", size=_PAGE, after=after)).hits:
        yield from (hit.article for hit in hits)
        after = Position(*hits[-1].article.order)


def _taken(store: Store, page: Iterable[Article]) -> set[str]:
    """Which of the ids of some articles in no story are those of stories."""
    left, taken = {article.id for article in page}, set[str]()
    while left and (hits := store.search(Request(Selection(filters={"story": tuple(sorted(left))}), size=_PAGE)).hits):
        taken |= {hit.article.story for hit in hits}
        left -= taken
    return taken


def _day(article: Article) -> int:
    return article.ranked_at // DAY


def _digest(article: Article, story: str) -> int:
    """Another number, in all likelihood, for anything else that grouping reads of an article, good in this process."""
    opening = (article.summary or article.body)[:OPENING]
    names = tuple(entity.id for entity in article.entities)
    return hash((article.ranked_at, article.source, article.title, opening, article.vector, names, story))
