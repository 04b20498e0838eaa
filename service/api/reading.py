"""Searching and reading: articles, names and what is newest."""

from collections.abc import Sequence
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response

from service.answers import entity_models, models
from service.answers.articles import article, latest, similar
from service.answers.entities import entities, entity
from service.answers.models import as_json
from service.answers.questions import (
    EntitiesQuestion,
    EntityQuestion,
    RelatedQuestion,
    SimilarQuestion,
    SuggestQuestion,
)
from service.answers.related import related
from service.answers.search import articles_about, search
from service.answers.suggest import suggest
from service.answers.timelines import entity_timeline, timeline
from service.api import alerting, pinning, suggesting, trending
from service.api.caching import polled
from service.api.feeds import JSON_FEED, RSS, Feed, json_feed, rss
from service.api.parameters import (
    EntityArticlesParameters,
    EntityTimelineParameters,
    LatestParameters,
    Listing,
    SearchParameters,
    Series,
    TimelineParameters,
    only,
)
from service.api.problems import problems
from service.api.series import CSV, as_csv
from service.api.storying import add_stories
from service.newsroom import Newsroom

JSON: Final = "application/json"
_FEEDS: Final = {RSS: {"schema": {"type": "string"}}, JSON_FEED: {"schema": {"type": "object"}}}
_SERIES: Final = {CSV: {"schema": {"type": "string"}}}


def routes(newsroom: Newsroom) -> APIRouter:
    """The endpoints that read."""
    router = APIRouter(prefix="/v1")
    _add_lists(router, newsroom)
    _add_articles(router, newsroom)
    _add_entities(router, newsroom)
    add_stories(router, newsroom)
    router.include_router(trending.routes(newsroom))
    router.include_router(suggesting.routes(newsroom))
    router.include_router(alerting.routes(newsroom))
    router.include_router(pinning.routes(newsroom))
    return router


def _add_lists(router: APIRouter, newsroom: Newsroom) -> None:
    @router.get(
        "/search",
        tags=["articles"],
        dependencies=[only(SearchParameters)],
        response_model=models.SearchAnswer,
        responses={200: {"content": _FEEDS}, **problems(400, 503)},
    )
    def get_search(request: Request, question: Annotated[SearchParameters, Query()]) -> Response:
        """Articles by words and filters.

        Repeating a filter means any of its values; different filters must all fit. Without words, the newest come
        first.
        """
        return _list(request, search(newsroom, question), question.format, _titled("Search", question.q))

    @router.get(
        "/latest",
        tags=["articles"],
        dependencies=[only(LatestParameters)],
        response_model=models.LatestAnswer,
        responses={200: {"content": _FEEDS}, **problems(400, 503)},
    )
    def get_latest(request: Request, question: Annotated[LatestParameters, Query()]) -> Response:
        """The newest articles. Made to be polled: it has an ETag and may be cached."""
        answer = latest(newsroom, question)
        content, media_type = as_json(answer), JSON
        if question.format != "json":
            title = _titled("Latest", ", ".join(question.section))
            content, media_type = _feed(request, question.format, title, answer.items)
        return polled(request, content, media_type, [f"{item.id} {item.title}" for item in answer.items])

    @router.get(
        "/timeline",
        tags=["articles"],
        dependencies=[only(TimelineParameters)],
        response_model=models.TimelineAnswer,
        responses={200: {"content": _SERIES}, **problems(400, 503)},
    )
    def get_timeline(question: Annotated[TimelineParameters, Query()]) -> Response:
        """The articles of a query per hour, day or week, and their share of all articles of that time."""
        return _series(timeline(newsroom, question), question.format)


