"""Single articles, those like one, and the newest."""

from collections.abc import Sequence

from indexer.article import Article
from indexer.store.port import FilterField, Request, Selection
from indexer.times import MINUTE, Millis, to_text
from service.answers import models
from service.answers.errors import UnknownId
from service.answers.matching import selection_of
from service.answers.questions import LatestQuestion, SimilarQuestion, span_of
from service.answers.ranking import most_like
from service.answers.shown import shown, shown_whole, text_of
from service.newsroom import Newsroom


def article(newsroom: Newsroom, article_id: str) -> models.ArticleAnswer:
    """One whole article. UnknownId, StoreError."""
    return shown_whole(_stored(newsroom, article_id))


def similar(newsroom: Newsroom, article_id: str, question: SimilarQuestion) -> models.SimilarAnswer:
    """The articles most like one, by words, names and meaning. UnknownId, InvalidParameter, StoreError."""
    now = newsroom.clock()
    found = _stored(newsroom, article_id)
    filters: dict[FilterField, Sequence[str]] = {
        "section": question.section,
        "source": question.source,
        "language": question.lang,
    }
    selection = selection_of(span_of(question), filters)
    data_as_of = newsroom.data_as_of(now)
    hits = most_like(newsroom.store, found, selection, question.limit)
    return models.SimilarAnswer(
        items=[models.SimilarArticle(article=shown(hit.article), score=hit.score or 0.0) for hit in hits],
        as_of=to_text(now),
        data_as_of=text_of(data_as_of),
    )


def articles(newsroom: Newsroom, ids: tuple[str, ...]) -> dict[str, models.Article]:
    """Those of the articles that there are, by id. StoreError."""
    found = newsroom.store.get(ids)
    return {one.id: shown(one) for one in found if one is not None}


def latest(newsroom: Newsroom, question: LatestQuestion) -> models.LatestAnswer:
    """The newest articles by ranked time. The answer's own time is the whole minute. StoreError."""
    now = newsroom.clock()
    selection = Selection(filters={"section": question.section} if question.section else {})
    data_as_of = newsroom.data_as_of(now)
    hits = newsroom.store.search(Request(selection, sort="newest", size=question.limit)).hits
    return models.LatestAnswer(
        items=[shown(hit.article) for hit in hits],
        as_of=to_text(whole_minute(now)),
        data_as_of=text_of(data_as_of),
    )


def whole_minute(moment: Millis) -> Millis:
    """The minute that a moment is in, so that everyone who polls within it gets the same answer."""
    return moment - moment % MINUTE


def _stored(newsroom: Newsroom, article_id: str) -> Article:
    (found,) = newsroom.store.get([article_id])
    if found is None:
        raise UnknownId(f"There is no article {article_id!r}.")
    return found
