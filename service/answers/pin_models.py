"""What editors can decide about lists of trends, and the shapes of the answers."""

from typing import Annotated, Final, Literal, get_args

from pydantic import Field, StringConstraints, TypeAdapter, ValidationError

from indexer.errors import InvalidParameter
from indexer.pins.pin import Act, Hide, Lift, ListName, Pin
from indexer.times import Millis, parse_end
from service.answers.models import Shape
from service.answers.questions import Cursor, Question, moment_of

ActName = Literal["pin", "hide", "lift"]
_Said = Annotated[str, StringConstraints(strip_whitespace=True)]


class _Asked(Question):
    """What every decision says besides its act."""

    who: _Said = Field(min_length=1, max_length=100, description="Who decides.", examples=["jane"])
    why: _Said = Field(min_length=1, max_length=1_000, description="The reason, for those who wonder later.")


class _Placing(_Asked):
    list: ListName = Field(description="The list.")
    item: str = Field(min_length=1, max_length=300, description="The id of the entity, story or article.")
    until: str = Field(
        description="When it expires, at most 30 days from now: RFC 3339, or a date (UTC), which it includes.",
        examples=["2024-11-15T12:00:00Z"],
    )


class AskedPin(_Placing):
    """Keep an item at a place of a list."""

    act: Literal["pin"]
    position: int | None = Field(None, ge=1, le=100, description="Its place, from 1; before all others without one.")
    section: str | None = Field(None, description="The list of this section; without it, the list of all sections.")

    def decided(self) -> Act:
        return Pin(self.list, self.item, _end_of(self.until), self.position, self.section)


class AskedHide(_Placing):
    """Keep an item out of a list."""

    act: Literal["hide"]
    section: str | None = Field(None, description="Only in the list of this section; without it, in all.")

    def decided(self) -> Act:
        return Hide(self.list, self.item, _end_of(self.until), self.section)


class AskedLift(_Asked):
    """End an earlier decision before its time."""

    act: Literal["lift"]
    decision: int = Field(ge=1, description="The number of the decision.")

    def decided(self) -> Act:
        return Lift(self.decision)


Asked = AskedPin | AskedHide | AskedLift
KINDS: Final[tuple[type[Asked], ...]] = (AskedPin, AskedHide, AskedLift)
_READER: Final[TypeAdapter[Asked]] = TypeAdapter(Annotated[Asked, Field(discriminator="act")])


def read_asked(fields: object) -> Asked:
    """What somebody asks to be decided. InvalidParameter names the field that is wrong."""
    try:
        return _READER.validate_python(fields)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        if len(first["loc"]) < 2:  # noqa: PLR2004 - the act and the field; without them it is no known act
            raise InvalidParameter("act", f"act: one of {', '.join(get_args(ActName))}") from None
        name = str(first["loc"][1])
        raise InvalidParameter(name, f"{name}: {first['msg']}") from None


class PinsQuestion(Question):
    """The decisions about lists of trends, the newest first."""

    list: ListName | None = Field(None, description="Only decisions about this list.")
    standing: bool = Field(default=False, description="Only those in force now.")
    limit: int = Field(20, ge=1, le=100, description="The most decisions per page.")
    cursor: Cursor = None


class PinnedBy(Shape):
    """The decision that pinned an item: who took it, why, and when it expires."""

    number: int
    who: str
    why: str
    until: str


class Pinned(Shape):
    """One decision about a list; a lift with what it ended, whose number is `decision`.

    `name` is what the item was called then. `standing`: it is in force, being neither expired nor lifted nor followed
    by another about the same; `lifted_by` is the decision that ended it.
    """

    number: int
    at: str
    who: str
    why: str
    act: ActName
    decision: int | None
    list: ListName
    item: str
    name: str
    position: int | None
    section: str | None
    until: str
    standing: bool
    lifted_by: int | None


class PinsAnswer(Shape):
    """Decisions about lists, the newest first. `cursor` leads to the next page, null after the last."""

    items: list[Pinned]
    cursor: str | None
    as_of: str


def _end_of(text: str) -> Millis:
    """When something ends that lasts until then. InvalidParameter."""
    moment_of("until", text)
    return parse_end(text.upper())
