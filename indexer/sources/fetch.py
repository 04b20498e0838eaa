"""Feeds and pages over HTTP: bounded in time, size, redirects and in whom it talks to."""

from dataclasses import dataclass
from typing import Final

import httpcore
import httpx

from indexer.errors import ForbiddenAddress, UnreadableSource
from indexer.sources.document import LARGEST
from indexer.sources.guard import GuardedBackend
from indexer.sources.identity import web_address

USER_AGENT: Final = "dateline (news search and trends; reads feeds and pages)"
MOST_REDIRECTS: Final = 5
_ACCEPT: Final = "application/rss+xml, application/atom+xml, application/feed+json, text/html;q=0.9, */*;q=0.5"


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer with content. `url` is where it came from in the end; the rest is for asking again."""

    url: str
    content: bytes
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class NotModified:
    """The content is the one that was fetched before."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Any other status. `retry_after` is that header as it came: seconds, or a date."""

    status: int
    retry_after: str | None = None


Answer = Fetched | NotModified | Refused


def make_client(
    *, allow_private: bool = False, timeout: float = 10.0, longest: float = 60.0, user_agent: str = USER_AGENT
) -> httpx.Client:
    """A client for `fetch`. `timeout` seconds without a byte, or `longest` for one answer, and it gives up.

    Proxies of the environment are not used: behind one, nobody could tell private addresses.
    """
    transport = httpx.HTTPTransport(trust_env=False)
    transport._pool = httpcore.ConnectionPool(  # noqa: SLF001 - httpx takes a network backend in no other way
        ssl_context=httpx.create_ssl_context(trust_env=False),
        max_keepalive_connections=0,
        network_backend=GuardedBackend(allow_private=allow_private, longest=longest),
    )
    return httpx.Client(
        transport=transport,
        timeout=timeout,
        follow_redirects=True,
        max_redirects=MOST_REDIRECTS,
        headers={"User-Agent": user_agent, "Accept": _ACCEPT},
        trust_env=False,
    )


def fetch(client: httpx.Client, url: str, *, etag: str | None = None, last_modified: str | None = None) -> Answer:
    """Ask for an address; with `etag` and `last_modified` of an earlier answer, only for what is newer.

    UnreadableSource if there is no answer, or too large a one; ForbiddenAddress if it may not be asked for.
    """
    address = web_address(url)
    if address is None:
        raise ForbiddenAddress(f"{url[:200]!r} is not an http or https address")
    conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    headers = httpx.Headers({name: value for name, value in conditions.items() if value}, encoding="utf-8")
    try:
        with client.stream("GET", address, headers=headers) as response:
            return _answer(response)
    except httpx.UnsupportedProtocol as error:
        raise ForbiddenAddress(f"{url} leads to an address that is not http or https") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise UnreadableSource(f"{url} cannot be fetched: {error or type(error).__name__}") from error


def download(client: httpx.Client, url: str) -> Fetched:
    """`fetch` for where only content will do: any other answer is an UnreadableSource."""
    match fetch(client, url):
        case Fetched() as fetched:
            return fetched
        case Refused(status):
            raise UnreadableSource(f"{url} cannot be fetched: the server answers {status}")
        case NotModified():
            raise UnreadableSource(f"{url} cannot be fetched: the server says that nothing has changed")


def _answer(response: httpx.Response) -> Answer:
    if response.status_code == httpx.codes.NOT_MODIFIED:
        return NotModified()
    if not response.is_success:
        return Refused(response.status_code, response.headers.get("Retry-After"))
    return Fetched(
        url=str(response.url),
        content=_content(response),
        etag=response.headers.get("ETag"),
        last_modified=response.headers.get("Last-Modified"),
    )


def _content(response: httpx.Response) -> bytes:
    content = bytearray()
    for piece in response.iter_bytes():
        content += piece
        if len(content) > LARGEST:
            raise UnreadableSource(f"{response.url} is too large: more than {LARGEST // 1_000_000} MB")
    return bytes(content)
