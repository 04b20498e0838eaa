"""The articles that matter now: those that represent stories; else fresh ones about names that are much in the news."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Final

import numpy as np

from indexer.article import order_key
from indexer.times import Millis
from service.trends import stories
from service.trends.columns import Floats, Indices
from service.trends.evidence import SHOWN
from service.trends.items import TrendingArticle, TrendingStory
from service.trends.ladder import LATEST
from service.trends.scope import Scope, score_scope
from service.trends.scoring import DECIMALS, Parameters, best, explain
from service.trends.snapshot import Snapshot
from service.trends.sources import count_sources
from service.trends.stories import are_grouped, trending_stories

ALGORITHM: Final = "fresh-names/1"
_OLDEST_HALF_LIVES: Final = 32
_NAMES: Final = 3
_HIGHEST_Z: Final = 10.0
_HIGHEST: Final = 1 + _NAMES * _HIGHEST_Z
_SAMPLE: Final = 4_000


def algorithm_of(snapshot: Snapshot, parameters: Parameters, now: Millis, fallback: str | None) -> str:
    """The name of the formula that articles are ranked by."""
    grouped = are_grouped(snapshot.at(now), parameters.section)
    return stories.ALGORITHM if grouped and fallback != LATEST else ALGORITHM


def trending_articles(snapshot: Snapshot, parameters: Parameters, now: Millis) -> tuple[TrendingArticle, ...]:
    """The articles that matter most at `now`, best first; ties by id.

    Each represents a story; where articles are in no stories, they are ranked by their own freshness and names.
    """
    if not are_grouped(snapshot.at(now), parameters.section):
        return fresh_articles(snapshot, parameters, now)
    return tuple(representing(story) for story in trending_stories(snapshot, parameters, now))


def latest_articles(snapshot: Snapshot, parameters: Parameters, now: Millis) -> tuple[TrendingArticle, ...]:
    """Articles by their freshness and their names, by the shortest half-life that finds any."""
    half_lives = (Parameters().half_life, parameters.half_life)
    lists = (fresh_articles(snapshot, replace(parameters, half_life=half_life), now) for half_life in half_lives)
    return next((found for found in lists if found), ())


def article_item(snapshot: Snapshot, parameters: Parameters, now: Millis, article_id: str) -> TrendingArticle | None:
    """How one article stands, be it in the list or not; None if it is not among those that count."""
    scope = score_scope(snapshot.at(now), parameters)
    alone = np.flatnonzero(scope.articles & (snapshot.articles.key == order_key(article_id)))
    if len(alone) == 0:
        return None
    freshness = np.exp2((snapshot.articles.ranked_at[alone] - now) / parameters.half_life)
    return _item(scope, 1, int(alone[0]), float(_scores(scope, alone, freshness)[0]), alone)


def representing(story: TrendingStory) -> TrendingArticle:
    """The article of a story that represents it, with all that is known of the story."""
    kept = {field.name: getattr(story, field.name) for field in fields(TrendingArticle)}
    return TrendingArticle(**kept)


def fresh_articles(snapshot: Snapshot, parameters: Parameters, now: Millis) -> tuple[TrendingArticle, ...]:
    """Articles by their freshness and their names; of one source and title only the best.

    Where an item must be from two sources, the second best of a source counts half, the third a third, and so on.
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
    """The best articles with their scores, one per source and title.

    Taking turns only takes away: those are looked at that are best without it, until none of the others could come
    before the last of these.
    """
    limit = scope.parameters.limit
    considered = 4 * limit
    while True:
        best_ones = _best(scope, articles, considered)
        distinct = _in_turns(scope, best_ones)
        if len(best_ones) == len(articles):
            return distinct[:limit]
        if len(distinct) >= limit and (scope.least == 1 or distinct[limit - 1][1] > best_ones[-1][1]):
            return distinct[:limit]
        considered *= 4


def _in_turns(scope: Scope, articles: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
    """Of articles and their scores, best first, the first of each source and title, each source in its turn."""
    columns = scope.view.snapshot.articles
    firsts: dict[tuple[int, int], tuple[int, float]] = {}
    for article, score in articles:
        firsts.setdefault((int(columns.source[article]), int(columns.title[article])), (article, score))
    if scope.least == 1:
        return list(firsts.values())
    turns: Counter[int] = Counter()
    counting = []
    for (source, _), (article, score) in firsts.items():
        turns[source] += 1
        counting.append((article, round(score / turns[source], DECIMALS)))
    return sorted(counting, key=lambda one: (-one[1], columns.ids[one[0]]))


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
    half_life = scope.parameters.half_life
    return TrendingArticle(
        rank=rank,
        article_id=columns.ids[article],
        score=score,
        status="steady" if place is None else scope.status(place),
        articles=len(copies),
        sources=count_sources(view, copies),
        first_seen=int(columns.ranked_at[copies].min()),
        evidence=(columns.ids[article], *others)[:SHOWN],
        explain=None if place is None else explain(scope.scores, place, half_life, None, None),
    )


def _strongest(snapshot: Snapshot, scope: Scope, article: int) -> int | None:
    """The place in the scope of the article's most surprising name, if one is above 0; ties by id."""
    ids = snapshot.names.entities.values
    names = (ids[entity] for entity in snapshot.rows.entity[snapshot.rows_of_articles(np.array([article]))])
    places = [place for name in names if (place := scope.place(name)) is not None and scope.scores.z[place] > 0]
    return min(places, key=lambda place: (-scope.scores.z[place], ids[scope.entities[place]]), default=None)
