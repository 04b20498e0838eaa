"""What lists of trends hold."""

from dataclasses import dataclass

from indexer.times import Millis
from service.trends.info import EntityInfo
from service.trends.scoring import Explain, Status
from service.trends.snapshot import Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Trending:
    """What all items have.

    `articles` and `sources` count those of the scope within the last three half-lives. `evidence` are the ids of up to
    three articles that are really about it, of these where there are three.
    """

    rank: int
    score: float
    status: Status
    articles: int
    sources: int
    first_seen: Millis
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendingEntity(Trending):
    """An entity in a list."""

    entity: EntityInfo
    explain: Explain


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendingStory(Trending):
    """A story in a list. `article_id` represents it: of its fresh articles, the one that names most of what they name.

    `entities` are those that most of its articles name.
    """

    story_id: str
    article_id: str
    entities: tuple[Label, ...]
    explain: Explain


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendingArticle(Trending):
    """An article in a list: the one that represents a story.

    Where articles are in no stories, everything of its title counts, itself first in the evidence; `status` and
    `explain` are those of its most surprising name, and without one it is steady and unexplained.
    """

    article_id: str
    explain: Explain | None
