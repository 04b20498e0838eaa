"""The shapes of all answers, the same for the HTTP API, the pages and the command line.

Times are RFC 3339 text in UTC with milliseconds; offsets count code points. A field with a default is in an answer
only where it was asked for; every other field always is, `null` where there is nothing.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from indexer.buckets import Interval
from nlp.mention import EntityType
from service.trends.scoring import Status

Span = tuple[int, int]
"""Where a mark starts and ends, half-open."""


class Shape(BaseModel):
    """Base of all shapes: immutable, and exactly the fields that are declared."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class EntityName(Shape):
    """A person, organisation, place or other name."""

    id: str
    name: str
    type: EntityType


class Entity(EntityName):
    """An entity; `short` is its abbreviation, as "ISW"."""

    short: str | None


class ArticleEntity(Entity):
    """An entity in one article, and how often it is named there."""

    count: int


class Article(Shape):
    """An article as lists show it, without its body unless that was asked for.

    `story` is the id of the story that it is in; null for some seconds, until it has been put into one.
    """

    id: str
    url: str | None
    title: str
    summary: str
    section: str | None
    labels: list[str]
    source: str | None
    refs: list[str]
    authors: list[str]
    language: str | None
    published_at: str | None
    seen_at: str
    story: str | None
    entities: list[ArticleEntity]
    body: str = ""


class Answer(Shape):
    """`as_of` is the moment the answer was asked for, `data_as_of` the newest arrival it has taken in."""

    as_of: str
    data_as_of: str | None


class Total(Shape):
    value: int
    exact: bool


class Passage(Shape):
    """A piece of the body; `marks` count from its start."""

    text: str
    marks: list[Span]


class Highlights(Shape):
    """Where the words of the query stand. `title` marks the title; `body` holds the best passages."""

    title: list[Span]
    body: list[Passage]


class Hit(Shape):
    """A found article; `score` is null where the order is by time.

    `partial` is there, and true, for an article that has some of the words only: a first page by relevance goes on with
    the best of these where fewer than ten have all. They count neither in the total nor in facets. `story_size` is
    there where a search is collapsed: how many of the articles found are in the same story.
    """

    article: Article
    score: float | None
    highlights: Highlights = Highlights(title=[], body=[])
    partial: bool = False
    story_size: int = 1


class FacetValue(Shape):
    """A value and the exact number of articles choosing it leads to."""

    value: str
    count: int
    selected: bool


class Facet(Shape):
    """`more` says whether other values exist."""

    values: list[FacetValue]
    more: bool


class QueryProblem(Shape):
    """What is wrong with a query, and the column, from 1."""

    detail: str
    column: int


class QueryEntity(EntityName):
    """The entity that a whole query is a name of; `page` is the path of its page."""

    page: str


class QueryReading(Shape):
    """How the query was understood.

    `lenient`: it was broken, for the reason in `problem`, and `read_as` is what makes sense of it. `relaxed`: no
    article has all of its words, so any of them count.
    """

    read_as: str
    lenient: bool
    relaxed: bool
    problem: QueryProblem | None
    entity: QueryEntity | None


class SearchAnswer(Answer):
    """One page of found articles. `cursor` leads to the next page, null after the last.

    `export` is there where pages by relevance or freshness end before the articles do: it leads to all of them.
    """

    total: Total
    hits: list[Hit]
    facets: dict[str, Facet]
    cursor: str | None
    query: QueryReading
    took_ms: float
    export: str = ""


class ExportedArticle(Article):
    """A row of an export. `cursor` continues after it; null in the last row of all."""

    cursor: str | None


class SimilarArticle(Shape):
    """An article and how like it is; scores compare within one answer."""

    article: Article
    score: float


class SimilarAnswer(Answer):
    """The articles most like one, by their words, names and meaning; the likest first."""

    items: list[SimilarArticle]


class SuggestedEntity(Shape):
    """A name that begins as typed; its articles of the last 120 days, and how it stands against what is usual.

    `status` is null for one that is hardly in the news now.
    """

    entity: Entity
    articles: int
    status: Status | None


class SuggestedTitle(Shape):
    """An article whose title has the words typed."""

    id: str
    title: str
    section: str | None
    published_at: str | None


class SuggestAnswer(Answer):
    """What somebody may mean: names, those in the most articles first; then titles, the newest first."""

    entities: list[SuggestedEntity]
    titles: list[SuggestedTitle]


class ArticleAnswer(Article):
    """One whole article, with its body."""

    body: str


class LatestAnswer(Answer):
    """The newest articles, by ranked time."""

    items: list[Article]


class Bucket(Shape):
    """A calendar hour, day or week, half-open. `share` is of `all`, the articles of anything in that time.

    `incomplete`: the time is not over yet, or the question covers only part of it.
    """

    start: str
    end: str
    articles: int
    all: int
    share: float
    incomplete: bool


class Timeline(Answer):
    """Articles over time without gaps, oldest first, in the calendar of `tz`."""

    interval: Interval
    tz: str
    buckets: list[Bucket]


class TimelineAnswer(Timeline):
    """The articles of a query over time."""

    query: QueryReading


class Written(Shape):
    """What became of one posted article; `detail` says why it failed."""

    id: str | None
    outcome: Literal["new", "changed", "unchanged", "failed"]
    detail: str | None


class Problem(BaseModel):
    """A problem (RFC 9457). `column` and `parameter` are there where they say more."""

    model_config = ConfigDict(frozen=True)

    type: str
    title: str
    status: int
    detail: str
    column: int | None = None
    parameter: str | None = None


def as_json(shape: BaseModel) -> bytes:
    """The JSON of an answer: what was not asked for is not in it."""
    return shape.__pydantic_serializer__.to_json(shape, exclude_unset=True)
