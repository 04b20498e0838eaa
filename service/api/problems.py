"""Every error as a status and a problem body (RFC 9457): the one table."""

from collections.abc import Mapping
from http import HTTPStatus
from math import ceil
from typing import Any, Final, NamedTuple

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from indexer.errors import (
    DatelineError,
    DecisionConflict,
    InvalidArticle,
    InvalidDecision,
    InvalidParameter,
    InvalidQuery,
    MappingMismatch,
    NamesUnavailable,
    StoreError,
    StoreRejected,
    StoreUnavailable,
    UnknownEntity,
    UnknownField,
)
from indexer.times import to_text
from service.answers.decision_models import ConflictProblem, StandingDecision
from service.answers.errors import UnknownId
from service.answers.models import Problem, as_json

MEDIA_TYPE: Final = "application/problem+json"


class KeyMissing(DatelineError):  # noqa: N818 - as in indexer.errors
    """Writing without a valid key."""


class WritingDisabled(DatelineError):  # noqa: N818
    """Writing where no key is set."""


class BodyTooLarge(DatelineError):  # noqa: N818
    """A body of more bytes than the setting allows."""


class TooManyRequests(DatelineError):  # noqa: N818
    """A client asks more often than the setting allows. There is room again in `retry_after` seconds."""

    def __init__(self, message: str, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class NotReady(DatelineError):  # noqa: N818
    """Answers may not yet hold everything that was stored when the service started."""


class Stopping(DatelineError):  # noqa: N818
    """The service is being stopped, and a request would take longer than it may."""


class Kind(NamedTuple):
    """A kind of problem: the end of its type, its title and its status."""

    name: str
    title: str
    status: int


TABLE: Final[tuple[tuple[type[Exception], Kind], ...]] = (
    (InvalidQuery, Kind("invalid-query", "The query cannot be read", 400)),
    (InvalidParameter, Kind("invalid-parameter", "A parameter has a value it cannot have", 400)),
    (InvalidArticle, Kind("invalid-article", "The record is not an article", 400)),
    (InvalidDecision, Kind("invalid-decision", "This cannot be decided", 400)),
    (UnknownField, Kind("unknown-field", "There is no such field", 400)),
    (KeyMissing, Kind("key-missing", "Writing needs a valid key", 401)),
    (WritingDisabled, Kind("writing-disabled", "Writing is not enabled", 403)),
    (UnknownId, Kind("unknown-id", "There is nothing with this id", 404)),
    (UnknownEntity, Kind("unknown-entity", "There is no such entity", 404)),
    (DecisionConflict, Kind("decision-conflict", "An earlier decision is in the way", 409)),
    (BodyTooLarge, Kind("body-too-large", "The body is too large", 413)),
    (TooManyRequests, Kind("too-many-requests", "There are too many requests", 429)),
    (NotReady, Kind("not-ready", "The service is not ready", 503)),
    (Stopping, Kind("stopping", "The service is being stopped", 503)),
    (NamesUnavailable, Kind("names-unavailable", "Names cannot be found", 503)),
    (StoreUnavailable, Kind("store-unavailable", "The store is not available", 503)),
    (StoreRejected, Kind("store-rejected", "The store refused", 500)),
    (MappingMismatch, Kind("mapping-mismatch", "The store is of another version", 500)),
    (StoreError, Kind("store-error", "The store failed", 500)),
    (Exception, Kind("internal-error", "Something went wrong here", 500)),
)
"""The first row that fits decides."""

_PASSING: Final = (TooManyRequests, NotReady, Stopping, NamesUnavailable, StoreUnavailable)
"""What can be otherwise when it is tried again."""


def kind_of(error: Exception) -> Kind:
    """The row of an error."""
    return next(kind for type_, kind in TABLE if isinstance(error, type_))


def problem_of(error: Exception) -> Problem:
    """The problem body of an error. What an unforeseen one says is not shown."""
    kind = kind_of(error)
    detail = str(error) if isinstance(error, DatelineError) else "The log of the service says more."
    body: dict[str, Any] = {
        "type": f"/problems/{kind.name}",
        "title": kind.title,
        "status": kind.status,
        "detail": detail,
    }
    if isinstance(error, DecisionConflict):
        standing = StandingDecision(number=error.number, who=error.who, at=to_text(error.at), why=error.why)
        return ConflictProblem(**body, decision=standing)
    return Problem(**body, **{name: getattr(error, name) for name in ("column", "parameter") if hasattr(error, name)})


def problem_response(error: Exception) -> Response:
    """The answer to a request that ended in an error."""
    return _response(problem_of(error), headers_of(error))


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What the description of an endpoint says of its problems."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    described: dict[int | str, dict[str, Any]] = {
        status: {"description": HTTPStatus(status).phrase, "content": content} for status in statuses
    }
    return {**described, "default": {"description": "Another problem", "model": Problem, "content": content}}


def add_handlers(app: FastAPI) -> None:
    """Answer every error of an application with a problem."""
    for kind in (DatelineError, Exception):
        app.add_exception_handler(kind, lambda _request, error: problem_response(error))
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(HTTPException, _http_error)


def _invalid_request(_request: Request, error: Exception) -> Response:
    """What the framework found wrong with the value of a parameter."""
    if not isinstance(error, RequestValidationError):
        raise error
    first = error.errors()[0]
    name = str(first["loc"][1]) if len(first["loc"]) > 1 else ""
    return problem_response(InvalidParameter(name, f"{name}: {first['msg']}"))


def _http_error(_request: Request, error: Exception) -> Response:
    """What the framework refuses by itself: unknown paths and methods."""
    if not isinstance(error, HTTPException):
        raise error
    status = HTTPStatus(error.status_code)
    name = status.phrase.lower().replace(" ", "-")
    problem = Problem(type=f"/problems/{name}", title=status.phrase, status=status, detail=str(error.detail))
    return _response(problem, error.headers)


def headers_of(error: Exception) -> dict[str, str]:
    """What an error says besides its problem."""
    if isinstance(error, _PASSING):
        return {"Retry-After": str(max(1, ceil(getattr(error, "retry_after", 1))))}
    if isinstance(error, KeyMissing):
        return {"WWW-Authenticate": "Bearer"}
    return {}


def _response(problem: Problem, headers: Mapping[str, str] | None) -> Response:
    return Response(as_json(problem), problem.status, dict(headers or {}), media_type=MEDIA_TYPE)
