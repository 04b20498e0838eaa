"""Every article of a question, one by one, in constant memory."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final, NamedTuple
from urllib.parse import urlencode

from indexer.article import Article
from indexer.store.port import Position, Request, Response
from service.answers import models
from service.answers.cursors import cursor_writer, read_cursor
from service.answers.matching import Matching, matching, settled, shown_reading
from service.answers.questions import ExportQuestion, MatchingQuestion, parameters_of
from service.newsroom import Newsroom

PAGE: Final = 1_000
"""How many articles are asked for at a time."""

_PATH: Final = "/v1/export"


class Row(NamedTuple):
    """An article, and the cursor that continues after it: None after the last."""

    article: Article
    cursor: str | None


@dataclass(frozen=True, slots=True)
class Export:
    """How a query was read, and the articles that it finds. Reading on through `rows` can raise StoreError."""

    query: models.QueryReading
    rows: Iterator[Row]


def export(newsroom: Newsroom, question: ExportQuestion) -> Export:
    """Every article of a question, from its cursor on. InvalidParameter, StoreError; InvalidQuery if it is `strict`.

    What matches throughout comes exactly once, also while others write, and also if it is read in parts.
    """
    place = read_cursor(newsroom.secret, question, question.cursor) if question.cursor else None
    after = Position(*place[1:]) if place else None

    def look(found: Matching) -> Response:
        return newsroom.store.search(Request(found.selection, question.sort, PAGE, after))

    if place is None:
        found, first = settled(newsroom, question, look)
    else:
        found = matching(newsroom, question, relaxed=bool(place[0]))
        first = look(found)
    request = Request(found.selection, question.sort, PAGE)
    write = cursor_writer(newsroom.secret, question)
    ends = _marked_last(_articles(newsroom, request, first))
    rows = (Row(one, None if last else write([int(found.relaxed), *one.order])) for one, last in ends)
    return Export(shown_reading(newsroom, found), rows)


def export_address(question: MatchingQuestion) -> str:
    """The path and parameters of the export of the same articles."""
    given = question.model_dump(by_alias=True, exclude_defaults=True)
    kept = {name: value for name, value in given.items() if name in parameters_of(MatchingQuestion) or name == "fields"}
    return f"{_PATH}?{urlencode(kept, doseq=True)}"


def _articles(newsroom: Newsroom, request: Request, page: Response) -> Iterator[Article]:
    while page.hits:
        for hit in page.hits:
            yield hit.article
        page = newsroom.store.search(replace(request, after=Position(*page.hits[-1].article.order)))


def _marked_last(articles: Iterable[Article]) -> Iterator[tuple[Article, bool]]:
    """Each with whether it is the last, which is known one later."""
    remaining = iter(articles)
    for held in remaining:
        for following in remaining:
            yield held, False
            held = following  # noqa: PLW2901 - the one that waits for its successor
        yield held, True
