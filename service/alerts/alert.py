"""An alert, and how it is kept."""

from dataclasses import asdict, dataclass

from indexer.decisions.decision import STORY, is_story
from indexer.store.port import Json
from indexer.times import Millis
from nlp.mention import EntityType


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """An entity or a story that came to be in the news far more than usual, and what showed it at that moment.

    `subject` is the id of an entity, or that of a story as decisions have it: "story:ID". `now`, `expected`, `lift` and
    `z` are those of docs/trends.md. `articles` and `sources` are counts of the last day, `sections` those of these
    articles, the most frequent first, and `evidence` the ids of up to three of them. `updated_at` is when it was
    written down that it was raised or, if it is, cleared. A story has no name and no type.
    """

    subject: str
    raised_at: Millis
    z: float
    now: float
    expected: float
    lift: float | None
    articles: int
    sources: int
    sections: tuple[str, ...]
    evidence: tuple[str, ...]
    name: str = ""
    type: EntityType | None = None
    cleared_at: Millis | None = None
    updated_at: Millis = 0

    @property
    def id(self) -> str:
        """The same whoever raises it, and in the order of time."""
        return f"{self.raised_at:013d}:{self.subject}"

    @property
    def story(self) -> str | None:
        """The id of the story that it is about, if it is about one."""
        return self.subject.removeprefix(STORY) if is_story(self.subject) else None


def to_json(alert: Alert) -> Json:
    """The record of an alert."""
    return asdict(alert)


def from_json(record: Json) -> Alert:
    """The alert of a record that `to_json` made."""
    return Alert(**{**record, "sections": tuple(record["sections"]), "evidence": tuple(record["evidence"])})
