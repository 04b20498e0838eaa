"""No more requests of one client than the setting allows."""

import time
from ipaddress import IPv6Address, ip_address
from math import ceil
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from service.api.problems import TooManyRequests, problem_response
from service.rates import Buckets, Rate

UNLIMITED: Final = frozenset({"/healthz", "/readyz", "/metrics"})
_HALF_OF_IPV6: Final = 64


class Limited:
    """An application that answers 429 to clients that ask more often than a rate."""

    def __init__(self, app: ASGIApp, rate: Rate) -> None:
        self._app = app
        self._buckets = Buckets(rate)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        wait = self._wait(scope) if scope["type"] == "http" and scope["path"] not in UNLIMITED else 0.0
        if wait:
            refused = TooManyRequests(f"There is room for another request in {ceil(wait)} s.", wait)
            await problem_response(refused)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _wait(self, scope: Scope) -> float:
        # The server has put there what a proxy that it trusts says of who asks.
        address = scope["client"][0] if scope.get("client") else ""
        return self._buckets.take(client_of(address), time.monotonic())


def client_of(address: str) -> str:
    """Who is behind an address: of IPv6 a whole network is one client's, who can change addresses at will."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(int(parsed) >> _HALF_OF_IPV6) if isinstance(parsed, IPv6Address) else address
