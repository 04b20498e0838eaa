"""The articles that matter now: fresh, and about names that are in the news more than usual."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from indexer.times import Millis
from service.trends.columns import Floats, Indices
from service.trends.evidence import SHOWN, count_sources
from service.trends.scope import Scope, score_scope
from service.trends.scoring import Explain, Parameters, Status, best
from service.trends.snapshot import Snapshot

_OLDEST_HALF_LIVES: Final = 32
_NAMES: Final = 3
_HIGHEST_Z: Final = 10.0
_HIGHEST: Final = 1 + _NAMES * _HIGHEST_Z
_SAMPLE: Final = 4_000


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
    titles = snapshot.articles.title[articles]
    return tuple(
        _item(scope, rank, article, score, articles[titles == snapshot.articles.title[article]])
        for rank, (article, score) in enumerate(_distinct(scope, articles), 1)
    )


def _distinct(scope: Scope, articles: Indices) -> list[tuple[int, float]]:
    """The best articles with their scores, one per source and title."""
    columns, limit = scope.view.snapshot.articles, scope.parameters.limit
    considered = 4 * limit
    while True:
        best_ones = _best(scope, articles, considered)
        firsts: dict[tuple[int, int], tuple[int, float]] = {}
        for article, score in best_ones:
            firsts.setdefault((int(columns.source[article]), int(columns.title[article])), (article, score))
        if len(firsts) >= limit or len(best_ones) == len(articles):
            return list(firsts.values())[:limit]
        considered *= 4


def _best(scope: Scope, articles: Indices, number: int) -> list[tuple[int, float]]:
    """The `number` best articles, or all, with their scores.

    The last arrivals set a floor: what stays below it even with the most surprising names need not be looked at.
    """
    columns = scope.view.snapshot.articles
    freshness = np.exp2((columns.ranked_at[articles] - scope.view.now) / scope.parameters.half_life)
    last = slice(-max(_SAMPLE, 2 * number), None)
    if number < len(articles):
        floor = np.partition(_scores(scope, articles[last], freshness[last]), -number)[-number]
        hopeful = np.flatnonzero(freshness * _HIGHEST >= floor)
        articles, freshness = articles[hopeful], freshness[hopeful]
    scores = _scores(scope, articles, freshness)
    places = best(scores, lambda place: columns.ids[articles[place]], number)
    return [(int(articles[place]), float(scores[place])) for place in places]


def _scores(scope: Scope, articles: Indices, freshness: Floats) -> Floats:
    """Per article, its freshness times 1 + the three highest z of its names, each cut to 0..10."""
    snapshot = scope.view.snapshot
    z = np.zeros(snapshot.entities)
    z[scope.entities] = np.clip(scope.scores.z, 0, _HIGHEST_Z)
    surprises = z[snapshot.rows.entity[snapshot.rows_of_articles(articles)]]
    owners = np.repeat(np.arange(len(articles)), snapshot.articles.rows[articles])
    lifting = np.flatnonzero(surprises)
    return freshness * (1 + _sums_of_highest(surprises[lifting], owners[lifting], len(articles)))


def _sums_of_highest(values: Floats, owners: Indices, number: int) -> Floats:
    """Per owner, of whom there are a `number`, the sum of its three highest values, all above 0. `owners` ascend."""
    starts = np.flatnonzero(np.diff(owners, prepend=-1))
    sizes = np.diff(starts, append=len(owners))
    sums, left = np.zeros(len(starts)), np.full(len(starts), _NAMES)
    for _ in range(_NAMES):
        highest = np.maximum.reduceat(values, starts)
        equal = values == np.repeat(highest, sizes)
        taken = np.minimum(np.add.reduceat(equal, starts, dtype=np.intp), left)
        sums += taken * highest
        left -= taken
        values = values * ~equal
    of_all = np.zeros(number)
    of_all[owners[starts]] = sums
    return of_all


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
    ids = snapshot.names.entities.values
    names = (ids[entity] for entity in snapshot.rows.entity[snapshot.rows_of_articles(np.array([article]))])
    places = [place for name in names if (place := scope.place(name)) is not None and scope.scores.z[place] > 0]
    return min(places, key=lambda place: (-scope.scores.z[place], ids[scope.entities[place]]), default=None)
