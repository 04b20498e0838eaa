"""The parameters of requests: only known ones, and those of one value only once."""

from difflib import get_close_matches
from typing import Literal

from fastapi import Request
from fastapi.params import Depends as Dependency
from pydantic import Field

from indexer.errors import InvalidParameter
from service.answers.questions import (
    EntityArticlesQuestion,
    EntityTimelineQuestion,
    ExportQuestion,
    LatestQuestion,
    Question,
    SearchQuestion,
    TimelineQuestion,
    parameters_of,
)
from service.answers.rows import RowFormat

Listing = Literal["json", "rss", "jsonfeed"]
Series = Literal["json", "csv"]


class SearchParameters(SearchQuestion):
    """Those of a search, and how to write the answer."""

    format: Listing = Field("json", description="JSON, RSS 2.0 or JSON Feed 1.1.")


class ExportParameters(ExportQuestion):
    """Those of an export, and how to write it."""

    format: RowFormat = Field("jsonl", description="JSON Lines or CSV.")


class LatestParameters(LatestQuestion):
    """Those of the newest articles, and how to write the answer."""

    format: Listing = Field("json", description="JSON, RSS 2.0 or JSON Feed 1.1.")


class TimelineParameters(TimelineQuestion):
    """Those of a timeline, and how to write the answer."""

    format: Series = Field("json", description="JSON or CSV.")


class EntityTimelineParameters(EntityTimelineQuestion):
    """Those of the timeline of a name, and how to write the answer."""

    format: Series = Field("json", description="JSON or CSV.")


class EntityArticlesParameters(EntityArticlesQuestion):
    """Those of the articles with a name, and how to write the answer."""

    format: Listing = Field("json", description="JSON, RSS 2.0 or JSON Feed 1.1.")


class PostParameters(Question):
    """Those of writing."""

    refresh: bool = Field(default=False, description="Answer when what was written can be found.")


def only(kind: type[Question] = Question) -> Dependency:
    """Refuse parameters that the question does not have, and repeated ones that have one value: InvalidParameter."""
    fields = parameters_of(kind)

    async def check(request: Request) -> None:
        seen = set[str]()
        for name, _ in request.query_params.multi_items():
            if name not in fields:
                raise InvalidParameter(name, _unknown(name, list(fields)))
            if name in seen and not fields[name]:
                raise InvalidParameter(name, f"{name} is given twice, and can have one value only.")
            seen.add(name)

    return Dependency(check)


def _unknown(name: str, known: list[str]) -> str:
    nearest = get_close_matches(name.lower(), known, n=1, cutoff=0)
    there_is_none = f"There is no parameter {name!r} here"
    return f"{there_is_none}; the nearest is {nearest[0]!r}." if nearest else f"{there_is_none}."
