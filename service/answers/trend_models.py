"""The shapes of the answers about what matters now."""

from nlp.mention import EntityType
from service.answers.models import Answer, Article, EntityName, Shape
from service.answers.pin_models import PinnedBy
from service.trends.collection import State
from service.trends.scoring import Status


class Explain(Shape):
    """Why an item ranks where it does: decayed articles now, as typical and as expected, and how surprising that is.

    Its rank is by what it has above `typical`, its usual share of what the newsroom had of late; its status by what it
    has above `expected`, its usual share of what the newsroom has now. `lift` is now / expected.
    `since` is when its status began, at most two days ago; `demoted_by` the id of the item that it stands below for
    being too like it.
    """

    now: float
    typical: float
    expected: float
    lift: float | None
    z: float
    half_life: str
    since: str | None
    demoted_by: str | None


class Trend(Shape):
    """What all items have. `evidence` holds up to three articles that are really about it, of different sources.

    `pinned_by` is there where editors put the item in its place.
    """

    rank: int
    score: float
    status: Status
    articles: int
    sources: int
    first_seen: str
    evidence: list[Article]
    explain: Explain | None = None
    pinned_by: PinnedBy | None = None


class TrendingEntity(Trend):
    """An entity that matters now."""

    entity: EntityName


class StoryName(Shape):
    """A story, and the title of the article that represents it."""

    id: str
    title: str


class TrendingStory(Trend):
    """A story that matters now. The first of its `evidence` represents it; `entities` are what most of it names."""

    story: StoryName
    entities: list[EntityName]


class TrendingArticle(Trend):
    """An article that matters now: the one that represents a story, or by its own freshness and names."""

    article: Article


class TrendParameters(Shape):
    """The parameters that a list was asked for with; `type` is null for articles and stories."""

    section: str | None
    type: EntityType | None
    half_life: str
    baseline_half_life: str
    novelty: float
    min_sources: int | None
    diversity: float
    limit: int


class Collection(Shape):
    """Whether articles arrive: `quiet` or `stopped` if none has for longer than usual. `since`: the last arrival."""

    state: State
    since: str | None


class Trends(Answer):
    """What lists of trends share.

    `fallback` names what the list holds instead when what was asked for is nothing: `volume`, `wider:24h` or another
    half-life, `latest`. `algorithm` names the formula; it changes when that does.
    """

    fallback: str | None
    collection: Collection
    parameters: TrendParameters
    algorithm: str


class TrendingEntitiesAnswer(Trends):
    items: list[TrendingEntity]


class TrendingStoriesAnswer(Trends):
    items: list[TrendingStory]


class TrendingArticlesAnswer(Trends):
    items: list[TrendingArticle]
