"""Writing articles over HTTP: the key, the body, and a line for every record."""

from asyncio import Semaphore
from collections.abc import Awaitable, Callable
from io import BufferedReader, BytesIO, RawIOBase
from secrets import compare_digest
from typing import Annotated, Final, cast

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from indexer.errors import InvalidArticle
from indexer.pipeline import Result
from indexer.sources.document import Document
from indexer.sources.lines import read_lines
from indexer.sources.records import Found, Item
from service.answers.errors import UnknownId
from service.answers.models import Written, as_json
from service.api.parameters import PostParameters, only
from service.api.problems import BodyTooLarge, KeyMissing, WritingDisabled, problems
from service.newsroom import Newsroom

ORIGIN: Final = "POST"
NDJSON: Final = "application/x-ndjson"
WRITERS: Final = 4
"""How many bodies are taken in at a time. The others wait without a thread, so that readers always find one."""

_EXAMPLE: Final = {
    "title": "Troops leave Kursk",
    "body": "The last troops left Kursk on Thursday, the Institute for the Study of War (ISW) said.",
    "section": "World",
    "source": "example.org",
    "url": "https://example.org/world/kursk",
    "published_at": "2024-11-14T11:29:56.312Z",
}
_BODY: Final = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": {"type": "object", "required": ["title"]}, "example": _EXAMPLE},
            NDJSON: {"schema": {"type": "string"}, "example": orjson.dumps(_EXAMPLE).decode() + "\n"},
        },
    }
}
_Credentials = Annotated[
    HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False, description="DATELINE_API_KEY"))
]


def routes(newsroom: Newsroom) -> APIRouter:
    """The endpoints that write."""
    router = APIRouter(prefix="/v1/articles", tags=["articles"], dependencies=[Depends(needs_key(newsroom))])

    writers = Semaphore(WRITERS)

    async def body(request: Request) -> bytes:
        return await body_of(request, newsroom.settings.max_body_bytes)

    @router.post(
        "",
        dependencies=[only(PostParameters)],
        openapi_extra=_BODY,
        response_model=Written,
        responses={
            200: {"content": {NDJSON: {"schema": {"type": "string"}}}},
            201: {"model": Written, "description": "The one article is new."},
            **problems(400, 401, 403, 413, 503),
        },
    )
    async def post_articles(
        request: Request, content: Annotated[bytes, Depends(body)], parameters: Annotated[PostParameters, Query()]
    ) -> Response:
        """Store one article (JSON) or many (NDJSON, an article per line), and say what became of each, in order.

        `title` (or a text to take one from) is needed; an `id` is made where there is none. A record of many that is
        no article has the outcome `failed`; a single one that is none is a problem, unless it is sent as NDJSON.
        """
        as_lines = NDJSON in request.headers.get("content-type", "").lower()
        async with writers:
            return await run_in_threadpool(_take_in, newsroom, content, as_lines=as_lines, refresh=parameters.refresh)

    @router.delete("/{article_id}", dependencies=[only()], status_code=204, responses=problems(400, 401, 403, 404, 503))
    def delete_article(article_id: str) -> Response:
        """Delete an article."""
        if newsroom.store.delete([article_id]) == [False]:
            raise UnknownId(f"There is no article {article_id!r}.")
        return Response(status_code=204)

    return router


def _take_in(newsroom: Newsroom, content: bytes, *, as_lines: bool, refresh: bool) -> Response:
    single = None if as_lines else _single(content)
    results = newsroom.ingest_records([single] if single else _lines(content), refresh=refresh)
    return _many(results) if as_lines or len(results) != 1 else _one(results[0])


def needs_key(newsroom: Newsroom) -> Callable[[HTTPAuthorizationCredentials | None], Awaitable[None]]:
    """Refuses who does not send the key. KeyMissing, WritingDisabled."""

    async def check(credentials: _Credentials) -> None:
        key = newsroom.settings.api_key
        if key is None:
            raise WritingDisabled("No key is set: set DATELINE_API_KEY to write over HTTP.")
        given = credentials.credentials if credentials else ""
        if not compare_digest(given.encode(), key.get_secret_value().encode()):
            raise KeyMissing("Send the key as Authorization: Bearer KEY.")

    return check


async def body_of(request: Request, most: int) -> bytes:
    """The body, no more of which is read than may be. BodyTooLarge."""
    content = bytearray()
    async for piece in request.stream():
        content += piece
        if len(content) > most:
            raise BodyTooLarge(f"The body has more than {most:,} bytes; send it in parts.")
    return bytes(content)


def _single(content: bytes) -> Found | None:
    """The record of a body that is one JSON object."""
    try:
        value = orjson.loads(content)
    except orjson.JSONDecodeError:
        return None
    return Found(ORIGIN, 1, value) if isinstance(value, dict) else None


def _lines(content: bytes) -> list[Item]:
    # Not `of_content`: it would expand what is compressed, to any size.
    raw = cast("RawIOBase", BytesIO(content))
    return list(read_lines(Document(ORIGIN, BufferedReader(raw), raw, len(content))))


def _one(result: Result) -> Response:
    if result.outcome == "failed":
        raise InvalidArticle(result.reason or "")
    return Response(as_json(_written(result)), 201 if result.outcome == "new" else 200, media_type="application/json")


def _many(results: list[Result]) -> Response:
    return Response(b"".join(as_json(_written(result)) + b"\n" for result in results), media_type=NDJSON)


def _written(result: Result) -> Written:
    return Written(id=result.article_id, outcome=result.outcome, detail=result.reason or _about_date(result))


def _about_date(result: Result) -> str | None:
    """What is said of a date that was given and could not be used."""
    given = isinstance(result.record, Found) and result.record.fields.get("published_at")
    return "published_at is no usable date: it is ranked by its arrival." if given and not result.dated else None
