"""What matters now: names, stories and articles, as JSON and as feeds."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated, Final, NamedTuple
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import Field

from service.answers import trend_models
from service.answers.articles import whole_minute
from service.answers.models import Article, as_json
from service.answers.trend_questions import (
    TrendingArticlesQuestion,
    TrendingEntitiesQuestion,
    TrendingStoriesQuestion,
)
from service.answers.trends import trends_articles, trends_entities, trends_stories
from service.api.caching import polled
from service.api.feeds import JSON_FEED, RSS, Feed, json_feed, rss
from service.api.parameters import Listing, only
from service.api.problems import problems
from service.api.remembering import Finished, Remembered
from service.newsroom import Newsroom

JSON: Final = "application/json"
_FEEDS: Final = {RSS: {"schema": {"type": "string"}}, JSON_FEED: {"schema": {"type": "object"}}}
_Format = Annotated[Listing, Field(description="JSON, RSS 2.0 or JSON Feed 1.1.")]


class TrendingEntitiesParameters(TrendingEntitiesQuestion):
    """Those of trending names, and how to write the answer."""

    format: _Format = "json"


class TrendingStoriesParameters(TrendingStoriesQuestion):
    """Those of trending stories, and how to write the answer."""

    format: _Format = "json"


class TrendingArticlesParameters(TrendingArticlesQuestion):
    """Those of trending articles, and how to write the answer."""

    format: _Format = "json"


_Parameters = TrendingEntitiesParameters | TrendingStoriesParameters | TrendingArticlesParameters


def routes(newsroom: Newsroom) -> APIRouter:
    """The endpoints of trends, below those that read. Made to be polled: each has an ETag and may be cached."""
    router = APIRouter()
    remembered = Remembered()

    async def answered(request: Request, question: _Parameters, make: Callable[[], Finished]) -> Response:
        """What is asked about the present is answered once, until the minute or the articles are others."""
        if question.as_of is not None:
            finished = await run_in_threadpool(make)
        else:
            state = (whole_minute(newsroom.clock()), newsroom.trends.snapshot)
            address = None if question.format == "json" else str(request.url)
            finished = await remembered.answer(state, (question, address), make)
        return polled(request, *finished)

    @router.get(
        "/trends/entities",
        tags=["trends"],
        dependencies=[only(TrendingEntitiesParameters)],
        response_model=trend_models.TrendingEntitiesAnswer,
        responses={200: {"content": _FEEDS}, **problems(400, 503)},
    )
    async def get_trending_entities(
        request: Request, question: Annotated[TrendingEntitiesParameters, Query()]
    ) -> Response:
        """The names that matter now, versus usual. Made to be polled: it has an ETag and may be cached."""
        return await answered(request, question, partial(_entities, newsroom, request, question))

    @router.get(
        "/trends/stories",
        tags=["trends"],
        dependencies=[only(TrendingStoriesParameters)],
        response_model=trend_models.TrendingStoriesAnswer,
        responses={200: {"content": _FEEDS}, **problems(400, 503)},
    )
    async def get_trending_stories(
        request: Request, question: Annotated[TrendingStoriesParameters, Query()]
    ) -> Response:
        """What many publishers write about now, versus usual. Made to be polled, as all trends."""
        return await answered(request, question, partial(_stories, newsroom, request, question))

    @router.get(
        "/trends/articles",
        tags=["trends"],
        dependencies=[only(TrendingArticlesParameters)],
        response_model=trend_models.TrendingArticlesAnswer,
        responses={200: {"content": _FEEDS}, **problems(400, 503)},
    )
    async def get_trending_articles(
        request: Request, question: Annotated[TrendingArticlesParameters, Query()]
    ) -> Response:
        """The articles that matter now, one of each story. Made to be polled, as all trends."""
        return await answered(request, question, partial(_articles, newsroom, request, question))

    return router


def _entities(newsroom: Newsroom, request: Request, question: TrendingEntitiesParameters) -> Finished:
    answer = trends_entities(newsroom, question)
    listed = [f"{item.entity.id} {item.entity.name} {item.status}" for item in answer.items]
    shown = [_as_article(item, str(request.base_url)) for item in answer.items]
    return _finished(request, question, answer, listed, _Feeding("names", shown))


def _stories(newsroom: Newsroom, request: Request, question: TrendingStoriesParameters) -> Finished:
    answer = trends_stories(newsroom, question)
    listed = [f"{item.story.id} {item.story.title} {item.status}" for item in answer.items]
    shown = [_of_story(item, str(request.base_url)) for item in answer.items]
    return _finished(request, question, answer, listed, _Feeding("stories", shown))


def _articles(newsroom: Newsroom, request: Request, question: TrendingArticlesParameters) -> Finished:
    answer = trends_articles(newsroom, question)
    listed = [f"{item.article.id} {item.article.title} {item.status}" for item in answer.items]
    return _finished(request, question, answer, listed, _Feeding("articles", [one.article for one in answer.items]))


class _Feeding(NamedTuple):
    """What a feed is called after, and holds."""

    what: str
    articles: Sequence[Article]


def _finished(
    request: Request, question: _Parameters, answer: trend_models.Trends, listed: Sequence[str], feeding: _Feeding
) -> Finished:
    everything = (str(answer.fallback), answer.collection.state, *listed)
    if question.format == "json":
        return Finished(as_json(answer), JSON, everything)
    title = f"dateline: Trending {feeding.what}" + (f": {question.section}" if question.section else "")
    feed = Feed(title, str(request.url), str(request.base_url), feeding.articles)
    content, media_type = (rss(feed), RSS) if question.format == "rss" else (json_feed(feed), JSON_FEED)
    return Finished(content, media_type, everything)


def _as_article(item: trend_models.TrendingEntity, home: str) -> Article:
    """A name as an item of a feed: it leads to the page of the name, and says how much there is about it."""
    seen_at = max((one.seen_at for one in item.evidence), default=item.first_seen)
    return Article(
        id=item.entity.id,
        url=f"{home}entities/{quote(item.entity.id, safe=':')}",
        title=item.entity.name,
        summary=f"{item.status}: {item.articles} articles from {item.sources} sources. "
        + " · ".join(one.title for one in item.evidence),
        section=None,
        labels=[item.entity.type, item.status],
        source=None,
        refs=[],
        authors=[],
        language=None,
        published_at=None,
        seen_at=seen_at,
        story=None,
        entities=[],
    )


def _of_story(item: trend_models.TrendingStory, home: str) -> Article:
    """The article that represents a story as the story's item of a feed: no new one when another represents it."""
    article = item.evidence[0]
    return article.model_copy(update={"id": item.story.id, "url": article.url or f"{home}articles/{article.id}"})
