"""Which articles a question is about: how its query is read, and what else they must be."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from indexer.catalogue.catalogue import Entry
from indexer.query.ast import All, And, Field, Fuzzy, Or, Phrase, Prefix, Query, Text
from indexer.query.names import followed, understood
from indexer.query.parser import Match, Reading, read
from indexer.query.stopwords import without_stop_words
from indexer.store.port import FilterField, Response, Selection
from service.answers import models
from service.answers.questions import MatchingQuestion, Span, span_of
from service.newsroom import Newsroom


@dataclass(frozen=True, slots=True)
class Matching:
    """The articles of a question, whose query is widened to the names in it, and rid of its stop words.

    `entity`: what the whole query is a name of. `relaxed`: any of its words count.
    """

    reading: Reading
    entity: Entry | None
    relaxed: bool
    selection: Selection

    @property
    def marked(self) -> Query:
        """What to mark in the articles: an entity under any of its names."""
        query, entity = self.reading.query, self.entity
        return Or((query, *map(Phrase, entity.surfaces))) if entity else query


def matching(newsroom: Newsroom, question: MatchingQuestion, *, relaxed: bool = False) -> Matching:
    """Read a question. InvalidParameter; InvalidQuery only if it is `strict`."""
    span = span_of(question)
    match: Match = "any" if relaxed else question.match
    reading = read(question.q, match, span.zone)
    if question.strict and reading.problem:
        raise reading.problem
    names = newsroom.names
    meant = understood(reading.query, names.lookup, match)
    entity = names.get(meant.entity_id)
    resolve, leads_to = names.rulings.resolve, names.rulings.stories.leads_to
    query = followed(without_stop_words(meant.query), resolve, leads_to)
    merged: dict[FilterField, Sequence[str]] = {
        "entity": [resolve(one) for one in question.entity],
        "story": [leads_to(one) for one in question.story],
    }
    filters = {**filters_of(question), **merged}
    return Matching(reading, entity, relaxed, selection_of(span, filters, query))


def settled(
    newsroom: Newsroom, question: MatchingQuestion, look: Callable[[Matching], Response]
) -> tuple[Matching, Response]:
    """Look for the articles of a question; where none has all of its words, for those with any of them.

    InvalidParameter, StoreError; InvalidQuery only if the question is `strict`.
    """
    exact = matching(newsroom, question)
    response = look(exact)
    if response.total or question.match == "any":
        return exact, response
    looser = matching(newsroom, question, relaxed=True)
    if looser.selection == exact.selection:
        return exact, response
    found = look(looser)
    return (looser, found) if found.total else (exact, response)


def filters_of(question: MatchingQuestion) -> dict[FilterField, Sequence[str]]:
    """The exact filters of a question."""
    return {
        "section": question.section,
        "source": question.source,
        "language": question.lang,
        "entity": question.entity,
        "story": question.story,
    }


def selection_of(span: Span, filters: Mapping[FilterField, Sequence[str]], query: Query | None = None) -> Selection:
    """A selection without the filters that have no value."""
    present = {name: tuple(values) for name, values in filters.items() if values}
    return Selection(query or All(), present, span.start, span.end)


def ranks(query: Query) -> bool:
    """Whether one article can fit a query better than another: what only filters, or begins alike, scores alike."""
    match query:
        case Text() | Phrase() | Field("title", Text() | Phrase()):
            return True
        case And(parts):
            return any(map(ranks, parts))
        case Or(parts):
            return any(map(_scores, parts))
        case _:
            return False


def _scores(query: Query) -> bool:
    """Whether what matches a part of an alternative has a score of its own for it."""
    match query:
        case Prefix() | Fuzzy() | Field("title"):
            return True
        case And(parts):
            return any(map(_scores, parts))
        case _:
            return ranks(query)


def shown_reading(newsroom: Newsroom, found: Matching) -> models.QueryReading:
    """How a query was understood. StoreError."""
    problem = found.reading.problem
    return models.QueryReading(
        read_as=found.reading.read_as,
        lenient=found.reading.lenient,
        relaxed=found.relaxed,
        problem=models.QueryProblem(detail=str(problem), column=problem.column) if problem else None,
        entity=_with_page(newsroom, found.entity) if found.entity else None,
    )


def _with_page(newsroom: Newsroom, entry: Entry) -> models.QueryEntity | None:
    """None for an entity in no article: it has no page."""
    if not newsroom.store.count(Selection(filters={"entity": (entry.id,)})):
        return None
    return models.QueryEntity(id=entry.id, name=entry.name, type=entry.type, page=f"/entities/{entry.id}")
