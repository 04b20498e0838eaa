"""Every article of a search as one long answer."""

from itertools import chain
from typing import Annotated, Final

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse

from service.answers import models
from service.answers.exporting import export
from service.answers.rows import RowFormat, written
from service.api.parameters import ExportParameters, only
from service.api.problems import problems
from service.api.series import CSV
from service.newsroom import Newsroom

READING: Final = "Dateline-Query"
"""The header that says if a query was not taken as it stands: lenient, relaxed, or both."""


_LINES: Final = "application/x-ndjson"
_MEDIA_TYPES: Final[dict[RowFormat, str]] = {"jsonl": _LINES, "csv": f"{CSV}; charset=utf-8"}
_ROWS: Final = {
    _LINES: {"schema": {"$ref": f"#/components/schemas/{models.ExportedArticle.__name__}"}},
    CSV: {"schema": {"type": "string"}},
}


def routes(newsroom: Newsroom) -> APIRouter:
    """The endpoint that streams."""
    router = APIRouter(prefix="/v1")

    @router.get(
        "/export",
        tags=["articles"],
        dependencies=[only(ExportParameters)],
        response_class=Response,
        response_model=models.ExportedArticle,
        responses={200: {"content": _ROWS}, **problems(400, 503)},
    )
    def get_export(question: Annotated[ExportParameters, Query()]) -> Response:
        """Every article of a search, any number, a row each; what matches throughout comes exactly once.

        The `cursor` of a row continues after it, with all else as it was; that of the last row is null. Where the last
        row has one, the answer was cut off.
        """
        found = export(newsroom, question)
        chunks = written(
            found.rows,
            question.format,
            with_body="body" in question.fields,
            continued=question.cursor is not None,
        )
        # The first ones before the status: what goes wrong by then is a problem, and later a broken connection.
        first = next(chunks, b"")
        return StreamingResponse(
            chain([first], chunks),
            headers={
                "Content-Disposition": f'attachment; filename="articles.{question.format}"',
                **_reading(found.query),
            },
            media_type=_MEDIA_TYPES[question.format],
        )

    return router


def _reading(query: models.QueryReading) -> dict[str, str]:
    taken = ", ".join(name for name in ("lenient", "relaxed") if getattr(query, name))
    return {READING: taken} if taken else {}
