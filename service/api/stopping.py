"""What a service that is being stopped says to the requests that it has no time to finish."""

from asyncio import CancelledError
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.problems import Stopping, problem_response

_REFUSAL: Final = (
    "The service is being stopped and cannot finish this. Send it again: what has been written already counts as "
    "unchanged."
)


class Refusing:
    """An application whose requests that are cut off are answered with a problem, unless an answer has begun."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def noting(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except CancelledError:  # the server cancels only what outlives its patience when it stops
            if begun:
                raise
            await problem_response(Stopping(_REFUSAL))(scope, receive, send)
