"""The shapes of answers about stories."""

from typing import Literal

from indexer.buckets import Interval
from service.answers.entity_models import EntityCount, ValueCount
from service.answers.models import Answer, Article, Shape

StoryStatus = Literal["active", "quiet"]


class StoryBucket(Shape):
    """The articles of a story in an hour, a day or a week."""

    start: str
    end: str
    articles: int


class StoryTimeline(Shape):
    """The articles of a story from its first to its last, without gaps, by the calendar of UTC."""

    interval: Interval
    buckets: list[StoryBucket]


class StoryAnswer(Answer):
    """One story: what publishers write about one event.

    `title` is that of the `representative`, whose names are most like those of the others. `articles` is their number;
    `items` are a page of them, the newest first, and `cursor` leads to the next one, null after the last. `sources` and
    `entities` are those with the most of its articles, `more` says which of the two have others. `status`: an article
    came in the last day (`active`), or none (`quiet`). `merged` are the ids that lead here.
    """

    id: str
    title: str
    status: StoryStatus
    articles: int
    first_seen: str
    last_seen: str
    representative: Article
    sources: list[ValueCount]
    entities: list[EntityCount]
    more: list[Literal["sources", "entities"]]
    timeline: StoryTimeline
    merged: list[str]
    items: list[Article]
    cursor: str | None
