"""The pages by path: each asks the answers what it shows."""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from service.answers.articles import article, latest
from service.answers.entities import entity, names
from service.answers.errors import UnknownId
from service.answers.models import Article
from service.answers.questions import (
    EntityQuestion,
    EntityTimelineQuestion,
    LatestQuestion,
    RelatedQuestion,
    SearchQuestion,
    StoryQuestion,
    ask,
)
from service.answers.related import related
from service.answers.search import search
from service.answers.stories import story
from service.answers.timelines import entity_timeline
from service.answers.trend_questions import TrendingEntitiesQuestion, TrendingStoriesQuestion
from service.answers.trends import standing, trends_entities, trends_stories
from service.newsroom import Newsroom
from service.web.address import entity_path, story_path
from service.web.article_view import article_view
from service.web.entity_view import entity_view
from service.web.failures import PageRoute, UnknownRoute
from service.web.lines import Link, Side, lines, story_trend, trend
from service.web.names import Names
from service.web.parameters import address, question
from service.web.rendering import load_renderer
from service.web.search_view import DEFAULT_FACETS, entity_ids, search_view
from service.web.story_view import MOST_SOURCES, story_link, story_view

FACET_SIZE: Final = 10
_NAMES: Final = 10
_STORIES: Final = 5
_LATEST: Final = 6
_RELATED: Final = 15
_NEWEST: Final = 10


def pages(newsroom: Newsroom) -> APIRouter:
    """The routes of the pages and of what they are styled with."""
    renderer = load_renderer()
    router = APIRouter(route_class=PageRoute, include_in_schema=False)

    @router.get("/")
    def search_page(request: Request) -> Response:
        given = request.query_params
        here = address(SearchQuestion, "/", given)
        asked = question(SearchQuestion, given, facet=DEFAULT_FACETS, facet_size=FACET_SIZE, highlight=True)
        answer = search(newsroom, asked)
        called = _names(newsroom, [hit.article for hit in answer.hits], entity_ids(here, answer))
        return renderer.page("search.html", view=search_view(here, answer, called), side=_side(newsroom))

    @router.get("/articles/{article_id}")
    def article_page(article_id: str) -> Response:
        found = article(newsroom, article_id)
        view = article_view(found, _story_of(newsroom, found), newsroom.clock())
        return renderer.page("article.html", view=view, side=_side(newsroom))

    @router.get("/entities/{entity_id}")
    def entity_page(entity_id: str, request: Request) -> Response:
        given = request.query_params
        here = address(EntityTimelineQuestion, entity_path(entity_id), given)
        about = entity(newsroom, entity_id, ask(EntityQuestion, {}))
        counts = entity_timeline(newsroom, entity_id, question(EntityTimelineQuestion, given))
        belonging = related(newsroom, entity_id, ask(RelatedQuestion, {"limit": _RELATED}))
        found = search(newsroom, ask(SearchQuestion, {"entity": (entity_id,), "page_size": _NEWEST}))
        stands = standing(newsroom, entity_id)
        view = entity_view(here, entity=about, counts=counts, related=belonging, found=found, standing=stands)
        return renderer.page("entity.html", view=view, side=_side(newsroom))

    @router.get("/stories/{story_id}")
    def story_page(story_id: str, request: Request) -> Response:
        here = address(StoryQuestion, story_path(story_id), request.query_params)
        view = story_view(here, story(newsroom, story_id, question(StoryQuestion, request.query_params)))
        return renderer.page("story.html", view=view, side=_side(newsroom))

    @router.get("/static/{name}")
    def static_file(name: str) -> Response:
        file = renderer.file(name)
        if file is None:
            raise UnknownId(f"There is no file {name!r}.")
        return file

    def unknown_page(path: str) -> Response:
        raise UnknownId(f"There is no page /{path}.")

    router.add_api_route("/{path:path}", unknown_page, methods=["GET"], route_class_override=UnknownRoute)
    return router


def _names(newsroom: Newsroom, articles: list[Article], ids: list[str]) -> Names:
    """The names of entities, most of which are in the articles at hand."""
    known = {one.id: one.name for found in articles for one in found.entities}
    asked = names(newsroom, [entity_id for entity_id in ids if entity_id not in known])
    return known | {entity_id: one.name for entity_id, one in asked.items()}


def _story_of(newsroom: Newsroom, found: Article) -> Link | None:
    if not found.story:
        return None
    counting = {"story": (found.story,), "facet": ("source",), "facet_size": MOST_SOURCES, "page_size": 1}
    return story_link(found.story, search(newsroom, ask(SearchQuestion, counting)))


def _side(newsroom: Newsroom) -> Side:
    newest = latest(newsroom, ask(LatestQuestion, {"limit": _LATEST}))
    now = newsroom.clock()
    if not newsroom.trends.ready:
        return Side(None, None, lines(newest.items, now))
    told = trends_stories(newsroom, ask(TrendingStoriesQuestion, {"limit": _STORIES}))
    named = trends_entities(newsroom, ask(TrendingEntitiesQuestion, {"limit": _NAMES}))
    return Side(
        names=[trend(item) for item in named.items],
        stories=[story_trend(item) for item in told.items],
        latest=lines(newest.items, now),
    )
