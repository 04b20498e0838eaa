"""Suggestions to editors over HTTP, and what they say to them."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from service.answers.models import as_json
from service.answers.questions import SuggestionsQuestion, ask
from service.answers.suggestion_models import AskedVerdict, Judged, SuggestionsAnswer
from service.answers.suggestions import judge, suggestions
from service.api.bodies import JSON, example, fields_of
from service.api.parameters import only
from service.api.problems import problems
from service.api.writing import body_of, needs_key
from service.newsroom import Newsroom

_VERDICT: Final = {"verdict": "refused", "who": "jane", "why": "two firms of one name"}
_JUDGED: Final = {
    "id": "merge~person:rob-desantis~person:ron-desantis",
    **_VERDICT,
    "at": "2024-11-14T11:58:41.120Z",
    "decision": None,
}
_DOUBTED: Final = {
    "entity": {"id": "person:rob-desantis", "name": "Rob DeSantis", "type": "person", "short": None},
    "articles": 2,
    "sources": 2,
    "names": ["Rob DeSantis"],
}
_MEANT: Final = {
    "entity": {"id": "person:ron-desantis", "name": "Ron DeSantis", "type": "person", "short": None},
    "articles": 49,
    "sources": 21,
    "names": ["Ron DeSantis", "DeSantis"],
}
_SUGGESTIONS: Final = {
    "items": [
        {
            "id": _JUDGED["id"],
            "kind": "duplicate",
            "reasons": ["one letter differs"],
            "entities": [_DOUBTED, _MEANT],
            "evidence": {"articles": 2, "sources": 2, "likeness": 0.61, "together": 0},
            "act": {"act": "merge", "entity": "person:rob-desantis", "into": "person:ron-desantis"},
        }
    ],
    "read": 5_000,
    "refused": 1,
    "as_of": "2024-11-14T12:00:00.000Z",
    "data_as_of": "2024-11-14T11:58:41.120Z",
}
_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {JSON: {"schema": AskedVerdict.model_json_schema(), "example": _VERDICT}},
    }
}


def routes(newsroom: Newsroom) -> APIRouter:
    """The endpoints of suggestions."""
    router = APIRouter(prefix="/suggestions", tags=["decisions"])

    async def body(request: Request) -> bytes:
        return await body_of(request, newsroom.settings.max_body_bytes)

    @router.get(
        "",
        dependencies=[only(SuggestionsQuestion)],
        response_model=SuggestionsAnswer,
        responses={200: example(_SUGGESTIONS), **problems(400, 503)},
    )
    def get_suggestions(question: Annotated[SuggestionsQuestion, Query()]) -> Response:
        """What may be worth deciding about names: likely duplicates, likely junk, abbreviations that articles define.

        Each comes with its reasons and its evidence, and with the decision to send. What was refused is left out.
        """
        return Response(as_json(suggestions(newsroom, question)), media_type=JSON)

    @router.post(
        "/{suggestion_id}",
        dependencies=[Depends(needs_key(newsroom)), only()],
        openapi_extra=_BODY,
        response_model=Judged,
        responses={200: example(_JUDGED), **problems(400, 401, 403, 404, 409, 413, 503)},
    )
    async def post_verdict(suggestion_id: str, content: Annotated[bytes, Depends(body)]) -> Response:
        """Accept a suggestion, which takes its decision; or refuse it, and it does not come again."""
        judged = await run_in_threadpool(judge, newsroom, suggestion_id, ask(AskedVerdict, fields_of(content)))
        return Response(as_json(judged), media_type=JSON)

    return router
