"""How items stood at every whole hour of the last two days: what their statuses are made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from indexer.times import HOUR, Millis
from nlp.mention import EntityType
from service.trends.columns import Floats, Indices, Int64s
from service.trends.scoring import DECIMALS, Level, Parameters, Status, surprise
from service.trends.snapshot import NEGLIGIBLE, Snapshot, View
from service.trends.sources import counted, numbered, share_counted
from service.trends.status import phase

HOURS: Final = 48


class Members(NamedTuple):
    """The articles of items, in any order, and of which item each is, as a place among a `number` of them."""

    articles: Indices
    owners: Indices
    number: int


def members_of(articles: Sequence[Indices]) -> Members:
    """The articles of one item after the other."""
    owners = np.repeat(np.arange(len(articles)), [len(one) for one in articles])
    return Members(np.concatenate([np.empty(0, np.intp), *articles]), owners, len(articles))


class _Asked(NamedTuple):
    """Articles of a section, or with `names` the names of a type in them."""

    half_life: Millis
    section: str | None
    kind: EntityType | None
    names: bool


class Standing(NamedTuple):
    """What an item is called, and since when."""

    status: Status
    since: Millis


@dataclass(frozen=True, slots=True)
class Levels:
    """What a scope had, and what was usual in it, at each of some moments."""

    moments: Int64s
    now: Floats
    usual: Floats


def levels(view: View, parameters: Parameters, level: Level, least: int, *, names: bool) -> Levels:
    """The level of a scope at each of the last whole hours, and now: of articles, or of all the `names` in them."""
    last = view.now - view.now % HOUR
    asked = _Asked(parameters.half_life, parameters.section, None, names)
    everybody = _hourly(view.snapshot, last, asked)
    fast = asked._replace(kind=parameters.type if names else None)
    slow = fast._replace(half_life=parameters.baseline_half_life)
    now, all_time = (_hourly(view.snapshot, last, one).sum(axis=1) for one in (fast, slow))
    return Levels(
        np.append(_hours(last), view.now),
        np.append(now * share_counted(everybody, least), level.now),
        np.append(np.maximum(all_time - now, 0), level.usual),
    )


def standings(
    view: View, parameters: Parameters, members: Members, scope: Levels, least: int, *, known: bool
) -> list[Standing]:
    """What to call each item: by its own articles, against the level of the scope."""
    by_source = sums_by_source(view, members, parameters.half_life, scope.moments)
    slow = sums(view, members, parameters.baseline_half_life, scope.moments)
    usual = np.maximum(slow - by_source.sum(axis=2), 0)
    share = np.divide(usual, scope.usual[:, None], out=np.zeros_like(usual), where=scope.usual[:, None] > 0)
    expected = np.round(share * scope.now[:, None], DECIMALS)
    z = np.round(surprise(counted(by_source, least).sum(axis=2), expected), DECIMALS)
    phases = [phase(z[:, item].tolist(), expected[:, item].tolist(), known=known) for item in range(members.number)]
    return [Standing(one.status, int(scope.moments[one.began])) for one in phases]


def sums_by_source(view: View, members: Members, half_life: Millis, moments: Int64s) -> Floats:
    """The decayed count of each item, per moment, item and source: each item's own sources, then nothing."""
    groups, width = numbered(view, members.articles, members.owners, members.number * len(moments))
    decayed = sums(view, Members(members.articles, groups, members.number * width), half_life, moments)
    return decayed.reshape(len(moments), members.number, width)


def _hourly(snapshot: Snapshot, last: Millis, asked: _Asked) -> Floats:
    """Per whole hour up to the last, and source, the decayed count of what is asked for."""
    return snapshot.hourly.recall(last, asked, lambda: _sum_hours(snapshot.at(last), asked))


def _sum_hours(view: View, asked: _Asked) -> Floats:
    lasting = view.is_recent(slice(None), int(NEGLIGIBLE * asked.half_life) + HOURS * HOUR)
    articles = np.flatnonzero(view.within(asked.section) & lasting)
    weights = _names_in(view, asked.kind)[articles] if asked.names else None
    sources = view.snapshot.articles.source[articles].astype(np.intp)
    members = Members(articles, sources, view.snapshot.names.source_count)
    return sums(view, members, asked.half_life, _hours(view.now), weights)


def _names_in(view: View, kind: EntityType | None) -> Floats:
    """Per article, how many entities of a type it names."""
    columns, rows = view.snapshot.articles, view.snapshot.rows
    if kind is None:
        return columns.rows.astype(np.float64)
    of_type = view.of_type(kind)[rows.entity]
    return np.bincount(rows.article[of_type], minlength=len(columns.rows)).astype(np.float64)


def _hours(last: Millis) -> Int64s:
    hours: Int64s = last - HOUR * np.arange(HOURS - 1, -1, -1, dtype=np.int64)
    return hours


def sums(view: View, members: Members, half_life: Millis, moments: Int64s, weights: Floats | None = None) -> Floats:
    """Per moment and item, the decayed count of its articles that had been seen; moments ascend up to the view's.

    Forward decay: each article enters at the first moment that it counts at, and from there on all age alike.
    """
    columns = view.snapshot.articles
    ages = view.now - columns.ranked_at[members.articles]
    lasting = np.flatnonzero(ages < NEGLIGIBLE * half_life + (view.now - moments[0]))
    heaps = np.exp2(ages[lasting] / -half_life) * (1.0 if weights is None else weights[lasting])
    places = members.owners[lasting] + _entering(columns.seen_at[members.articles[lasting]], moments) * members.number
    entered = np.bincount(places, heaps, len(moments) * members.number).reshape(len(moments), members.number)
    decayed: Floats = np.cumsum(entered, axis=0, dtype=np.float64) * np.exp2((view.now - moments) / half_life)[:, None]
    return decayed


def _entering(seen_at: Int64s, moments: Int64s) -> Indices:
    """The place of the first moment that each article had been seen at: for most, the first of all."""
    places = np.zeros(len(seen_at), np.intp)
    later = np.flatnonzero(seen_at > moments[0])
    places[later] = np.searchsorted(moments, seen_at[later])
    return places
