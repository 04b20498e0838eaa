"""The entities that matter now, and why."""

from dataclasses import dataclass
from typing import Final

from indexer.times import Millis
from service.trends.columns import Indices
from service.trends.evidence import SHOWN, count_sources, evidence
from service.trends.info import EntityInfo, info_of
from service.trends.scope import Scope, score_scope
from service.trends.scoring import Explain, Parameters, Status, best, listed
from service.trends.snapshot import Snapshot

RECENT_HALF_LIVES: Final = 3


@dataclass(frozen=True, slots=True)
class TrendingEntity:
    """An entity in a list.

    `articles` and `sources` count those of the scope within the last three half-lives. `evidence` are the ids of up
    to three articles that are really about it, of these where there are three.
    """

    rank: int
    entity: EntityInfo
    score: float
    status: Status
    articles: int
    sources: int
    first_seen: Millis
    evidence: tuple[str, ...]
    explain: Explain


def trending_entities(snapshot: Snapshot, parameters: Parameters, now: Millis) -> tuple[TrendingEntity, ...]:
    """The entities that matter most at `now`, best first; ties by id."""
    view = snapshot.at(now)
    scope = score_scope(view, parameters)
    ids = snapshot.names.entities.values
    allowed = listed(scope.scores, parameters.novelty)
    order = best(scope.scores.score[allowed], lambda place: ids[scope.entities[allowed[place]]], parameters.limit)
    places = allowed[order]
    found = zip(places.tolist(), view.rows_of_each(scope.entities[places]), strict=True)
    return tuple(_item(scope, rank, place, rows) for rank, (place, rows) in enumerate(found, 1))


def _item(scope: Scope, rank: int, place: int, rows: Indices) -> TrendingEntity:
    """`rows` are all of the entity that count."""
    view, columns, half_life = scope.view, scope.view.snapshot.articles, scope.parameters.half_life
    entity = info_of(view.snapshot, rows)
    in_scope = rows[scope.articles[view.snapshot.rows.article[rows]]]
    times = columns.ranked_at[view.snapshot.rows.article[in_scope]]
    recent = in_scope[times >= view.now - RECENT_HALF_LIVES * half_life]
    return TrendingEntity(
        rank=rank,
        entity=entity,
        score=float(scope.scores.score[place]),
        status=scope.status(place),
        articles=len(recent),
        sources=count_sources(view, view.snapshot.rows.article[recent]),
        first_seen=entity.first_seen,
        evidence=evidence(view, recent if len(recent) >= SHOWN else in_scope, half_life),
        explain=scope.explain(place),
    )
