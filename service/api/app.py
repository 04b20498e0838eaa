"""The HTTP service as one ASGI application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import version
from typing import Final

from fastapi import Depends, FastAPI, Response
from fastapi.concurrency import run_in_threadpool
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware

from service.api import deciding, exporting, reading, writing
from service.api.description import describe
from service.api.head import Head
from service.api.limiting import Limited
from service.api.metrics import CONTENT_TYPE, Measured, Metrics
from service.api.moving import add_moving, follows_merges
from service.api.parameters import only
from service.api.problems import NotReady, add_handlers, problems
from service.api.stopping import Refusing
from service.newsroom import Newsroom
from service.rates import parse_rate
from service.web.routes import pages

GZIP_FROM: Final = 4_000
_ABOUT: Final = """Search, names and explained trends for news.

Times are RFC 3339 in UTC with milliseconds; durations are like `8h` or `14d`. `from` and `to` are on ranked time, and
half-open; a bare date is read in `tz`, and `to` includes that day. Repeating a filter means any of its values. Unknown
parameters are refused. Every error is a problem (RFC 9457)."""


def create_app(newsroom: Newsroom) -> FastAPI:
    """The application over a newsroom, which it starts and stops."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        newsroom.start()
        yield
        await run_in_threadpool(newsroom.stop)  # the loop has answers to send meanwhile

    app = FastAPI(
        title="dateline",
        version=version("dateline"),
        description=_ABOUT,
        lifespan=lifespan,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    app.openapi = partial(describe, app)  # type: ignore[method-assign]  # the way FastAPI documents
    metrics = Metrics(newsroom)
    add_handlers(app)
    add_moving(app)
    moving = [Depends(follows_merges(newsroom))]
    app.include_router(reading.routes(newsroom), dependencies=moving)
    app.include_router(exporting.routes(newsroom))
    app.include_router(writing.routes(newsroom))
    app.include_router(deciding.routes(newsroom))
    _add_operations(app, newsroom, metrics)
    app.include_router(pages(newsroom), dependencies=moving)  # last: it takes what no other route knows
    app.add_middleware(Refusing)
    if newsroom.settings.rate_limit:
        app.add_middleware(Limited, rate=parse_rate(newsroom.settings.rate_limit))
    app.add_middleware(GZipMiddleware, minimum_size=GZIP_FROM, compresslevel=1)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=newsroom.settings.cors_origins,
        allow_methods=["GET", "HEAD"],
        allow_headers=["If-None-Match"],
        expose_headers=["ETag", "Retry-After", exporting.READING],
    )
    app.add_middleware(Measured, metrics=metrics)
    app.add_middleware(Head)
    return app


def _add_operations(app: FastAPI, newsroom: Newsroom, metrics: Metrics) -> None:
    @app.get("/healthz", tags=["operations"], dependencies=[only()])
    async def healthz() -> dict[str, str]:  # needs no thread: all may be waiting for the store
        """Whether the process is alive."""
        return {"status": "alive"}

    @app.get("/readyz", tags=["operations"], dependencies=[only()], responses=problems(503))
    def readyz() -> dict[str, str]:
        """Whether answers hold everything that was stored when the service started."""
        reasons = newsroom.unready()
        if reasons:
            raise NotReady("; ".join(reasons))
        return {"status": "ready"}

    @app.get("/metrics", tags=["operations"], dependencies=[only()], response_class=Response)
    def get_metrics() -> Response:
        """Prometheus metrics."""
        return Response(metrics.page(), media_type=CONTENT_TYPE)
