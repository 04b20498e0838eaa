"""Which story an article belongs to, given the grouped articles of the days around it. Pure.

An article joins a story if two of its articles (the only one, where there is but one) are so much like it that they are
probably about the same event; of several such stories a large one, so that what began as two stories does not stay so.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import accumulate
from math import log
from typing import Final

import numpy as np

from indexer.stories.comparing import Numbers, Places, Weights, likeness, shipped
from indexer.stories.evidence import Traits
from indexer.stories.members import REACH, Members
from indexer.times import DAY, Millis

_NEEDED: Final = 0.75
"""The logarithm of the odds at which an article joins."""
_WITNESSES: Final = 2
_SILENT: Final = -6.0
"""The odds that an article is taken to give which was not compared because it has too little in common."""
_SIZE: Final = 1.0
"""How much the logarithm of a story's size weighs where several stories are near enough."""


def days_around(moment: Millis) -> range:
    """The days, counted since 1970 UTC, that a window must hold to tell the story of an article of a moment."""
    return range((moment - REACH) // DAY, (moment + REACH) // DAY + 1)


class Window:
    """The grouped articles of some days. What it answers does not depend on the order in which they were added."""

    def __init__(self, weights: Weights | None = None) -> None:
        self.weights = weights or shipped()
        self.members = Members()

    def __len__(self) -> int:
        return len(self.members)

    def add(self, traits: Traits, story: str) -> None:
        """Take an article in with the story it was put into. One that is there already is replaced."""
        self.members.remove(traits.id)
        self.members.put(self.members.add(traits), story)

    def remove(self, article_id: str) -> None:
        """Take an article out, if it is there."""
        self.members.remove(article_id)

    def forget(self, day: int) -> None:
        """Take all articles of one day out."""
        for article_id in self.members.of_day(day):
            self.members.remove(article_id)


def assign(window: Window, page: Sequence[Traits], taken: Collection[str] = ()) -> list[str]:
    """The story of each article of a page, decided one after the other; its own id where it founds one.

    The window must hold the `days_around` each article, and has the articles in their stories afterwards. `taken` are
    ids that stories have, also beyond the window.
    """
    members = window.members
    for traits in page:
        members.remove(traits.id)
    pairs = [(members.near(traits), members.add(traits)) for traits in page]
    stories = []
    for traits, (near, place), scores in zip(page, pairs, _scores(window, pairs), strict=True):
        stories.append(_best(members, traits, _by_story(members, near, scores)) or _founded(members, traits, taken))
        members.put(place, stories[-1])
    return stories


def _founded(members: Members, traits: Traits, taken: Collection[str]) -> str:
    """The id of the article. Others are in a story of that id where it founded one, was deleted and came again: then
    with the time it is of.
    """
    return f"{traits.id}~{traits.at}" if traits.id in taken or members.has(traits.id) else traits.id


def _scores(window: Window, pairs: Sequence[tuple[Places, int]]) -> list[Numbers]:
    """How much each article is like each of those near it."""
    lengths = [len(near) for near, _ in pairs]
    others = np.concatenate([np.empty(0, np.int64), *(near for near, _ in pairs)])
    some = np.repeat(np.array([place for _, place in pairs], np.int64), lengths)
    scores = likeness(window.members.rows, some, others, window.weights)
    return [scores[end - length : end] for end, length in zip(accumulate(lengths), lengths, strict=True)]


def _by_story(members: Members, places: Places, scores: Numbers) -> dict[str, list[float]]:
    """The scores of the articles of each story, the highest first."""
    found: dict[str, list[float]] = defaultdict(list)
    for score, place in sorted(zip(scores.tolist(), places.tolist(), strict=True), reverse=True):
        if story := members.story(place):
            found[story].append(score)
    return found


def _best(members: Members, traits: Traits, found: Mapping[str, list[float]]) -> str | None:
    """The story to join, if any: the one with the most to say for it; of equals the one of the last id."""
    days = days_around(traits.at)
    near = {story: scores for story, scores in found.items() if scores[0] >= _NEEDED}
    sizes = {story: members.size(story, days) for story in near}
    joined = {story: _testimony(scores, sizes[story]) for story, scores in near.items()}
    weighed = [(score + _SIZE * log(sizes[story]), story) for story, score in joined.items() if score >= _NEEDED]
    return max(weighed)[1] if weighed else None


def _testimony(scores: Sequence[float], size: int) -> float:
    """What the articles of a story that are most like one say of it, on average."""
    heard = min(_WITNESSES, size)
    return sum([*scores, *[_SILENT] * heard][:heard]) / heard
