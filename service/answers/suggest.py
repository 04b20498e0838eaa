"""What somebody may mean who has begun to type: names, then titles."""

from itertools import islice
from typing import Final

from indexer.query.ast import And, Field, Prefix, Query, Text
from indexer.query.tokens import tokens
from indexer.store.port import Request, Selection
from indexer.times import to_text
from service.answers import models
from service.answers.questions import SuggestQuestion
from service.answers.shown import text_of
from service.newsroom import Newsroom
from service.trends.completion import Completed

_SHORTEST: Final = 2
_MOST_WORDS: Final = 8
_SPARE: Final = 3
"""How many times as many articles are looked at as titles are wanted: copies have the same."""


def suggest(newsroom: Newsroom, question: SuggestQuestion) -> models.SuggestAnswer:
    """Names that begin as typed, and the newest articles whose titles have the words. StoreError."""
    now = newsroom.clock()
    data_as_of = newsroom.data_as_of(now)
    completion = newsroom.completions.at(newsroom.trends.snapshot, now, whole=newsroom.trends.ready)
    return models.SuggestAnswer(
        entities=[_entity(one) for one in completion.complete(question.q, question.limit)],
        titles=_titles(newsroom, question),
        as_of=to_text(now),
        data_as_of=text_of(data_as_of),
    )


def _entity(completed: Completed) -> models.SuggestedEntity:
    label = completed.label
    entity = models.Entity(id=label.entity_id, name=label.name, short=label.short, type=label.type)
    return models.SuggestedEntity(entity=entity, articles=completed.articles, status=completed.status)


def _titles(newsroom: Newsroom, question: SuggestQuestion) -> list[models.SuggestedTitle]:
    query = title_query(question.q)
    if query is None:
        return []
    request = Request(Selection(query), sort="newest", size=question.limit * _SPARE)
    newest = {hit.article.title: hit.article for hit in reversed(newsroom.store.search(request).hits)}
    articles = sorted(newest.values(), key=lambda article: article.order, reverse=True)
    return [
        models.SuggestedTitle(id=one.id, title=one.title, section=one.section, published_at=text_of(one.published_at))
        for one in islice(articles, question.limit)
    ]


def title_query(typed: str) -> Query | None:
    """All the words in a title, the last one perhaps not yet whole; None where that is too little to look for."""
    typed_words = tokens(typed)[-_MOST_WORDS:]
    parts: list[Query] = [Field("title", Text(word)) for word in typed_words[:-1]]
    if typed_words and (typed[-1].isspace() or len(typed_words[-1]) >= _SHORTEST):
        last = typed_words[-1]
        parts.append(Field("title", Text(last) if typed[-1].isspace() else Prefix(last)))
    if not parts:
        return None
    return And(tuple(parts)) if len(parts) > 1 else parts[0]
