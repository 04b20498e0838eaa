"""Editors' decisions about lists of trends over HTTP."""

from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from indexer.errors import InvalidDecision
from service.answers import pin_models as shapes
from service.answers.models import as_json
from service.answers.pins import decide, pins
from service.api.parameters import only
from service.api.problems import problems
from service.api.writing import body_of, needs_key
from service.newsroom import Newsroom

JSON: Final = "application/json"
_PIN: Final = {
    "act": "pin",
    "list": "entities",
    "item": "place:kursk",
    "position": 1,
    "until": "2024-11-15T12:00:00Z",
    "who": "jane",
    "why": "the story of the day",
}
_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {JSON: {"schema": {"oneOf": [one.model_json_schema() for one in shapes.KINDS]}, "example": _PIN}},
    }
}


def routes(newsroom: Newsroom) -> APIRouter:
    """The endpoints of pins."""
    router = APIRouter(prefix="/pins", tags=["trends"])

    async def body(request: Request) -> bytes:
        return await body_of(request, newsroom.settings.max_body_bytes)

    @router.get(
        "",
        dependencies=[only(shapes.PinsQuestion)],
        response_model=shapes.PinsAnswer,
        responses=problems(400, 503),
    )
    def get_pins(question: Annotated[shapes.PinsQuestion, Query()]) -> Response:
        """What editors pinned to lists of trends or hid from them, the newest first: who, when, why, until when."""
        return Response(as_json(pins(newsroom, question)), media_type=JSON)

    @router.post(
        "",
        dependencies=[Depends(needs_key(newsroom)), only()],
        openapi_extra=_BODY,
        status_code=201,
        response_model=shapes.Pinned,
        responses=problems(400, 401, 403, 404, 413, 503),
    )
    async def post_pin(content: Annotated[bytes, Depends(body)]) -> Response:
        """Pin an item to a list of trends, hide one from it, or lift such a decision.

        Lists follow with the next whole minute.
        """
        return await run_in_threadpool(_take, newsroom, content)

    return router


def _take(newsroom: Newsroom, content: bytes) -> Response:
    return Response(as_json(decide(newsroom, _read(content))), 201, media_type=JSON)


def _read(content: bytes) -> shapes.Asked:
    try:
        fields = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise InvalidDecision(f"The body is not JSON: {error}") from None
    if not isinstance(fields, dict):
        raise InvalidDecision("The body is not a JSON object.")
    return shapes.read_asked(fields)
