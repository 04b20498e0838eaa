"""What the service says of itself to Prometheus."""

from time import perf_counter
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from indexer.errors import StoreError
from indexer.store.port import Selection
from indexer.stories.chore import progress
from indexer.times import SECOND
from service.alerts.watching import all_alerts, looked_at
from service.newsroom import Newsroom

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_BOUNDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """The metrics of one application."""

    def __init__(self, newsroom: Newsroom) -> None:
        self._newsroom = newsroom
        self._registry = registry = CollectorRegistry()
        self._requests = Counter("dateline_requests", "Requests answered.", ("route", "status"), registry=registry)
        self._seconds = Histogram(
            "dateline_request_seconds", "Time to answer.", ("route",), buckets=_BOUNDS, registry=registry
        )
        self._articles = Gauge("dateline_articles", "Articles that can be found.", registry=registry)
        self._behind = Gauge("dateline_index_behind_changes", "Changes that cannot be found yet.", registry=registry)
        self._grouped = Gauge("dateline_grouped_articles", "Articles put into stories.", registry=registry)
        self._alerts = Gauge("dateline_alerts_standing", "Alerts that are not over.", registry=registry)
        self._looked_at = Gauge(
            "dateline_alerts_looked_at_timestamp_seconds", "The last moment looked at for alerts.", registry=registry
        )
        self._loaded = Gauge("dateline_trends_changes", "Changes that trends have taken in.", registry=registry)
        self._ready = Gauge("dateline_trends_ready", "1 once trends are loaded.", registry=registry)
        self._store_up = Gauge("dateline_store_up", "1 if the store answers.", registry=registry)

    def observe(self, route: str, status: int, seconds: float) -> None:
        """Count a request."""
        self._requests.labels(route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def page(self) -> bytes:
        """All metrics in Prometheus' text format."""
        self._loaded.set(self._newsroom.trends.loaded)
        self._ready.set(self._newsroom.trends.ready)
        self._ask_store()
        return generate_latest(self._registry)

    def _ask_store(self) -> None:
        try:
            self._newsroom.store.ping()  # the quickest to give up
            self._articles.set(self._newsroom.store.count(Selection()))
            self._behind.set(self._newsroom.store.behind())
            self._grouped.set(progress(self._newsroom.store).articles)
            self._alerts.set(sum(alert.cleared_at is None for alert in all_alerts(self._newsroom.store)))
            self._looked_at.set((looked_at(self._newsroom.store) or 0) / SECOND)
        except StoreError:
            self._store_up.set(0)
        else:
            self._store_up.set(1)


class Measured:
    """An application whose requests are counted under the template of their route."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = perf_counter()
        status = 500

        async def noting(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            route = getattr(scope.get("route"), "path", "none")
            self._metrics.observe(route, status, perf_counter() - started)
