"""The shapes of answers about names."""

from typing import Literal

from nlp.mention import EntityType
from service.answers.decision_models import StandingDecision
from service.answers.models import Answer, Entity, EntityName, Shape, Timeline


class EntityCount(Shape):
    """An entity and the exact number of articles that name it."""

    entity: Entity
    articles: int


class EntitiesAnswer(Answer):
    """Names, those in the most articles first. `cursor` leads to the next page, null after the last."""

    items: list[EntityCount]
    cursor: str | None


class ValueCount(Shape):
    """A value and the exact number of articles that have it."""

    value: str
    articles: int


class NameSeen(Shape):
    """A form under which an entity is named, and in how many of the articles read."""

    name: str
    articles: int


class TypeSeen(Shape):
    """A type that extraction took an entity for, and in how many of the articles read."""

    type: EntityType
    articles: int


class ExtractorSeen(Shape):
    """What found an entity, as articles carry it, and in how many of the articles read."""

    extractor: str
    articles: int


class Seen(Shape):
    """What the newest `articles` with an entity show of it, the most frequent first."""

    articles: int
    names: list[NameSeen]
    types: list[TypeSeen]
    extractors: list[ExtractorSeen]


class EntityAnswer(Answer):
    """One entity: the number of articles that name it, and the ranked times of the first and the last of them.

    `sources`, `sections` and `languages` are those with the most articles, `more` says which of them have others.
    `country` and `related` are what the catalogue says the entity lies in, belongs to or stands for. `hidden` is the
    decision that took it out of all articles, `merged` are the ids that lead here.
    """

    entity: Entity
    articles: int
    first_seen: str | None
    last_seen: str | None
    sources: list[ValueCount]
    sections: list[ValueCount]
    languages: list[ValueCount]
    more: list[Literal["sources", "sections", "languages"]]
    seen: Seen
    country: EntityName | None
    latitude: float | None
    longitude: float | None
    related: list[EntityName]
    hidden: StandingDecision | None
    merged: list[str]


class EntityTimelineAnswer(Timeline):
    """The articles with one name over time."""

    entity: Entity


class RelatedEntity(Shape):
    """An entity named together with another.

    `articles` name it at all, `together` both; `expected` is what `together` would be by chance, `lift` how many times
    that it is, `score` the log-likelihood ratio.
    """

    entity: Entity
    together: int
    articles: int
    expected: float
    lift: float
    score: float


class RelatedAnswer(Answer):
    """The names that are with one more often than by chance, those with the highest score first.

    `articles` name the entity and `all` are those of anything, in the sections and the time asked for.
    """

    entity: Entity
    articles: int
    all: int
    measure: str
    formula: str
    items: list[RelatedEntity]
