"""The articles that matter now: fresh, and about names that are in the news more than usual."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from indexer.times import Millis
from service.trends.columns import Array, Floats, Indices
from service.trends.evidence import SHOWN, count_sources
from service.trends.scope import Scope, score_scope
from service.trends.scoring import Explain, Parameters, Status, best
from service.trends.snapshot import Snapshot

_OLDEST_HALF_LIVES: Final = 32
_NAMES: Final = 3
_HIGHEST_Z: Final = 10


@dataclass(frozen=True, slots=True)
class TrendingArticle:
    """An article in a list.

    `articles`, `sources` and `first_seen` are of everything with its title; `evidence` are the ids of up to three
    of these, itself first. `status` and `explain` are those of `entity`, the id of its most surprising name; without
    one it is steady and unexplained.
    """

    rank: int
    article_id: str
    score: float
    status: Status
    articles: int
    sources: int
    first_seen: Millis
    evidence: tuple[str, ...]
    entity: str | None
    explain: Explain | None


def trending_articles(snapshot: Snapshot, parameters: Parameters, now: Millis) -> tuple[TrendingArticle, ...]:
    """The articles that matter most at `now`, best first; ties by id; of one source and title only the best.

    None is older than 32 half-lives: 31 times nothing is nothing.
    """
    view = snapshot.at(now)
    scope = score_scope(view, parameters)
    oldest = now - _OLDEST_HALF_LIVES * parameters.half_life
    articles = np.flatnonzero(scope.articles & (snapshot.articles.ranked_at > oldest))
    age = (now - snapshot.articles.ranked_at[articles]) / parameters.half_life
    scores = np.exp2(-age) * (1 + _lifts(snapshot, scope, articles))
    chosen = _distinct(snapshot, articles, scores, parameters.limit)
    titles = snapshot.articles.title[articles]
    return tuple(
        _item(scope, rank, int(articles[place]), float(scores[place]), articles[titles == titles[place]])
        for rank, place in enumerate(chosen, 1)
    )


def _lifts(snapshot: Snapshot, scope: Scope, articles: Indices) -> Array:
    """Per article, the sum of the three highest z of its names, each cut to 0..10."""
    z = np.zeros(snapshot.entities)
    z[scope.entities] = np.clip(scope.scores.z, 0, _HIGHEST_Z)
    rows = snapshot.rows_of_articles(articles)
    owners = np.repeat(np.arange(len(articles)), snapshot.articles.rows[articles])
    surprises = z[snapshot.rows.entity[rows]]
    lifting = np.flatnonzero(surprises > 0)
    lifting = lifting[np.lexsort((-surprises[lifting], owners[lifting]))]
    owners, surprises = owners[lifting], surprises[lifting]
    starts = np.searchsorted(owners, owners)
    highest = np.arange(len(owners)) - starts < _NAMES
    return np.bincount(owners[highest], surprises[highest], minlength=len(articles))


def _distinct(snapshot: Snapshot, articles: Indices, scores: Floats, limit: int) -> list[int]:
    """The places of the best articles, one per source and title."""
    columns, considered = snapshot.articles, 2 * limit
    while True:
        places = best(scores, lambda place: columns.ids[articles[place]], considered)
        firsts: dict[tuple[int, int], int] = {}
        for place in places:
            article = articles[place]
            firsts.setdefault((int(columns.source[article]), int(columns.title[article])), place)
        if len(firsts) >= limit or len(places) == len(scores):
            return list(firsts.values())[:limit]
        considered *= 4


def _item(scope: Scope, rank: int, article: int, score: float, copies: Indices) -> TrendingArticle:
    """`copies` are all articles with its title, itself among them."""
    view, columns = scope.view, scope.view.snapshot.articles
    place = _strongest(view.snapshot, scope, article)
    others = sorted(columns.ids[copy] for copy in copies if copy != article)
    return TrendingArticle(
        rank=rank,
        article_id=columns.ids[article],
        score=score,
        status="steady" if place is None else scope.status(place),
        articles=len(copies),
        sources=count_sources(view, copies),
        first_seen=int(columns.ranked_at[copies].min()),
        evidence=(columns.ids[article], *others)[:SHOWN],
        entity=None if place is None else view.snapshot.names.entities.values[scope.entities[place]],
        explain=None if place is None else scope.explain(place),
    )


def _strongest(snapshot: Snapshot, scope: Scope, article: int) -> int | None:
    """The place in the scope of the article's most surprising name, if one is above 0; ties by id."""
    entities = snapshot.rows.entity[snapshot.rows_of_articles(np.array([article]))]
    places = np.flatnonzero(np.isin(scope.entities, entities) & (scope.scores.z > 0))
    ids = snapshot.names.entities.values
    order = best(scope.scores.z[places], lambda place: ids[scope.entities[places[place]]], 1)
    return int(places[order[0]]) if order else None
