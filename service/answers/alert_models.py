"""What can be asked about alerts, and the shapes of the answers."""

from typing import Literal

from pydantic import Field

from nlp.mention import EntityType
from service.answers.models import Article, EntityName, Shape
from service.answers.questions import Cursor, Question, Values
from service.answers.trend_models import StoryName


class AlertsQuestion(Question):
    """What came to be in the news far more than usual, the newest first."""

    since: str | None = Field(
        None,
        description="Only what was raised, or cleared, at this time or later: the `as_of` of the answer before.",
        examples=["2024-11-14T12:00:00Z"],
    )
    section: Values = Field((), description="Only what is in the news of this section.")
    type: Literal[EntityType, "story"] | None = Field(None, description="Only names of this type, or only stories.")
    limit: int = Field(20, ge=1, le=100, description="The most alerts per page.")
    cursor: Cursor = None


class Alert(Shape):
    """An entity or a story that came to be in the news far more than usual, and what showed it.

    `raised_at` is when, `cleared_at` when that was over, null before; `updated_at` when the last of these became known.
    `now`, `expected`, `lift` and `z` are as in the explanation of trends, at that time; `articles` and `sources` are
    counts of the day before it, `sections` those of these articles, and `evidence` holds up to three of them.
    """

    id: str
    entity: EntityName | None
    story: StoryName | None
    reason: str
    raised_at: str
    cleared_at: str | None
    updated_at: str
    z: float
    now: float
    expected: float
    lift: float | None
    articles: int
    sources: int
    sections: list[str]
    evidence: list[Article]


class AlertsAnswer(Shape):
    """Alerts, the newest first. `cursor` leads to the next page, null after the last.

    `looked_at` is the last moment that the worker looked at, null before the first.
    """

    items: list[Alert]
    cursor: str | None
    looked_at: str | None
    as_of: str
