"""What can be asked: the parameters of each question, under the names that the API gives them.

A blank value counts as not given, as forms send it. Values that cannot be are refused as InvalidParameter by `ask`, or
by whoever reads their text; over HTTP the framework refuses them in the same words.
"""

import re
from collections.abc import Callable, Mapping
from datetime import tzinfo
from typing import Annotated, Any, Final, Literal, NamedTuple, TypeVar, get_origin
from unicodedata import normalize
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from indexer.buckets import Interval
from indexer.errors import InvalidParameter
from indexer.query.parser import Match
from indexer.store.port import Sort
from indexer.times import DAY, HOUR, Millis, parse, parse_duration, parse_end
from nlp.mention import EntityType

FacetName = Literal["section", "source", "lang", "entity", "person", "organisation", "place"]
ExtraField = Literal["body"]
ByTime = Literal["newest", "oldest"]
SuggestionKind = Literal["duplicate", "junk", "abbreviation"]
Values = Annotated[tuple[str, ...], Field(max_length=100)]
Cursor = Annotated[str | None, Field(max_length=500, description="The page to continue with, from the answer before.")]
Fields = Annotated[tuple[ExtraField, ...], Field(max_length=1, description="`body`: each article with its body.")]

HALF_LIFE: Final = 7 * DAY
"""How fast a match ages under `fresh` where it is not said: of two alike, that of a week ago counts half."""

_EARLIEST: Final = parse("0002-01-01")
_LATEST: Final = parse("9999-01-01")
_DATE_AND_TIME: Final = re.compile(r"\d{4}-\d{2}-\d{2}([T ].+)?", re.IGNORECASE | re.ASCII)
_AnyQuestion = TypeVar("_AnyQuestion", bound="Question")


