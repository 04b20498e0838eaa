"""What editors can decide about names and stories, and the shapes of the answers: over HTTP, in files, in commands.

A decision has the same fields wherever it is written: what is read of one can be sent to decide the same elsewhere.
"""

from typing import Annotated, Final, Literal, get_args

from pydantic import Field, StringConstraints, TypeAdapter, ValidationError

from indexer.decisions.decision import Act, Alias, Hide, Merge, Retype, Split, SubjectType, Undo
from indexer.errors import InvalidParameter
from nlp.mention import EntityType
from service.answers.models import Problem, Shape
from service.answers.questions import Cursor, Question, Values

ActName = Literal["merge", "split", "alias", "hide", "retype", "undo"]
_Id = Annotated[str, Field(max_length=300, description="The id of an entity, or `story:` and that of a story.")]
_Name = Annotated[str, Field(max_length=200)]
_Said = Annotated[str, StringConstraints(strip_whitespace=True)]


class _Asked(Question):
    """What every decision says besides its act."""

    who: _Said = Field("", max_length=100, description="Who decides.", examples=["jane"])
    why: _Said = Field("", max_length=1_000, description="The reason, for those who wonder later.")


class AskedMerge(_Asked):
    """Make everything of one entity or story another's; the merged id leads to the other."""

    act: Literal["merge"]
    entity: _Id
    into: _Id

    def decided(self) -> Act:
        return Merge(self.entity, self.into)


class AskedSplit(_Asked):
    """Make some of the names of an entity an entity of its own, or some of the articles of a story a story."""

    act: Literal["split"]
    entity: _Id
    names: tuple[_Name, ...] = Field(
        min_length=1, max_length=1_000, description="The names that go; of a story, the ids of the articles."
    )
    new_name: _Name = Field("", description="The name of the new entity.")
    type: EntityType | None = Field(None, description="The type of the new entity.")

    def decided(self) -> Act:
        return Split(self.entity, self.names, self.new_name, self.type)


class AskedAlias(_Asked):
    """Let a name always mean an entity."""

    act: Literal["alias"]
    entity: _Id
    surface: _Name = Field(description="The name.")

    def decided(self) -> Act:
        return Alias(self.entity, self.surface)


class AskedHide(_Asked):
    """Take an entity out of all articles and lists."""

    act: Literal["hide"]
    entity: _Id

    def decided(self) -> Act:
        return Hide(self.entity)


class AskedRetype(_Asked):
    """Change the type of an entity; its id stays."""

    act: Literal["retype"]
    entity: _Id
    type: EntityType

    def decided(self) -> Act:
        return Retype(self.entity, self.type)


class AskedUndo(_Asked):
    """Take an earlier decision back; if that was an undo, what it undid stands again."""

    act: Literal["undo"]
    decision: int = Field(ge=1, description="The number of the decision.")

    def decided(self) -> Act:
        return Undo(self.decision)


Asked = AskedMerge | AskedSplit | AskedAlias | AskedHide | AskedRetype | AskedUndo
KINDS: Final[tuple[type[Asked], ...]] = (AskedMerge, AskedSplit, AskedAlias, AskedHide, AskedRetype, AskedUndo)
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


class DecisionsQuestion(Question):
    """The decisions about names and stories, the newest first."""

    entity: Values = Field((), description="Only decisions about this entity or story.", examples=[["person:jane-doe"]])
    limit: int = Field(20, ge=1, le=100, description="The most decisions per page.")
    cursor: Cursor = None


class Subject(Shape):
    """What a decision is about, as it was called then: an entity, or a story by the title of one of its articles."""

    id: str
    name: str
    type: SubjectType
    short: str | None


class Decision(Shape):
    """One decision. Which fields follow `pending` depends on its `act`.

    `entities` are those it names or makes, as they were then, be they entities or stories. `standing`: it has not been
    undone; `undone_by` is the decision that did. `applied`: all articles are as it says; until then `pending` have yet
    to be looked at.
    """

    number: int
    at: str
    who: str
    why: str
    act: ActName
    entities: list[Subject]
    standing: bool
    undone_by: int | None
    applied: bool
    pending: int
    entity: str = ""
    into: str = ""
    names: tuple[str, ...] = ()
    new_name: str = ""
    new_entity: str = ""
    type: EntityType = "other"
    surface: str = ""
    decision: int = 0


class Decided(Decision):
    """A decision that has just been taken; it is about `articles`."""

    articles: int


class Preview(Shape):
    """What a decision would be about: its entities or stories, and the number of articles that it concerns."""

    entities: list[Subject]
    articles: int


class StandingDecision(Shape):
    """A decision that is in the way of another."""

    number: int
    who: str
    at: str
    why: str


class ConflictProblem(Problem):
    """A problem with the decision that is in the way."""

    decision: StandingDecision


class DecisionsAnswer(Shape):
    """Decisions, the newest first. `cursor` leads to the next page, null after the last."""

    items: list[Decision]
    cursor: str | None
    as_of: str
