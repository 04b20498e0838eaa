"""What can be asked about what matters now."""

from pydantic import Field

from nlp.mention import EntityType
from service.answers.questions import Question


class TrendingQuestion(Question):
    """What matters now."""

    section: str | None = Field(None, description="Only this section.")
    half_life: str = Field("10h", description="How fast news ages, from `1h` to `7d`.", examples=["10h"])
    baseline_half_life: str = Field("14d", description="How long what is usual is remembered.", examples=["14d"])
    novelty: float = Field(1.0, ge=0, le=1, description="1 ranks by what is more than usual, 0 by plain volume.")
    min_sources: int | None = Field(
        None,
        ge=1,
        le=100,
        description="From how many sources an item must be within the last three half-lives. By default 2, but 1 "
        "where the section had fewer than three sources this week. From 2 on, the loudest source of an item counts "
        "for at most twice the next.",
    )
    diversity: float = Field(0.2, ge=0, le=1, description="0 lists by score alone, 1 only by how different items are.")
    limit: int = Field(10, ge=1, le=100, description="The most items.")
    as_of: str | None = Field(None, description="Answer as at this moment, from today's archive.")
    explain: bool = Field(default=False, description="Add the numbers behind each rank.")


class TrendingArticlesQuestion(TrendingQuestion):
    """The articles that matter now."""


class TrendingStoriesQuestion(TrendingQuestion):
    """The stories that matter now."""


class TrendingEntitiesQuestion(TrendingQuestion):
    """The names that matter now."""

    type: EntityType | None = Field(None, description="Only names of this type.")
