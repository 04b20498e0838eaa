"""The shapes of suggestions to editors."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from service.answers.models import Answer, Entity, Shape
from service.answers.questions import Question, SuggestionKind

Verdict = Literal["accepted", "refused"]
_Said = Annotated[str, StringConstraints(strip_whitespace=True)]


class DoubtedEntity(Shape):
    """An entity, with the forms of its name and the numbers of articles and sources in what was read."""

    entity: Entity
    articles: int
    sources: int
    names: list[str]


class Evidence(Shape):
    """What speaks for a suggestion, in what was read.

    `articles` would change, or define the abbreviation, and are of so many `sources`. Of duplicates, `likeness` says
    from 0 to 1 how alike the names are that the two are named with, and `together` how many articles have both.
    """

    articles: int
    sources: int
    likeness: float | None
    together: int | None


class Suggestion(Shape):
    """Something that may be worth deciding. `act` is the decision, to be sent with who takes it and why."""

    id: str
    kind: SuggestionKind
    reasons: list[str]
    entities: list[DoubtedEntity]
    evidence: Evidence
    act: dict[str, str]


class SuggestionsAnswer(Answer):
    """Suggestions out of the newest `read` articles, those that matter in most first; `refused` are left out."""

    items: list[Suggestion]
    read: int
    refused: int


class AskedVerdict(Question):
    """What an editor says to a suggestion."""

    verdict: Verdict
    who: _Said = Field(min_length=1, max_length=100, description="Who says so.", examples=["jane"])
    why: _Said = Field(min_length=1, max_length=1_000, description="The reason.")


class Judged(Shape):
    """The verdict about a suggestion; `decision` is the number of the decision that an accepted one became."""

    id: str
    verdict: Verdict
    who: str
    why: str
    at: str
    decision: int | None
