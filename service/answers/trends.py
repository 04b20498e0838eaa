"""What matters now, and why."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from indexer.errors import StoreUnavailable
from indexer.times import DAY, HOUR, MINUTE, Millis, to_text
from nlp.mention import EntityType
from service.answers import models, trend_models
from service.answers.articles import articles, whole_minute
from service.answers.questions import TrendingArticlesQuestion, TrendingEntitiesQuestion, duration_of, moment_of
from service.answers.shown import text_of
from service.newsroom import Newsroom
from service.trends.articles import TrendingArticle, trending_articles
from service.trends.entities import TrendingEntity, trending_entities
from service.trends.scope import score_scope
from service.trends.scoring import ALGORITHM, Explain, Parameters, Status
from service.trends.snapshot import Snapshot

Shown = Mapping[str, models.Article]


class Standing(NamedTuple):
    """How an entity stands against what is usual for it."""

    status: Status
    explain: Explain


def trends_entities(newsroom: Newsroom, question: TrendingEntitiesQuestion) -> trend_models.TrendingEntitiesAnswer:
    """The names that matter most; where none is in the news more than usual, those in the most articles.

    `fallback` is then "volume". InvalidParameter, StoreError; StoreUnavailable also while trends are being loaded.
    """
    now, snapshot = _snapshot(newsroom, question)
    parameters = _parameters(question, question.type)
    found = trending_entities(snapshot, parameters, now)
    usual = () if found else trending_entities(snapshot, replace(parameters, novelty=0.0), now)
    evidence = articles(newsroom, _evidence(found or usual))
    return trend_models.TrendingEntitiesAnswer(
        items=[_entity(item, evidence, explained=question.explain) for item in found or usual],
        fallback="volume" if usual else None,
        **_envelope(question, parameters, snapshot, now),
    )


def trends_articles(newsroom: Newsroom, question: TrendingArticlesQuestion) -> trend_models.TrendingArticlesAnswer:
    """The articles that matter most. InvalidParameter, StoreError; StoreUnavailable while trends are being loaded."""
    now, snapshot = _snapshot(newsroom, question)
    parameters = _parameters(question, None)
    found = trending_articles(snapshot, parameters, now)
    evidence = articles(newsroom, _evidence(found))
    return trend_models.TrendingArticlesAnswer(
        items=[_article(item, evidence, explained=question.explain) for item in found if item.article_id in evidence],
        fallback=None,
        **_envelope(question, parameters, snapshot, now),
    )


def standing(newsroom: Newsroom, entity_id: str) -> Standing | None:
    """How an entity stands now; None while trends are loaded, and for one that is hardly named now."""
    if not newsroom.trends.ready:
        return None
    scope = score_scope(newsroom.trends.snapshot.at(newsroom.clock()), Parameters())
    place = scope.place(entity_id)
    return None if place is None else Standing(scope.status(place), scope.explain(place))


def _snapshot(newsroom: Newsroom, question: TrendingArticlesQuestion) -> tuple[Millis, Snapshot]:
    """The moment asked about, by default the whole minute, and the arrays that cover it."""
    if not newsroom.trends.ready:
        raise StoreUnavailable("Trends are being loaded from the store.", retry_after=2)
    present = newsroom.clock()
    asked = moment_of("as_of", question.as_of)
    if asked is None:
        return whole_minute(present), newsroom.trends.snapshot
    return min(asked, present), newsroom.trends.snapshot_as_of(min(asked, present))


def _parameters(question: TrendingArticlesQuestion, kind: EntityType | None) -> Parameters:
    return Parameters(
        half_life=duration_of("half_life", question.half_life),
        baseline_half_life=duration_of("baseline_half_life", question.baseline_half_life),
        novelty=question.novelty,
        section=question.section,
        type=kind,
        limit=question.limit,
    )


def _envelope(
    question: TrendingArticlesQuestion, parameters: Parameters, snapshot: Snapshot, now: Millis
) -> dict[str, Any]:
    return {
        "parameters": trend_models.TrendParameters(
            section=parameters.section,
            type=parameters.type,
            half_life=question.half_life,
            baseline_half_life=question.baseline_half_life,
            novelty=parameters.novelty,
            limit=parameters.limit,
        ),
        "algorithm": ALGORITHM,
        "as_of": to_text(now),
        "data_as_of": text_of(snapshot.data_as_of(now)),
    }


def _evidence(items: Iterable[TrendingEntity | TrendingArticle]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(article_id for item in items for article_id in item.evidence))


def _entity(item: TrendingEntity, evidence: Shown, *, explained: bool) -> trend_models.TrendingEntity:
    entity = models.EntityName(id=item.entity.id, name=item.entity.name, type=item.entity.type)
    return trend_models.TrendingEntity(entity=entity, **_item(item, evidence, explained=explained))


def _article(item: TrendingArticle, evidence: Shown, *, explained: bool) -> trend_models.TrendingArticle:
    return trend_models.TrendingArticle(article=evidence[item.article_id], **_item(item, evidence, explained=explained))


def _item(item: TrendingEntity | TrendingArticle, evidence: Shown, *, explained: bool) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "rank": item.rank,
        "score": item.score,
        "status": item.status,
        "articles": item.articles,
        "sources": item.sources,
        "first_seen": to_text(item.first_seen),
        "evidence": [evidence[article_id] for article_id in item.evidence if article_id in evidence],
    }
    return fields | ({"explain": _explain(item.explain)} if explained else {})


def _explain(explain: Explain | None) -> trend_models.Explain | None:
    if explain is None:
        return None
    return trend_models.Explain(
        now=explain.now,
        expected=explain.expected,
        lift=explain.lift,
        z=explain.z,
        half_life=_duration(explain.half_life),
        demoted_by=explain.demoted_by,
    )


def _duration(length: Millis) -> str:
    """A duration in the largest unit that leaves no rest."""
    unit, name = next((unit, name) for unit, name in ((DAY, "d"), (HOUR, "h"), (MINUTE, "m")) if length % unit == 0)
    return f"{length // unit}{name}"
