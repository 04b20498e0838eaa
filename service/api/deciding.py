"""Editors' decisions about names over HTTP."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import Field

from service.answers import decision_models as shapes
from service.answers.decisions import decide, decisions, preview
from service.answers.models import as_json
from service.answers.questions import Question
from service.api.bodies import JSON, example, fields_of
from service.api.parameters import only
from service.api.problems import problems
from service.api.writing import body_of, needs_key
from service.newsroom import Newsroom

_MERGE: Final = {
    "act": "merge",
    "entity": "organisation:think-tank-isw",
    "into": "organisation:institute-for-the-study-of-war",
    "who": "jane",
    "why": "the same institute",
}
_ISW: Final = {"id": _MERGE["into"], "name": "Institute for the Study of War", "type": "organisation", "short": "ISW"}
_UNDONE: Final = {
    "number": 7,
    "at": "2024-11-14T11:58:41.120Z",
    **_MERGE,
    "entities": [_ISW],
    "standing": False,
    "undone_by": 8,
    "applied": True,
    "pending": 0,
}
_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {JSON: {"schema": {"oneOf": [one.model_json_schema() for one in shapes.KINDS]}, "example": _MERGE}},
    }
}


class DecidingParameters(Question):
    """Those of deciding."""

    preview: bool = Field(default=False, description="Only say what it would be about; nothing is decided.")


def routes(newsroom: Newsroom) -> APIRouter:
    """The endpoints of decisions."""
    router = APIRouter(prefix="/v1/decisions", tags=["decisions"])

    async def body(request: Request) -> bytes:
        return await body_of(request, newsroom.settings.max_body_bytes)

    @router.get(
        "",
        dependencies=[only(shapes.DecisionsQuestion)],
        response_model=shapes.DecisionsAnswer,
        responses={200: example({"items": [_UNDONE], "as_of": _UNDONE["at"]}), **problems(400, 503)},
    )
    def get_decisions(question: Annotated[shapes.DecisionsQuestion, Query()]) -> Response:
        """What editors decided about names, the newest first: who, when, why, and whether it stands."""
        return Response(as_json(decisions(newsroom, question)), media_type=JSON)

    @router.post(
        "",
        dependencies=[Depends(needs_key(newsroom)), only(DecidingParameters)],
        openapi_extra=_BODY,
        response_model=shapes.Preview,
        responses={
            200: {"description": "The preview.", **example({"entities": [_ISW], "articles": 12})},
            201: {"model": shapes.Decided, "description": "It is decided.", **example({**_UNDONE, "articles": 12})},
            **problems(400, 401, 403, 404, 409, 413, 503),
        },
    )
    async def post_decision(
        content: Annotated[bytes, Depends(body)], parameters: Annotated[DecidingParameters, Query()]
    ) -> Response:
        """Decide about a name: merge, split, alias, hide, retype or undo.

        Articles follow within seconds, without being sent again; `applied` and `pending` say how far that is. What an
        earlier decision stands in the way of is a problem that names it.
        """
        return await run_in_threadpool(_take, newsroom, content, previewed=parameters.preview)

    return router


def _take(newsroom: Newsroom, content: bytes, *, previewed: bool) -> Response:
    asked = shapes.read_asked(fields_of(content))
    if previewed:
        return Response(as_json(preview(newsroom, asked)), media_type=JSON)
    return Response(as_json(decide(newsroom, asked)), 201, media_type=JSON)
