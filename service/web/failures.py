"""Errors as pages: the words, the status and the Retry-After of the API."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from fastapi.routing import APIRoute
from starlette.datastructures import Headers
from starlette.routing import Match
from starlette.types import Scope

from indexer.errors import DatelineError
from service.api.problems import headers_of, problem_of
from service.web.rendering import load_renderer

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class PageRoute(APIRoute):
    """A route whose errors are pages."""

    def get_route_handler(self) -> Handler:
        answer = super().get_route_handler()

        async def answer_or_explain(request: Request) -> Response:
            try:
                return await answer(request)
            except DatelineError as error:
                return failure_page(request, error)

        return answer_or_explain


class UnknownRoute(PageRoute):
    """The route of what no other route knows, for browsers only: programs get the problem of the API."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        return super().matches(scope) if _wants_page(scope) else (Match.NONE, {})


def failure_page(request: Request, error: DatelineError) -> Response:
    """An error as a page."""
    problem = problem_of(error)
    return load_renderer().page(
        "problem.html", problem.status, headers_of(error), problem=problem, again=_here(request), side=None
    )


def _wants_page(scope: Scope) -> bool:
    """Whether a browser asks for something that is not part of the API."""
    return "text/html" in Headers(scope=scope).get("accept", "") and not scope["path"].startswith("/v1/")


def _here(request: Request) -> str:
    """The address that was asked for, on this host."""
    return f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
