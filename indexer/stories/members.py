"""The articles of a window: where the numbers of each are, which story it is in, and which articles share its words."""

from array import array
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.stories.evidence import ROW, Traits
from indexer.times import DAY, HOUR, Millis

REACH: Final[Millis] = 36 * HOUR
"""How far apart two articles can be that speak for being about one event."""
MOST: Final = 40
"""How many articles are compared with one: those that share the most of its heavy words."""

_MOST_OF_A_WORD: Final = 500
_WEIGHT_BITS: Final = 10
_WEIGHT: Final = (1 << _WEIGHT_BITS) - 1

Places = NDArray[np.int64]


class Members:
    """Articles, each at a place of `rows`. Which place that is depends on their order, and nothing else does."""

    def __init__(self) -> None:
        self.rows = np.zeros(1_024, ROW)
        self._free = list(range(len(self.rows)))[::-1]
        self._place: dict[str, int] = {}
        self._traits: dict[int, Traits] = {}
        self._story: dict[int, str] = {}
        self._sizes: dict[str, Counter[int]] = defaultdict(Counter)
        self._days: dict[int, dict[str, None]] = defaultdict(dict)
        self._posted: dict[int, _Posted] = defaultdict(_Posted)

    def __len__(self) -> int:
        return len(self._place)

    def add(self, traits: Traits) -> int:
        """Take in an article that is not there, without a story; its place."""
        place = self._free_place()
        self.rows[place] = np.frombuffer(traits.row, ROW)[0]
        self._place[traits.id], self._traits[place] = place, traits
        self._days[traits.at // DAY][traits.id] = None
        for word, weight in traits.heavy:
            self._posted[word].add(traits.at, _packed(place, weight))
        return place

    def put(self, place: int, story: str) -> None:
        """Put an article that has none into a story."""
        self._story[place] = story
        self._sizes[story][self._traits[place].at // DAY] += 1

    def remove(self, article_id: str) -> None:
        """Take an article out, if it is there."""
        place = self._place.pop(article_id, None)
        if place is None:
            return
        traits = self._traits.pop(place)
        self._leave(self._story.pop(place, None), traits.at // DAY)
        del self._days[traits.at // DAY][article_id]
        for word, weight in traits.heavy:
            self._posted[word].remove(traits.at, _packed(place, weight))
            if not self._posted[word].times:
                del self._posted[word]
        self._free.append(place)

    def of_day(self, day: int) -> list[str]:
        return list(self._days.get(day, ()))

    def story(self, place: int) -> str | None:
        return self._story.get(place)

    def has(self, story: str) -> bool:
        """Whether any article is in a story."""
        return story in self._sizes

    def size(self, story: str, days: Iterable[int]) -> int:
        """How many articles of some days are in a story."""
        return sum(map(self._sizes[story].__getitem__, days))

    def near(self, traits: Traits) -> Places:
        """The places of the articles within reach that share the most of the heavy words of an article."""
        found = [
            (weight, self._posted[word].within(traits.at)) for word, weight in traits.heavy if word in self._posted
        ]
        if not found:
            return np.empty(0, np.int64)
        packed = np.concatenate([posted for _, posted in found])
        shares = (packed & _WEIGHT) * np.repeat([weight for weight, _ in found], [len(posted) for _, posted in found])
        totals = np.bincount(packed >> _WEIGHT_BITS, shares).astype(np.int64)
        return self._highest(totals, np.flatnonzero(totals))

    def _highest(self, totals: NDArray[np.int64], places: Places) -> Places:
        if len(places) <= MOST:
            return places
        shares = totals[places]
        places = places[shares >= np.partition(shares, -MOST)[-MOST]]
        if len(places) <= MOST:
            return places
        rows = self.rows[places]
        return places[np.lexsort((rows["id"], -rows["at"], -totals[places]))[:MOST]]

    def _leave(self, story: str | None, day: int) -> None:
        if story is None:
            return
        self._sizes[story][day] -= 1
        if not self._sizes[story].total():
            del self._sizes[story]

    def _free_place(self) -> int:
        if not self._free:
            self._free = list(range(len(self.rows), 2 * len(self.rows)))[::-1]
            self.rows = np.concatenate([self.rows, np.zeros_like(self.rows)])
        return self._free.pop()


class _Posted:
    """The articles that have a word, in the order of their times."""

    __slots__ = ("packed", "times")

    def __init__(self) -> None:
        self.times = array("q")
        self.packed = array("q")

    def add(self, at: Millis, packed: int) -> None:
        index = bisect_right(self.times, at)
        self.times.insert(index, at)
        self.packed.insert(index, packed)

    def remove(self, at: Millis, packed: int) -> None:
        index = self.packed.index(packed, bisect_left(self.times, at))
        del self.times[index], self.packed[index]

    def within(self, at: Millis) -> Places:
        """The articles within reach; of very many the latest, with all those of the same moment."""
        start, end = bisect_left(self.times, at - REACH), bisect_right(self.times, at + REACH)
        if end - start > _MOST_OF_A_WORD:
            start = bisect_left(self.times, self.times[end - _MOST_OF_A_WORD])
        return np.array(self.packed[start:end], np.int64)


def _packed(place: int, weight: int) -> int:
    return place << _WEIGHT_BITS | weight
