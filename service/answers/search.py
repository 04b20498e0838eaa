"""Articles by words and filters, page by page."""

from collections.abc import Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Final

from indexer.article import Article
from indexer.query.ast import All
from indexer.query.highlight import Highlighter, highlighter
from indexer.query.parser import Reading, read
from indexer.store.port import (
    Facet,
    FacetField,
    FilterField,
    Hit,
    Position,
    Request,
    Response,
    Selection,
    Sort,
)
from indexer.times import to_text
from service.answers import models
from service.answers.cursors import read_cursor, write_cursor
from service.answers.questions import FacetName, SearchQuestion, span_of
from service.answers.shown import shown, text_of
from service.newsroom import Newsroom

PASSAGES: Final = 2
_FIELDS: Final[Mapping[FacetName, FacetField]] = {
    "section": "section",
    "source": "source",
    "lang": "language",
    "entity": "entity",
    "person": "person",
    "organisation": "organisation",
    "place": "place",
}


@dataclass(frozen=True, slots=True)
class _Asked:
    """What to ask the store, and how its query was read; `relaxed`: any of the words count.

    The request holds one article more than the page, which tells whether there is a next one.
    """

    reading: Reading
    relaxed: bool
    request: Request


def search(newsroom: Newsroom, question: SearchQuestion) -> models.SearchAnswer:
    """One page of the articles of a question. InvalidParameter, StoreError; InvalidQuery only if it is `strict`."""
    started = perf_counter()
    now = newsroom.clock()
    asked, response = _found(newsroom, question)
    hits = response.hits[: question.page_size]
    marker = highlighter(asked.reading.query) if question.highlight else None
    return models.SearchAnswer(
        total=models.Total(value=response.total, exact=True),
        hits=[_hit(hit, marker) for hit in hits],
        facets={name: _facet(response.facets[_FIELDS[name]]) for name in question.facet},
        cursor=_next(newsroom, question, asked, hits[-1]) if len(response.hits) > len(hits) else None,
        query=_understood(asked),
        as_of=to_text(now),
        data_as_of=text_of(newsroom.data_as_of(now)),
        took_ms=round((perf_counter() - started) * 1_000, 3),
    )


def _found(newsroom: Newsroom, question: SearchQuestion) -> tuple[_Asked, Response]:
    """The page; where no article has all words, that of the articles with any of them."""
    place = read_cursor(newsroom.secret, question, question.cursor) if question.cursor else None
    asked = _asked(question, place, relaxed=bool(place and place[-1]))
    response = newsroom.store.search(asked.request)
    if response.total or place or question.match == "any":
        return asked, response
    looser = _asked(question, None, relaxed=True)
    if looser.reading.query == asked.reading.query:
        return asked, response
    found = newsroom.store.search(looser.request)
    return (looser, found) if found.total else (asked, response)


def _asked(question: SearchQuestion, place: list[int] | None, *, relaxed: bool) -> _Asked:
    match = "any" if relaxed else question.match
    reading = read(question.q, match)
    if question.strict and reading.problem:
        raise reading.problem
    sort = _sort(question, reading)
    request = Request(
        selection=_selection(question, reading),
        sort=sort,
        size=question.page_size + 1,
        after=Position(place[0], place[1]) if place and sort != "relevance" else None,
        offset=place[0] if place and sort == "relevance" else 0,
        facets={_FIELDS[name]: question.facet_size for name in question.facet},
    )
    return _Asked(reading, relaxed, request)


def _sort(question: SearchQuestion, reading: Reading) -> Sort:
    """Without words there is no relevance."""
    if question.sort in (None, "relevance"):
        return "newest" if isinstance(reading.query, All) else "relevance"
    return question.sort


def _selection(question: SearchQuestion, reading: Reading) -> Selection:
    filters: dict[FilterField, tuple[str, ...]] = {
        "section": question.section,
        "source": question.source,
        "language": question.lang,
        "entity": question.entity,
    }
    start, end, _ = span_of(question)
    return Selection(reading.query, {name: values for name, values in filters.items() if values}, start, end)


def _next(newsroom: Newsroom, question: SearchQuestion, asked: _Asked, last: Hit) -> str:
    if asked.request.sort == "relevance":
        place = [asked.request.offset + question.page_size]
    else:
        place = list(last.article.order)
    return write_cursor(newsroom.secret, question, [*place, int(asked.relaxed)])


def _understood(asked: _Asked) -> models.QueryReading:
    problem = asked.reading.problem
    return models.QueryReading(
        read_as=asked.reading.read_as,
        lenient=asked.reading.lenient,
        relaxed=asked.relaxed,
        problem=models.QueryProblem(detail=str(problem), column=problem.column) if problem else None,
    )


def _hit(hit: Hit, marker: Highlighter | None) -> models.Hit:
    article = shown(hit.article)
    if marker is None:
        return models.Hit(article=article, score=hit.score)
    return models.Hit(article=article, score=hit.score, highlights=_highlights(hit.article, marker))


def _highlights(article: Article, marker: Highlighter) -> models.Highlights:
    """The marks of an article; the passages are the summary's where the body has none."""
    passages = marker.passages(article.body, PASSAGES) or marker.passages(article.summary, PASSAGES)
    return models.Highlights(
        title=marker.marks(article.title),
        body=[models.Passage(text=passage.text, marks=passage.marks) for passage in passages],
    )


def _facet(facet: Facet) -> models.Facet:
    values = [
        models.FacetValue(value=value.value, count=value.count, selected=value.selected) for value in facet.values
    ]
    return models.Facet(values=values, more=facet.more)
