"""Which article stands for a story. Pure."""

from collections import Counter
from collections.abc import Collection, Hashable, Sequence
from itertools import chain
from typing import Final

from indexer.times import DAY, Millis

HALF_LIFE: Final = 2 * DAY
"""At which age, beside the newest of its story, an article must be twice as like the others to stand for it."""
ROUNDUP: Final = 0.25
"""How far an article that names much is held to be about less; chosen by reading the headlines of one day."""
READ: Final = 100
"""Of how many of its newest articles one is chosen to stand for a story."""


def representative(named: Sequence[Collection[Hashable]], ranked_at: Sequence[Millis]) -> int:
    """The place of the article whose names are most like those of the others; of two alike, the first.

    It is given by what each article names, so that lists of trends, which know no more, choose the same.
    """
    counts = Counter(chain.from_iterable(named))
    newest = max(ranked_at)

    def worth(place: int) -> float:
        names = named[place]
        likeness = sum(counts[name] - 1 for name in names) / len(names) ** ROUNDUP if names else 0.0
        age = (newest - ranked_at[place]) / HALF_LIFE
        return likeness / float(2**age)

    return max(range(len(named)), key=worth)