def _add_articles(router: APIRouter, newsroom: Newsroom) -> None:
    @router.get(
        "/articles/{article_id}",
        tags=["articles"],
        dependencies=[only()],
        response_model=models.ArticleAnswer,
        responses=problems(400, 404, 503),
    )
    def get_article(article_id: str) -> Response:
        """One article, with its body."""
        return Response(as_json(article(newsroom, article_id)), media_type=JSON)

    @router.get(
        "/articles/{article_id}/similar",
        tags=["articles"],
        dependencies=[only(SimilarQuestion)],
        response_model=models.SimilarAnswer,
        responses=problems(400, 404, 503),
    )
    def get_similar(article_id: str, question: Annotated[SimilarQuestion, Query()]) -> Response:
        """The articles most like one, by their words, their names and what they mean."""
        return Response(as_json(similar(newsroom, article_id, question)), media_type=JSON)

    @router.get(
        "/suggest",
        tags=["articles"],
        dependencies=[only(SuggestQuestion)],
        response_model=models.SuggestAnswer,
        responses=problems(400, 503),
    )
    def get_suggest(question: Annotated[SuggestQuestion, Query()]) -> Response:
        """Names and titles for a search box, as one types. One wrong letter in a name is forgiven."""
        return Response(as_json(suggest(newsroom, question)), media_type=JSON)


def _add_entities(router: APIRouter, newsroom: Newsroom) -> None:
    @router.get(
        "/entities",
        tags=["entities"],
        dependencies=[only(EntitiesQuestion)],
        response_model=entity_models.EntitiesAnswer,
        responses=problems(400, 503),
    )
    def get_entities(question: Annotated[EntitiesQuestion, Query()]) -> Response:
        """People, organisations, places and other names, those in the most articles first."""
        return Response(as_json(entities(newsroom, question)), media_type=JSON)

    @router.get(
        "/entities/{entity_id}",
        tags=["entities"],
        dependencies=[only(EntityQuestion)],
        response_model=entity_models.EntityAnswer,
        responses=problems(400, 404, 503),
    )
    def get_entity(entity_id: str, question: Annotated[EntityQuestion, Query()]) -> Response:
        """One name, and how much there is about it."""
        return Response(as_json(entity(newsroom, entity_id, question)), media_type=JSON)

    @router.get(
        "/entities/{entity_id}/timeline",
        tags=["entities"],
        dependencies=[only(EntityTimelineParameters)],
        response_model=entity_models.EntityTimelineAnswer,
        responses={200: {"content": _SERIES}, **problems(400, 404, 503)},
    )
    def get_entity_timeline(entity_id: str, question: Annotated[EntityTimelineParameters, Query()]) -> Response:
        """The articles with a name per hour, day or week, and their share of all articles of that time."""
        return _series(entity_timeline(newsroom, entity_id, question), question.format)

    @router.get(
        "/entities/{entity_id}/related",
        tags=["entities"],
        dependencies=[only(RelatedQuestion)],
        response_model=entity_models.RelatedAnswer,
        responses=problems(400, 404, 503),
    )
    def get_related(entity_id: str, question: Annotated[RelatedQuestion, Query()]) -> Response:
        """The names that belong to one: with it in more articles than chance would put them there."""
        return Response(as_json(related(newsroom, entity_id, question)), media_type=JSON)

    @router.get(
        "/entities/{entity_id}/articles",
        tags=["entities"],
        dependencies=[only(EntityArticlesParameters)],
        response_model=models.SearchAnswer,
        responses={200: {"content": _FEEDS}, **problems(400, 404, 503)},
    )
    def get_entity_articles(
        request: Request, entity_id: str, question: Annotated[EntityArticlesParameters, Query()]
    ) -> Response:
        """The articles with a name, page by page."""
        answer = articles_about(newsroom, entity_id, question)
        return _list(request, answer, question.format, _titled("Name", entity_id))


def _feed(request: Request, form: Listing, title: str, articles: Sequence[models.Article]) -> tuple[bytes, str]:
    feed = Feed(title, str(request.url), str(request.base_url), articles)
    return (rss(feed), RSS) if form == "rss" else (json_feed(feed), JSON_FEED)


def _list(request: Request, answer: models.SearchAnswer, form: Listing, title: str) -> Response:
    if form == "json":
        return Response(as_json(answer), media_type=JSON)
    content, media_type = _feed(request, form, title, [hit.article for hit in answer.hits if not hit.partial])
    return Response(content, media_type=media_type)


def _series(answer: models.Timeline, form: Series) -> Response:
    return Response(as_csv(answer), media_type=CSV) if form == "csv" else Response(as_json(answer), media_type=JSON)


def _titled(name: str, what: str) -> str:
    return f"dateline: {name}: {what}" if what.strip() else f"dateline: {name}"
