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
    TrendingArticlesQuestion,
    TrendingEntitiesQuestion,
    ask,
)
from service.answers.related import related
from service.answers.search import search
from service.answers.timelines import entity_timeline
from service.answers.trends import standing, trends_articles, trends_entities
from service.newsroom import Newsroom
from service.web.address import entity_path
from service.web.article_view import article_view
from service.web.entity_view import entity_view
from service.web.failures import PageRoute, UnknownRoute
from service.web.lines import Side, lines, trend
from service.web.names import Names
from service.web.parameters import address, question
from service.web.rendering import load_renderer
from service.web.search_view import DEFAULT_FACETS, entity_ids, search_view

FACET_SIZE: Final = 10
_NAMES: Final = 10
_TRENDS: Final = 5
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
        view = article_view(article(newsroom, article_id), newsroom.clock())
        return renderer.page("article.html", view=view, side=_side(newsroom))

    @router.get("/entities/{entity_id}")
    def entity_page(entity_id: str, request: Request) -> Response:
        given = request.query_params
        here = address(EntityTimelineQuestion, entity_path(entity_id), given)
        about = entity(newsroom, entity_id, ask(EntityQuestion, {}))
        history = entity_timeline(newsroom, entity_id, question(EntityTimelineQuestion, given))
        belonging = related(newsroom, entity_id, ask(RelatedQuestion, {"limit": _RELATED}))
        found = search(newsroom, ask(SearchQuestion, {"entity": (entity_id,), "page_size": _NEWEST}))
        stands = standing(newsroom, entity_id)
        view = entity_view(here, entity=about, history=history, related=belonging, found=found, standing=stands)
        return renderer.page("entity.html", view=view, side=_side(newsroom))

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


def _side(newsroom: Newsroom) -> Side:
    newest = latest(newsroom, ask(LatestQuestion, {"limit": _LATEST}))
    now = newsroom.clock()
    if not newsroom.trends.ready:
        return Side(None, None, lines(newest.items, now))
    trending = trends_articles(newsroom, ask(TrendingArticlesQuestion, {"limit": _TRENDS}))
    named = trends_entities(newsroom, ask(TrendingEntitiesQuestion, {"limit": _NAMES}))
    return Side(
        names=[trend(item) for item in named.items],
        trends=lines((item.article for item in trending.items), now),
        latest=lines(newest.items, now),
    )
