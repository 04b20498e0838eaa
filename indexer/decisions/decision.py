"""Decisions of editors about names and stories: what one says, and how it is kept."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Final, Literal, cast

from indexer.store.port import Json
from indexer.times import Millis
from nlp.mention import EntityType

SubjectType = EntityType | Literal["story"]
STORY: Final = "story:"
"""What the ids of stories begin with, where decisions speak of them: "story:" and the id that articles have."""


@dataclass(frozen=True, slots=True)
class Merge:
    """Everything of one entity or story is another's. The merged id leads to the other."""

    entity: str
    into: str


@dataclass(frozen=True, slots=True)
class Split:
    """Some names of an entity are those of an entity of its own; or, by their ids, some articles of a story.

    Only an entity is given a name and a type.
    """

    entity: str
    names: tuple[str, ...]
    new_name: str = ""
    type: EntityType | None = None


@dataclass(frozen=True, slots=True)
class Alias:
    """A form of a name always means an entity, whatever the catalogue says."""

    entity: str
    surface: str


@dataclass(frozen=True, slots=True)
class Hide:
    """An entity is in no article's entities."""

    entity: str


@dataclass(frozen=True, slots=True)
class Retype:
    """An entity is of another type. Its id stays."""

    entity: str
    type: EntityType


@dataclass(frozen=True, slots=True)
class Undo:
    """An earlier decision does not stand any more; if that is an undo, what it undid stands again."""

    number: int


Act = Merge | Split | Alias | Hide | Retype | Undo


@dataclass(frozen=True, slots=True)
class Subject:
    """An entity as it was known when something was decided about it, so that it can be shown without its articles.

    A story is called by the title of an article in it.
    """

    id: str
    name: str
    type: SubjectType
    short: str | None = None

    @property
    def born(self) -> EntityType:
        """The type that it has where no decision says another: its id begins with that, whatever it was known as."""
        return cast("EntityType", self.id.partition(":")[0])


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided: by whom, when and why. `subjects` are what the act names or makes."""

    number: int
    at: Millis
    who: str
    why: str
    act: Act
    subjects: tuple[Subject, ...] = ()

    @property
    def minted(self) -> str | None:
        """The id of what a split makes."""
        return self.subjects[-1].id if isinstance(self.act, Split) else None


ACTS: Final[dict[str, type[Act]]] = {
    "merge": Merge, "split": Split, "alias": Alias, "hide": Hide, "retype": Retype, "undo": Undo,
}  # fmt: skip
"""What can be decided, by the names under which it is kept."""


def is_story(entity_id: str) -> bool:
    """Whether an id in a decision is that of a story."""
    return entity_id.startswith(STORY)


def name_of(act: Act) -> str:
    """The name of a kind of act: "merge"."""
    return type(act).__name__.lower()


def to_json(decision: Decision) -> Json:
    """The record of a decision."""
    return {**asdict(decision), "act": {"kind": name_of(decision.act), **asdict(decision.act)}}


def from_json(record: Json) -> Decision:
    """The decision of a record that `to_json` made."""
    return Decision(
        **{**record, "act": _act(record["act"]), "subjects": tuple(Subject(**one) for one in record["subjects"])}
    )


def _act(record: Json) -> Act:
    fields = {name: tuple(value) if isinstance(value, list) else value for name, value in record.items()}
    make: Callable[..., Act] = ACTS[record["kind"]]
    return make(**{name: value for name, value in fields.items() if name != "kind"})
