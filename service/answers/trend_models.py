"""The shapes of the answers about what matters now."""

from nlp.mention import EntityType
from service.answers.models import Answer, Article, EntityName, Shape
from service.trends.scoring import Status


class Explain(Shape):
    """Why an entity ranks where it does: decayed articles now and as usual, their ratio, and how surprising it is."""

    now: float
    expected: float
    lift: float | None
    z: float
    half_life: str
    demoted_by: str | None


class TrendingEntity(Shape):
    """An entity that matters now. `evidence` holds up to three of its articles."""

    rank: int
    entity: EntityName
    score: float
    status: Status
    articles: int
    sources: int
    first_seen: str
    evidence: list[Article]
    explain: Explain | None = None


class TrendingArticle(Shape):
    """An article that matters now, through its freshness and its names."""

    rank: int
    article: Article
    score: float
    status: Status
    articles: int
    sources: int
    first_seen: str
    evidence: list[Article]
    explain: Explain | None = None


class TrendParameters(Shape):
    """The parameters that a list of trends was made with; `type` is null for articles."""

    section: str | None
    type: EntityType | None
    half_life: str
    baseline_half_life: str
    novelty: float
    limit: int


class Trends(Answer):
    """What lists of trends share. `fallback` names what the list holds instead when nothing trends."""

    fallback: str | None
    parameters: TrendParameters
    algorithm: str


class TrendingEntitiesAnswer(Trends):
    items: list[TrendingEntity]


class TrendingArticlesAnswer(Trends):
    items: list[TrendingArticle]