class Question(BaseModel):
    """Base of all questions."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _without_blanks(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        present = {name: _present(value) for name, value in given.items()}
        return {name: value for name, value in present.items() if value not in ("", None, ())}


class _Dated(Question):
    """A question about a span of ranked time."""

    from_: str | None = Field(
        None,
        alias="from",
        description="Ranked at this time or later: RFC 3339, or a date, which begins at midnight in `tz`.",
        examples=["2024-11-14"],
    )
    to: str | None = Field(
        None,
        description="Ranked before this time; a date includes that day in `tz`.",
        examples=["2024-11-15"],
    )
    tz: str = Field("UTC", description="The time zone of dates, as in the IANA database.", examples=["Europe/Rome"])


class MatchingQuestion(_Dated):
    """Which articles: words and filters."""

    q: str = Field(
        "", description="The query, see the query language. Blank: every article.", examples=["kursk troops"]
    )
    match: Match = Field("all", description="Whether words side by side must all be in an article, or any of them.")
    strict: bool = Field(default=False, description="Refuse a query that is broken, instead of reading its words.")
    section: Values = Field((), description="The publisher's section.", examples=[["World"]])
    source: Values = Field((), description="The publisher.")
    lang: Values = Field((), description="The language, as `en`.")
    entity: Values = Field((), description="The id of an entity.", examples=[["place:kursk"]])
    story: Values = Field((), description="The id of a story.")


class SearchQuestion(MatchingQuestion):
    """Articles by words and filters, page by page."""

    sort: Sort | None = Field(None, description="`relevance` by default; `newest` without words.")
    half_life: str | None = Field(
        None, description="With `sort=fresh`: the age at which a match counts half, `7d` by default.", examples=["7d"]
    )
    facet: tuple[FacetName, ...] = Field((), max_length=7, description="The fields to count values of.")
    facet_size: int = Field(10, ge=1, le=100, description="The most values per facet.")
    page_size: int = Field(10, ge=1, le=100, description="The most articles per page.")
    cursor: Cursor = None
    collapse: Literal["story"] | None = Field(
        None, description="`story`: of the articles of a story only the first, with how many there are."
    )
    highlight: bool = Field(default=False, description="Mark the words of the query in titles and bodies.")
    fields: Fields = ()


class ExportQuestion(MatchingQuestion):
    """Every article by words and filters."""

    sort: ByTime = Field("oldest", description="The order: `oldest` or `newest` first.")
    cursor: Cursor = Field(None, description="Continue after the row that has this cursor.")
    fields: Fields = ()


class TimelineQuestion(MatchingQuestion):
    """Articles by words and filters over time. Without `from`, the last 48 hours, 30 days or 26 weeks."""

    interval: Interval = Field("day", description="The length of a bucket, by the calendar of `tz`.")


class SimilarQuestion(_Dated):
    """The articles most like one."""

    section: Values = Field((), description="The publisher's section.")
    source: Values = Field((), description="The publisher.")
    lang: Values = Field((), description="The language, as `en`.")
    limit: int = Field(10, ge=1, le=100, description="The most articles.")


class SuggestQuestion(Question):
    """What somebody may mean who has begun to type."""

    q: str = Field("", max_length=200, description="What has been typed so far.", examples=["kurs"])
    limit: int = Field(5, ge=1, le=20, description="The most names, and the most titles.")


class LatestQuestion(Question):
    """The newest articles."""

    section: Values = Field((), description="The publisher's section.")
    limit: int = Field(10, ge=1, le=100, description="The most articles.")


class EntitiesQuestion(_Dated):
    """Names, and in how many articles they are."""

    q: str = Field("", max_length=200, description="Words, or beginnings of words, of the name; or its abbreviation.")
    type: EntityType | None = Field(None, description="Only names of this type.")
    section: Values = Field((), description="Count the articles of this section.")
    limit: int = Field(20, ge=1, le=100, description="The most names per page.")
    cursor: Cursor = None


class EntityQuestion(_Dated):
    """One name, and in how many articles it is."""

    section: Values = Field((), description="Count the articles of this section.")


class EntityTimelineQuestion(EntityQuestion):
    """The articles with one name over time. Without `from`, the last 48 hours, 30 days or 26 weeks."""

    interval: Interval = Field("day", description="The length of a bucket, by the calendar of `tz`.")


class RelatedQuestion(EntityQuestion):
    """The names that belong to one."""

    type: EntityType | None = Field(None, description="Only names of this type.")
    limit: int = Field(10, ge=1, le=100, description="The most names.")
    min_articles: int = Field(3, ge=1, description="In how many articles a name must be with the other.")


class EntityArticlesQuestion(EntityQuestion):
    """The articles with one name, page by page."""

    sort: ByTime = Field("newest", description="The order: `newest` or `oldest` first.")
    page_size: int = Field(10, ge=1, le=100, description="The most articles per page.")
    cursor: Cursor = None
    fields: Fields = ()


class StoryQuestion(Question):
    """One story, and a page of its articles, the newest first."""

    page_size: int = Field(10, ge=1, le=100, description="The most articles per page.")
    cursor: Cursor = None


class SuggestionsQuestion(Question):
    """What editors may want to decide about names."""

    kind: SuggestionKind | None = Field(None, description="Only suggestions of this kind.")
    limit: int = Field(20, ge=1, le=100, description="The most suggestions of each kind.")


class Span(NamedTuple):
    """A half-open span of ranked time, open where there is None, and the zone that its dates were read in."""

    start: Millis | None
    end: Millis | None
    zone: tzinfo


def parameters_of(kind: type[Question]) -> dict[str, bool]:
    """The names of the parameters of a question, and whether each can be repeated."""
    return {field.alias or name: get_origin(field.annotation) is tuple for name, field in kind.model_fields.items()}


def ask(kind: type[_AnyQuestion], parameters: Mapping[str, object]) -> _AnyQuestion:
    """A question of parameters by their API names. InvalidParameter."""
    try:
        return kind.model_validate(parameters)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = str(first["loc"][0]) if first["loc"] else ""
        raise InvalidParameter(name, f"{name}: {first['msg']}") from None


def span_of(question: _Dated) -> Span:
    """The span that a question names. InvalidParameter for what is no date or zone, or ends before it starts."""
    zone = zone_of(question.tz)
    start = _moment("from", question.from_, zone, parse)
    end = _moment("to", question.to, zone, parse_end)
    if start is not None and end is not None and end <= start:
        raise InvalidParameter("to", "to must be later than from")
    return Span(start, end, zone)


def moment_of(name: str, text: str | None) -> Millis | None:
    """The moment that the parameter `name` gives, in UTC if it does not say. InvalidParameter."""
    return _moment(name, text, zone_of("UTC"), parse)


def half_life_of(question: SearchQuestion) -> Millis:
    """How fast a match ages under `fresh`. InvalidParameter for one that is too short or long, or for another sort."""
    if question.half_life is None:
        return HALF_LIFE
    if question.sort != "fresh":
        raise InvalidParameter("half_life", "half_life: it is for sort=fresh only")
    half_life = duration_of("half_life", question.half_life)
    if not HOUR <= half_life <= 365 * DAY:
        raise InvalidParameter("half_life", f"half_life: {question.half_life!r} is not between 1h and 365d")
    return half_life


def duration_of(name: str, text: str) -> Millis:
    """The duration that the parameter `name` gives. InvalidParameter."""
    try:
        return parse_duration(text)
    except ValueError as error:
        raise InvalidParameter(name, f"{name}: {error}") from None


def zone_of(name: str) -> ZoneInfo:
    """The time zone of a name. InvalidParameter."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise InvalidParameter("tz", f"tz: {name!r} is not a time zone like Europe/Rome") from None


def _moment(name: str, text: str | None, zone: tzinfo, read: Callable[[str, tzinfo], Millis]) -> Millis | None:
    if text is None:
        return None
    try:
        moment = read(_rfc3339(text), zone)
    except OverflowError:
        moment = _LATEST + 1
    except ValueError:
        raise InvalidParameter(name, f"{name}: {text!r} is not a time like 2024-11-14T11:29:56Z or a date") from None
    if not _EARLIEST <= moment <= _LATEST:
        raise InvalidParameter(name, f"{name}: {text!r} is out of range")
    return moment


def _rfc3339(text: str) -> str:
    """A date, perhaps with a time. ValueError for the other forms of ISO 8601: no end of a day is known of them."""
    if not _DATE_AND_TIME.fullmatch(text.strip()):
        raise ValueError(text)
    return text.upper()


def _present(value: object) -> object:
    """A value without what is blank in it, its letters composed as those of stored articles are."""
    if isinstance(value, str):
        return normalize("NFC", value) if value.strip() else ""
    return tuple(normalize("NFC", part) for part in value if part.strip()) if isinstance(value, list | tuple) else value
