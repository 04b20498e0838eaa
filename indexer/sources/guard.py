"""The network as fetching may use it: global addresses only, and a limit to how long one connection lasts.

Addresses are judged where the connection is made, so neither a redirect nor a name that resolves differently the
second time gets past.
"""

import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from socket import SOCK_STREAM, gaierror, getaddrinfo
from typing import Any, Final

import httpcore

from indexer.errors import ForbiddenAddress

Address = IPv4Address | IPv6Address
SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]

_NAT64: Final = IPv6Network("64:ff9b::/96")


def is_reachable(address: Address) -> bool:
    """Whether fetching may connect to an address: globally routable, also by the IPv4 address it may stand for."""
    return all(part.is_global and not part.is_multicast for part in _meant(address))


class GuardedBackend(httpcore.NetworkBackend):
    """Connects to global addresses (to any, with `allow_private`) for at most `longest` seconds per connection."""

    def __init__(self, *, allow_private: bool, longest: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._allow_private = allow_private
        self._longest = longest
        self._monotonic = monotonic
        self._network = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of the host that answers. ForbiddenAddress if it has none that is allowed."""
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in self._allowed(host, port):
            try:
                stream = self._network.connect_tcp(str(address), port, timeout, local_address, socket_options)
                return _Limited(stream, self._monotonic() + self._longest, self._monotonic)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    def _allowed(self, host: str, port: int) -> list[Address]:
        addresses = _resolve(host, port)
        allowed = [address for address in addresses if self._allow_private or is_reachable(address)]
        if addresses and not allowed:
            raise ForbiddenAddress(f"{host} leads to the private address {addresses[0]}, which may not be fetched from")
        return allowed


class _Limited(httpcore.NetworkStream):
    """A connection that is read until a deadline and no longer, however slowly the other side drips."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float, monotonic: Callable[[], float]) -> None:
        self._stream = stream
        self._deadline = deadline
        self._monotonic = monotonic

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        left = self._deadline - self._monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the answer took too long")
        return self._stream.read(max_bytes, left if timeout is None else min(left, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, timeout)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secure = self._stream.start_tls(ssl_context, server_hostname, timeout)
        return _Limited(secure, self._deadline, self._monotonic)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _resolve(host: str, port: int) -> list[Address]:
    try:
        found = getaddrinfo(host, port, type=SOCK_STREAM)
    except (gaierror, UnicodeError) as error:
        raise httpcore.ConnectError(f"{host} is not known: {error}") from error
    return [ip_address(str(address[0]).partition("%")[0]) for *_, address in found]


def _meant(address: Address) -> Iterator[Address]:
    yield address
    if isinstance(address, IPv6Address):
        inside = address.ipv4_mapped or address.sixtofour
        yield from [inside] if inside else []
        yield from address.teredo or ()
        if address in _NAT64:
            yield IPv4Address(int(address) & 0xFFFFFFFF)
