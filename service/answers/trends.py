"""What matters now, and why."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Generic, NamedTuple, TypeVar

from indexer.errors import StoreUnavailable
from indexer.pins.pin import ListName
from indexer.times import Millis, to_text
from nlp.mention import EntityType
from service.answers import models, trend_models
from service.answers.articles import articles, whole_minute
from service.answers.pins import Listed, apply_pins, pinned_by, pins_of
from service.answers.questions import duration_of, moment_of
from service.answers.shown import text_of
from service.answers.trend_questions import (
    TrendingArticlesQuestion,
    TrendingEntitiesQuestion,
    TrendingQuestion,
    TrendingStoriesQuestion,
)
from service.newsroom import Newsroom
from service.trends import entities, stories
from service.trends.articles import algorithm_of, article_item, latest_articles, trending_articles
from service.trends.collection import collection
from service.trends.entities import entity_item, latest_entities, trending_entities
from service.trends.items import Trending, TrendingArticle, TrendingEntity, TrendingStory
from service.trends.ladder import climb, duration
from service.trends.scoring import Explain, Parameters, Status
from service.trends.snapshot import Snapshot
from service.trends.stories import latest_stories, story_item, trending_stories

Shown = Mapping[str, models.Article]


class Asked(NamedTuple):
    """A question with the arrays and the moment it is about."""

    snapshot: Snapshot
    now: Millis
    parameters: Parameters


_Item = TypeVar("_Item", bound=Trending)
_Told = TypeVar("_Told", TrendingStory, TrendingArticle)


class _Ranking(NamedTuple, Generic[_Item]):
    """How a list is made: ranked, of the newest, and the item of one id."""

    rank: Callable[[Snapshot, Parameters, Millis], tuple[_Item, ...]]
    latest: Callable[[Snapshot, Parameters, Millis], tuple[_Item, ...]]
    find: Callable[[Snapshot, Parameters, Millis, str], _Item | None]
    id_of: Callable[[_Item], str]


class _Listing(NamedTuple, Generic[_Item]):
    items: list[Listed[_Item]]
    fallback: str | None


class _Showing(NamedTuple):
    """The articles at hand, and whether items are explained."""

    evidence: Shown
    explained: bool


class Standing(NamedTuple):
    """How an entity stands against what is usual for it."""

    status: Status
    explain: Explain


def trends_entities(newsroom: Newsroom, question: TrendingEntitiesQuestion) -> trend_models.TrendingEntitiesAnswer:
    """The names that matter most. InvalidParameter, StoreError; StoreUnavailable while trends are being loaded."""
    asked = _asked(newsroom, question, question.type)
    ranking = _Ranking(trending_entities, latest_entities, entity_item, lambda item: item.entity.id)
    listing = _listed(newsroom, "entities", asked, ranking)
    showing = _Showing(_evidence(newsroom, listing.items), question.explain)
    return trend_models.TrendingEntitiesAnswer(
        items=[_entity(rank, one, showing) for rank, one in enumerate(listing.items, 1)],
        **_envelope(question, asked, listing.fallback, entities.ALGORITHM),
    )


def trends_stories(newsroom: Newsroom, question: TrendingStoriesQuestion) -> trend_models.TrendingStoriesAnswer:
    """The stories that matter most. InvalidParameter, StoreError; StoreUnavailable while trends are being loaded."""
    asked = _asked(newsroom, question, None)
    ranking = _Ranking(trending_stories, latest_stories, story_item, lambda item: item.story_id)
    listing = _listed(newsroom, "stories", asked, ranking)
    showing = _Showing(_evidence(newsroom, listing.items), question.explain)
    return trend_models.TrendingStoriesAnswer(
        items=[_story(rank, one, showing) for rank, one in enumerate(_stored(listing.items, showing), 1)],
        **_envelope(question, asked, listing.fallback, stories.ALGORITHM),
    )


def trends_articles(newsroom: Newsroom, question: TrendingArticlesQuestion) -> trend_models.TrendingArticlesAnswer:
    """The articles that matter most. InvalidParameter, StoreError; StoreUnavailable while trends are being loaded."""
    asked = _asked(newsroom, question, None)
    ranking = _Ranking(trending_articles, latest_articles, article_item, lambda item: item.article_id)
    listing = _listed(newsroom, "articles", asked, ranking)
    showing = _Showing(_evidence(newsroom, listing.items), question.explain)
    algorithm = algorithm_of(asked.snapshot, asked.parameters, asked.now, listing.fallback)
    return trend_models.TrendingArticlesAnswer(
        items=[_article(rank, one, showing) for rank, one in enumerate(_stored(listing.items, showing), 1)],
        **_envelope(question, asked, listing.fallback, algorithm),
    )


def standing(newsroom: Newsroom, entity_id: str) -> Standing | None:
    """How an entity stands now; None while trends are loaded, and for one that is hardly named now."""
    if not newsroom.trends.ready:
        return None
    item = entity_item(newsroom.trends.snapshot, Parameters(), newsroom.clock(), entity_id)
    return None if item is None else Standing(item.status, item.explain)


def _listed(newsroom: Newsroom, name: ListName, asked: Asked, ranking: _Ranking[_Item]) -> _Listing[_Item]:
    """The items of a list as editors want it, in their places. StoreError."""
    snapshot, now, parameters = asked
    pins = pins_of(newsroom, name, parameters.section, now)
    listing = climb(
        lambda rung: ranking.rank(snapshot, rung, now),
        lambda rung: ranking.latest(snapshot, rung, now),
        replace(parameters, limit=parameters.limit + len(pins)),
    )
    shown = apply_pins(
        listing.items,
        pins,
        id_of=ranking.id_of,
        find=lambda item_id: ranking.find(snapshot, parameters, now, item_id),
        limit=parameters.limit,
    )
    return _Listing(shown, listing.fallback)


def _asked(newsroom: Newsroom, question: TrendingQuestion, kind: EntityType | None) -> Asked:
    """By default about the whole minute."""
    if not newsroom.trends.ready:
        raise StoreUnavailable("Trends are being loaded from the store.", retry_after=2)
    parameters = _parameters(question, kind)
    present = newsroom.clock()
    moment = moment_of("as_of", question.as_of)
    if moment is None:
        return Asked(newsroom.trends.snapshot, whole_minute(present), parameters)
    moment = min(moment, present)
    return Asked(newsroom.trends.snapshot_as_of(moment), moment, parameters)


def _parameters(question: TrendingQuestion, kind: EntityType | None) -> Parameters:
    return Parameters(
        half_life=duration_of("half_life", question.half_life),
        baseline_half_life=duration_of("baseline_half_life", question.baseline_half_life),
        novelty=question.novelty,
        section=question.section,
        type=kind,
        limit=question.limit,
        min_sources=question.min_sources,
        diversity=question.diversity,
    )


def _envelope(question: TrendingQuestion, asked: Asked, fallback: str | None, algorithm: str) -> dict[str, Any]:
    parameters = asked.parameters
    arriving = collection(asked.snapshot.at(asked.now), parameters.section)
    return {
        "fallback": fallback,
        "collection": trend_models.Collection(state=arriving.state, since=text_of(arriving.since)),
        "parameters": trend_models.TrendParameters(
            section=parameters.section,
            type=parameters.type,
            half_life=question.half_life,
            baseline_half_life=question.baseline_half_life,
            novelty=parameters.novelty,
            min_sources=parameters.min_sources,
            diversity=parameters.diversity,
            limit=parameters.limit,
        ),
        "algorithm": algorithm,
        "as_of": to_text(asked.now),
        "data_as_of": text_of(asked.snapshot.data_as_of(asked.now)),
    }


def _evidence(newsroom: Newsroom, items: Iterable[Listed[_Item]]) -> Shown:
    """The articles that items show. StoreError."""
    return articles(newsroom, tuple(dict.fromkeys(article_id for one in items for article_id in one.item.evidence)))


def _stored(items: Iterable[Listed[_Told]], showing: _Showing) -> list[Listed[_Told]]:
    """The items whose article is in the store: one can have been deleted a moment ago."""
    return [one for one in items if one.item.article_id in showing.evidence]


def _entity(rank: int, one: Listed[TrendingEntity], showing: _Showing) -> trend_models.TrendingEntity:
    item = one.item
    entity = models.EntityName(id=item.entity.id, name=item.entity.name, type=item.entity.type)
    return trend_models.TrendingEntity(entity=entity, **_fields(rank, one, item.explain, showing))


def _story(rank: int, one: Listed[TrendingStory], showing: _Showing) -> trend_models.TrendingStory:
    item = one.item
    return trend_models.TrendingStory(
        story=trend_models.StoryName(id=item.story_id, title=showing.evidence[item.article_id].title),
        entities=[models.EntityName(id=name.entity_id, name=name.name, type=name.type) for name in item.entities],
        **_fields(rank, one, item.explain, showing),
    )


def _article(rank: int, one: Listed[TrendingArticle], showing: _Showing) -> trend_models.TrendingArticle:
    article = showing.evidence[one.item.article_id]
    return trend_models.TrendingArticle(article=article, **_fields(rank, one, one.item.explain, showing))


def _fields(rank: int, one: Listed[_Item], explain: Explain | None, showing: _Showing) -> dict[str, Any]:
    """The fields that all items have."""
    item, evidence = one.item, showing.evidence
    fields: dict[str, Any] = {
        "rank": rank,
        "score": item.score,
        "status": item.status,
        "articles": item.articles,
        "sources": item.sources,
        "first_seen": to_text(item.first_seen),
        "evidence": [evidence[article_id] for article_id in item.evidence if article_id in evidence],
    }
    pinned = {"pinned_by": pinned_by(one.pin)} if one.pin else {}
    return fields | pinned | ({"explain": _explain(explain)} if showing.explained else {})


def _explain(explain: Explain | None) -> trend_models.Explain | None:
    if explain is None:
        return None
    return trend_models.Explain(
        now=explain.now,
        typical=explain.typical,
        expected=explain.expected,
        lift=explain.lift,
        z=explain.z,
        half_life=duration(explain.half_life),
        since=text_of(explain.since),
        demoted_by=explain.demoted_by,
    )
