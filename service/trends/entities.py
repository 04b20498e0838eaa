"""The entities that matter now, and why."""

from collections.abc import Sequence
from itertools import chain
from typing import Final, NamedTuple, TypedDict

import numpy as np

from indexer.times import Millis
from service.trends.columns import Floats, Indices
from service.trends.diversity import Placed, cosine, diversify
from service.trends.evidence import SHOWN, evidence
from service.trends.info import EntityInfo, info_of
from service.trends.items import TrendingEntity
from service.trends.scope import Scope, score_scope
from service.trends.scoring import Parameters, Scores, best, explain, listed
from service.trends.snapshot import Snapshot
from service.trends.sources import count_sources, sources_of_each

ALGORITHM: Final = "decayed-excess/3"
SPARE: Final = 30
"""How many more than asked for are looked at, for something that is not like the others."""

_FACTOR: Final = 4


class _Facts(TypedDict):
    entity: EntityInfo
    articles: int
    sources: int
    first_seen: Millis
    evidence: tuple[str, ...]


class _Pool(NamedTuple):
    """Entities by their places in the scope, best first, with their scores and all their rows that count."""

    places: Indices
    scores: Scores
    rows: Sequence[Indices]


def trending_entities(snapshot: Snapshot, parameters: Parameters, now: Millis) -> tuple[TrendingEntity, ...]:
    """The entities that matter most at `now`, best first but for their diversity; ties by id."""
    scope = score_scope(snapshot.at(now), parameters)
    pool = _best(scope, parameters.limit + (SPARE if parameters.diversity else 0))
    likeness = _likeness(scope, pool) if parameters.diversity else np.zeros((len(pool.rows), len(pool.rows)))
    return _items(scope, pool, diversify(pool.scores.score, likeness, parameters.diversity, parameters.limit))


def entity_item(snapshot: Snapshot, parameters: Parameters, now: Millis, entity_id: str) -> TrendingEntity | None:
    """How one entity stands, be it in the list or not; None if it is hardly named now."""
    scope = score_scope(snapshot.at(now), parameters)
    place = scope.place(entity_id)
    if place is None:
        return None
    places = np.array([place])
    rows = scope.view.rows_of_each(scope.entities[places])
    (item,) = _items(scope, _Pool(places, scope.limited(places, scope.naming(rows)), rows), [Placed(0, None)])
    return item


def latest_entities(snapshot: Snapshot, parameters: Parameters, now: Millis) -> tuple[TrendingEntity, ...]:
    """The entities of the newest articles that name any, in their order; within one article by id."""
    scope = score_scope(snapshot.at(now), parameters, floor=0.0)
    naming = np.flatnonzero(scope.articles & (snapshot.articles.rows > 0))
    places, number = list[int](), parameters.limit
    while len(places) < parameters.limit and number < _FACTOR * max(len(naming), parameters.limit):
        number *= _FACTOR
        places = _named(scope, scope.view.newest(naming, number))[: parameters.limit]
    found = np.array(places, np.intp)
    return _items(
        scope, _pool(scope, found, scope.scores.at(found)), [Placed(item, None) for item in range(len(places))]
    )


def _named(scope: Scope, articles: Indices) -> list[int]:
    """The places of what articles name and the scope holds, in their order."""
    snapshot, ids = scope.view.snapshot, scope.view.snapshot.names.entities.values
    named = (
        sorted(ids[entity] for entity in snapshot.rows.entity[snapshot.rows_of_articles(np.array([article]))])
        for article in articles
    )
    places = (scope.place(entity_id) for entity_id in dict.fromkeys(chain.from_iterable(named)))
    return [place for place in places if place is not None]


def _best(scope: Scope, number: int) -> _Pool:
    """The best entities that a list may hold.

    Limiting a source only takes away. So those are looked at that are best without it, until none of the others could
    come before the last of these.
    """
    allowed = listed(scope.scores, scope.parameters.novelty)
    considered = number if scope.least == 1 else 2 * number
    while True:
        first = allowed[_best_of(scope, allowed, scope.scores.at(allowed), considered + 1)]
        if scope.least == 1:
            return _pool(scope, first[:number], scope.scores.at(first[:number]))
        places, scores = _limited(scope, first[:considered], number)
        if len(first) <= considered or (len(places) == number and scores.score[-1] > scope.scores.score[first[-1]]):
            return _pool(scope, places, scores)
        considered *= _FACTOR


def _pool(scope: Scope, places: Indices, scores: Scores) -> _Pool:
    return _Pool(places, scores, scope.view.rows_of_each(scope.entities[places]))


def _limited(scope: Scope, places: Indices, number: int) -> tuple[Indices, Scores]:
    """The best of some entities that are from enough sources, when no source's volume decides alone."""
    members = scope.weighing(places)
    scores = scope.limited(places, members)
    recent = np.flatnonzero(scope.recent(members.articles))
    enough = sources_of_each(scope.view, members.articles[recent], members.owners[recent], len(places)) >= scope.least
    kept = np.intersect1d(listed(scores, scope.parameters.novelty), np.flatnonzero(enough))
    order = kept[_best_of(scope, places[kept], scores.at(kept), number)]
    return places[order], scores.at(order)


def _best_of(scope: Scope, places: Indices, scores: Scores, number: int) -> list[int]:
    """Where among these the best are; ties by id."""
    ids = scope.view.snapshot.names.entities.values
    return best(scores.score, lambda place: ids[scope.entities[places[place]]], number)


def _likeness(scope: Scope, pool: _Pool) -> Floats:
    """How often entities have been named together of late."""
    members = scope.naming(pool.rows)
    recent = scope.recent(members.articles)
    return cosine(members.owners[recent], members.articles[recent], members.number)


def _items(scope: Scope, pool: _Pool, order: Sequence[Placed]) -> tuple[TrendingEntity, ...]:
    ids = [scope.view.snapshot.names.entities.values[number] for number in scope.entities[pool.places]]
    standings = scope.standings(scope.naming([pool.rows[placed.item] for placed in order]))
    half_life = scope.parameters.half_life
    return tuple(
        TrendingEntity(
            rank=rank,
            score=float(pool.scores.score[item]),
            status=standing.status,
            explain=explain(pool.scores, item, half_life, standing.since, None if by is None else ids[by]),
            **_facts(scope, pool.rows[item]),
        )
        for rank, ((item, by), standing) in enumerate(zip(order, standings, strict=True), 1)
    )


def _facts(scope: Scope, rows: Indices) -> _Facts:
    """What its rows say of an entity."""
    columns = scope.view.snapshot.rows
    entity = info_of(scope.view.snapshot, rows)
    in_scope = rows[scope.articles[columns.article[rows]]]
    recent = in_scope[scope.recent(columns.article[in_scope])]
    shown = recent if len(recent) >= SHOWN else in_scope
    return _Facts(
        entity=entity,
        articles=len(recent),
        sources=count_sources(scope.view, columns.article[recent]),
        first_seen=entity.first_seen,
        evidence=evidence(scope.view, columns.article[shown], columns.aboutness[shown], scope.parameters.half_life),
    )
