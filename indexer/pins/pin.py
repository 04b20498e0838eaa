"""Decisions of editors about lists of trends: what one says, and how it is kept."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Final, Literal

from indexer.store.port import Json
from indexer.times import DAY, Millis

ListName = Literal["entities", "stories", "articles"]

LONGEST: Final = 30 * DAY
"""How long a decision about a list can last."""


@dataclass(frozen=True, slots=True)
class Pin:
    """An item stands at a position of a list, from 1; without one, before all that has none.

    Without a section, in the list of all sections.
    """

    list: ListName
    item: str
    until: Millis
    position: int | None = None
    section: str | None = None


@dataclass(frozen=True, slots=True)
class Hide:
    """An item is not in a list; without a section, in that of any section."""

    list: ListName
    item: str
    until: Millis
    section: str | None = None


@dataclass(frozen=True, slots=True)
class Lift:
    """An earlier decision ends before its time."""

    number: int


Act = Pin | Hide | Lift


@dataclass(frozen=True, slots=True)
class PinDecision:
    """What was decided: by whom, when and why. `name` is what the item was called then."""

    number: int
    at: Millis
    who: str
    why: str
    act: Act
    name: str = ""


ACTS: Final[dict[str, type[Act]]] = {"pin": Pin, "hide": Hide, "lift": Lift}
"""What can be decided, by the names under which it is kept."""


def name_of(act: Act) -> str:
    """The name of a kind of act: "pin"."""
    return type(act).__name__.lower()


def to_json(decision: PinDecision) -> Json:
    """The record of a decision."""
    return {**asdict(decision), "act": {"kind": name_of(decision.act), **asdict(decision.act)}}


def from_json(record: Json) -> PinDecision:
    """The decision of a record that `to_json` made."""
    return PinDecision(**{**record, "act": _act(record["act"])})


def _act(record: Json) -> Act:
    make: Callable[..., Act] = ACTS[record["kind"]]
    return make(**{name: value for name, value in record.items() if name != "kind"})
