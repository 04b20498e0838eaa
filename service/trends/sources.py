"""How far one source can go: nobody's volume decides alone.

Where a scope has several sources, the loudest of an item counts for at most twice the next. Ten thousand articles of
one publisher then weigh what two others' do, and what nobody else writes about weighs nothing.
"""

from typing import Final

import numpy as np

from service.trends.columns import Bools, Floats, Indices, Ints
from service.trends.scoring import HISTORY, Parameters
from service.trends.snapshot import View

_SEVERAL: Final = 3
_LOUDEST: Final = 2.0
_COPYING: Final = 0.75
_ROOM: Final = 2_000_000
"""The most pairs of an owner and a source that have a place each."""


def needed(view: View, parameters: Parameters) -> int:
    """From how many sources an item must be: as asked; else two, where the scope had three or more this week."""
    if parameters.min_sources is not None:
        return parameters.min_sources
    recent = view.within(parameters.section) & (view.snapshot.articles.ranked_at > view.now - HISTORY)
    return 2 if count_sources(view, np.flatnonzero(recent)) >= _SEVERAL else 1


def counted(by_source: Floats, least: int) -> Floats:
    """What each source counts for, along the last axis: where an item needs two, the loudest at most twice the next."""
    if least == 1:
        return by_source
    if by_source.shape[-1] == 1:
        return np.zeros_like(by_source)
    next_loudest = np.partition(by_source, -2, axis=-1)[..., -2:-1]
    return np.minimum(by_source, _LOUDEST * next_loudest)


def together(by_source: Floats) -> Floats:
    """What an item is worth, along the last axis: ten sources' articles are worth more than ten of one."""
    roots = np.sqrt(by_source)
    worth: Floats = (roots * np.sqrt(roots)).sum(axis=-1) ** (1 / _COPYING)  # x ** .75, ten times as fast
    return worth


def share_counted(by_source: Floats, least: int) -> Floats:
    """The part of all volume, along the last axis, that counts."""
    everything = by_source.sum(axis=-1)
    part: Floats = np.divide(
        counted(by_source, least).sum(axis=-1), everything, out=np.ones_like(everything), where=everything > 0
    )
    return part


def count_sources(view: View, articles: Indices) -> int:
    """How many sources articles come from; those that name none do not count."""
    present = np.bincount(view.snapshot.articles.source[articles], minlength=1) > 0
    return int(np.count_nonzero(present & named(view, np.arange(len(present)))))


def sources_of_each(view: View, articles: Indices, owners: Indices, number: int) -> Indices:
    """Of how many named sources the articles of each of a `number` of owners are."""
    groups, width = numbered(view, articles, owners, number)
    telling = named(view, view.snapshot.articles.source[articles])
    present = np.bincount(groups[telling], minlength=number * width) > 0
    counts: Indices = np.count_nonzero(present.reshape(number, width), axis=1)
    return counts


def numbered(view: View, articles: Indices, owners: Indices, number: int) -> tuple[Indices, int]:
    """A group for each pair of an owner and a source, `owner * width + place`, and the width.

    The place is that of the source among all. Where a table of a `number` of owners would be too large, it is that
    among the sources of the owner, which takes a sort.
    """
    known = view.snapshot.names.source_count
    pairs = owners * known + view.snapshot.articles.source[articles]
    if number * known <= _ROOM:
        return pairs, known
    different, which = np.unique(pairs, return_inverse=True)
    owning = different // known
    places = np.arange(len(different)) - np.searchsorted(owning, owning)
    width = int(places.max(initial=0)) + 1
    return (owning * width + places)[which], width


def named(view: View, sources: Ints) -> Bools:
    """Whether each of these numbers is that of a source with a name."""
    nobody = view.snapshot.names.sources.find(None)
    known: Bools = sources != (-1 if nobody is None else nobody)
    return known
