"""Ids of merged entities and stories lead to what they were merged into."""

from collections.abc import Awaitable, Callable
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool

from service.newsroom import Newsroom


class Moved(Exception):  # noqa: N818 - an answer, not an error
    """What was asked for is at another place."""

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.place = place


def follows_merges(newsroom: Newsroom) -> Callable[[Request], Awaitable[None]]:
    """Sends who asks for a merged entity or story, by its id in the path, to what it was merged into."""

    async def check(request: Request) -> None:
        for name in {"entity_id", "story_id"} & request.path_params.keys():
            await run_in_threadpool(_follow, newsroom, request, name)

    return check


def add_moving(app: FastAPI) -> None:
    """Answer with the other place."""
    app.add_exception_handler(Moved, _moved)


def _follow(newsroom: Newsroom, request: Request, name: str) -> None:
    asked, rulings = request.path_params[name], newsroom.names.rulings
    leads_to = rulings.stories.leads_to(asked) if name == "story_id" else rulings.resolve(asked)
    if leads_to != asked:
        path = request.scope["route"].path_format.format(**{**request.path_params, name: leads_to})
        raise Moved(quote(path, safe="/:") + (f"?{request.url.query}" if request.url.query else ""))


def _moved(_request: Request, error: Exception) -> Response:
    """Not to be kept: a merge can be undone."""
    if not isinstance(error, Moved):
        raise error
    return Response(status_code=308, headers={"Location": error.place, "Cache-Control": "no-cache"})
