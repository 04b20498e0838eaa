"""HEAD, as monitors and link checkers ask: the answer to GET without its body (RFC 9110, 9.3.2)."""

from asyncio import Event

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Head:
    """An application that also answers HEAD wherever it answers GET. It is left once its answer has begun."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return
        begun = Event()

        async def without_body(message: Message) -> None:
            if message["type"] != "http.response.body":
                await send(message)
            elif not begun.is_set():
                begun.set()
                await send({**message, "body": b"", "more_body": False})

        async def until_begun() -> Message:
            await begun.wait()
            return {"type": "http.disconnect"}

        await self._app({**scope, "method": "GET"}, until_begun, without_body)
