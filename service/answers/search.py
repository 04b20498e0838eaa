"""Articles by words and filters, page by page."""

from collections.abc import Mapping
from time import perf_counter
from typing import Any, Final, NamedTuple

from indexer.article import Article
from indexer.query.highlight import Highlighter, highlighter
from indexer.store.port import (
    DEEPEST_RELEVANCE,
    Facet,
    FacetField,
    Freshness,
    Hit,
    Position,
    Request,
    Response,
    Selection,
    Sort,
)
from indexer.times import Millis, to_text
from service.answers import models
from service.answers.collapsing import collapsed, firsts, story_size
from service.answers.cursors import read_cursor, write_cursor
from service.answers.entities import known_entity
from service.answers.exporting import export_address
from service.answers.matching import Matching, matching, ranks, settled, shown_reading
from service.answers.questions import EntityArticlesQuestion, FacetName, SearchQuestion, ask, half_life_of
from service.answers.ranking import ENOUGH, near_misses, with_feedback
from service.answers.shown import shown, text_of
from service.newsroom import Newsroom

PASSAGES: Final = 2
BY_TIME: Final = ("newest", "oldest")
_FIELDS: Final[Mapping[FacetName, FacetField]] = {
    "section": "section",
    "source": "source",
    "lang": "language",
    "entity": "entity",
    "person": "person",
    "organisation": "organisation",
    "place": "place",
}


class _Page(NamedTuple):
    """A page, as its cursor says it: at an offset under `relevance`, `fresh` or collapsed, else behind a position.

    `now` is that of the first page, so that the pages of `fresh` fit together.
    """

    now: Millis
    relaxed: bool | None = None
    offset: int = 0
    after: Position | None = None


class _Showing(NamedTuple):
    """What hits are shown with. `counted` is what the sizes of stories are counted in, where they are."""

    newsroom: Newsroom
    marker: Highlighter | None
    with_body: bool
    counted: Selection | None


def search(newsroom: Newsroom, question: SearchQuestion) -> models.SearchAnswer:
    """One page of the articles of a question. InvalidParameter, StoreError; InvalidQuery only if it is `strict`."""
    started = perf_counter()
    now = newsroom.clock()
    page = _page(newsroom, question, now)
    data_as_of = newsroom.data_as_of(now)
    found, response = _found(newsroom, question, page)
    hits = response.hits[: question.page_size]
    misses = _near_misses(newsroom, question, page, found, response)
    showing = _Showing(
        newsroom,
        highlighter(found.marked) if question.highlight else None,
        "body" in question.fields,
        found.selection if question.collapse else None,
    )
    following = _following(question, page, found, hits[-1]) if len(response.hits) > len(hits) else None
    ended = page.offset + len(hits) == DEEPEST_RELEVANCE < response.total and following is None
    return models.SearchAnswer(
        total=models.Total(value=response.total, exact=True),
        hits=[
            *(_hit(hit, showing) for hit in hits),
            *(_hit(hit, showing, partial=True) for hit in misses),
        ],
        facets={name: _facet(response.facets[_FIELDS[name]]) for name in question.facet},
        cursor=write_cursor(newsroom.secret, question, following) if following else None,
        query=shown_reading(newsroom, found),
        as_of=to_text(now),
        data_as_of=text_of(data_as_of),
        took_ms=round((perf_counter() - started) * 1_000, 3),
        **({"export": export_address(question)} if ended else {}),
    )


def articles_about(newsroom: Newsroom, entity_id: str, question: EntityArticlesQuestion) -> models.SearchAnswer:
    """One page of the articles with a name. UnknownId, InvalidParameter, StoreError."""
    asked = question.model_dump(by_alias=True, exclude={"format"}, exclude_none=True)
    answer = search(newsroom, ask(SearchQuestion, {**asked, "entity": (entity_id,)}))
    if not answer.total.value:
        known_entity(newsroom, entity_id)
    return answer


def _page(newsroom: Newsroom, question: SearchQuestion, now: Millis) -> _Page:
    if not question.cursor:
        return _Page(now)
    first, relaxed, *place = read_cursor(newsroom.secret, question, question.cursor)
    if len(place) == 1:
        return _Page(first, bool(relaxed), offset=place[0])
    return _Page(first, bool(relaxed), after=Position(*place))


def _following(question: SearchQuestion, page: _Page, found: Matching, last: Hit) -> list[int]:
    """What the cursor of the next page says."""
    by_time = _sort(question, found) in BY_TIME and not question.collapse
    place = last.article.order if by_time else (page.offset + question.page_size,)
    return [page.now, int(found.relaxed), *place]


def _found(newsroom: Newsroom, question: SearchQuestion, page: _Page) -> tuple[Matching, Response]:
    """The page; on from the first, the words that count stay the same."""

    def look(found: Matching) -> Response:
        request = _request(question, page, found)
        if question.match == "any" and request.sort == "relevance":
            request = with_feedback(newsroom.store, request)
        return collapsed(newsroom.store, request) if question.collapse else newsroom.store.search(request)

    if page.relaxed is None:
        return settled(newsroom, question, look)
    found = matching(newsroom, question, relaxed=page.relaxed)
    return found, look(found)


def _near_misses(
    newsroom: Newsroom, question: SearchQuestion, page: _Page, found: Matching, response: Response
) -> tuple[Hit, ...]:
    """What a first page in the order of scores goes on with where too few articles have all of the words."""
    request = _request(question, page, found)
    unwanted = question.match == "any" or found.relaxed or question.cursor
    if unwanted or request.sort in BY_TIME or response.total >= ENOUGH:
        return ()
    looser = matching(newsroom, question, relaxed=True)
    misses = near_misses(newsroom.store, request, looser.selection, response.total)
    return tuple(firsts(misses, {hit.article.story for hit in response.hits})) if question.collapse else misses


def _request(question: SearchQuestion, page: _Page, found: Matching) -> Request:
    """One article more than the page, which tells whether there is a next one."""
    sort = _sort(question, found)
    half_life = half_life_of(question)
    return Request(
        selection=found.selection,
        sort=sort,
        size=question.page_size + 1,
        after=page.after,
        offset=page.offset,
        facets={_FIELDS[name]: question.facet_size for name in question.facet},
        freshness=Freshness(page.now, half_life) if sort == "fresh" else None,
    )


def _sort(question: SearchQuestion, found: Matching) -> Sort:
    """Where all that match fit alike, there is nothing to rank by but time."""
    sort = question.sort or "relevance"
    return sort if sort in BY_TIME or ranks(found.selection.query) else "newest"


def _hit(hit: Hit, showing: _Showing, *, partial: bool = False) -> models.Hit:
    extra: dict[str, Any] = {}
    if showing.marker:
        extra["highlights"] = _highlights(hit.article, showing.marker)
    if partial:
        extra["partial"] = True
    elif showing.counted:
        extra["story_size"] = story_size(showing.newsroom.store, showing.counted, hit.article)
    return models.Hit(article=shown(hit.article, with_body=showing.with_body), score=hit.score, **extra)


def _highlights(article: Article, marker: Highlighter) -> models.Highlights:
    """The marks of an article; the passages are the summary's where the body has none."""
    passages = marker.body.passages(article.body, PASSAGES) or marker.body.passages(article.summary, PASSAGES)
    return models.Highlights(
        title=marker.title.marks(article.title),
        body=[models.Passage(text=passage.text, marks=passage.marks) for passage in passages],
    )


def _facet(facet: Facet) -> models.Facet:
    values = [
        models.FacetValue(value=value.value, count=value.count, selected=value.selected) for value in facet.values
    ]
    return models.Facet(values=values, more=facet.more)
