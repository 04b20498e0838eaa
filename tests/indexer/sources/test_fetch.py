import gzip
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

import httpx
import pytest

from indexer.errors import ForbiddenAddress, UnreadableSource
from indexer.sources import guard
from indexer.sources.fetch import Fetched, NotModified, Refused, download, fetch, make_client
from indexer.sources.guard import is_reachable
from tests.feed_server.server import LAST_MODIFIED, FeedServer


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with make_client(allow_private=True) as client:
        yield client


@pytest.fixture
def only_the_first_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "is_reachable", lambda address: str(address) == "127.0.0.1")


def test_content_and_what_to_ask_again_with(client: httpx.Client, feed_server: FeedServer) -> None:
    url = feed_server.serve("/feed", b"content")
    first = fetch(client, url)
    assert isinstance(first, Fetched)
    assert (first.url, first.content, first.last_modified) == (url, b"content", LAST_MODIFIED)
    assert fetch(client, url, etag=first.etag, last_modified=first.last_modified) == NotModified()
    assert feed_server.asked[1].headers["if-modified-since"] == LAST_MODIFIED
    feed_server.serve("/feed", b"news")
    again = fetch(client, url, etag=first.etag)
    assert isinstance(again, Fetched)
    assert again.content == b"news"


def test_a_publisher_may_put_any_text_in_its_headers(client: httpx.Client, feed_server: FeedServer) -> None:
    url = feed_server.serve("/feed", b"content", headers={"ETag": '"\xe9"'})
    first = fetch(client, url)
    assert isinstance(first, Fetched)
    assert fetch(client, url, etag=first.etag) == first


def test_it_says_who_asks(client: httpx.Client, feed_server: FeedServer) -> None:
    fetch(client, feed_server.serve("/feed"))
    assert feed_server.asked[0].headers["user-agent"].startswith("dateline ")


@pytest.mark.parametrize("status", [404, 410, 429, 500, 503])
def test_other_statuses_are_typed(client: httpx.Client, feed_server: FeedServer, status: int) -> None:
    url = feed_server.serve("/feed", b"no", status=status, headers={"Retry-After": "120"})
    assert fetch(client, url) == Refused(status, "120")
    with pytest.raises(UnreadableSource, match=str(status)):
        download(client, url)


def test_redirects_are_followed_but_not_for_ever(client: httpx.Client, feed_server: FeedServer) -> None:
    for step in range(5):
        feed_server.serve(f"/{step}", status=302, headers={"Location": f"/{step + 1}"})
    feed_server.serve("/5", b"there")
    assert download(client, feed_server.url("/0")).url == feed_server.url("/5")
    feed_server.serve("/5", status=302, headers={"Location": "/6"})
    with pytest.raises(UnreadableSource, match="redirect"):
        fetch(client, feed_server.url("/0"))


@pytest.mark.parametrize(
    "url", ["ftp://a.example/", "file:///etc/passwd", "a.xml", "http://", "http://[::1", "", "http:// x"]
)
def test_only_web_addresses_are_fetched(client: httpx.Client, url: str) -> None:
    with pytest.raises(ForbiddenAddress):
        fetch(client, url)


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://a.example/"])
def test_redirects_to_other_schemes_are_refused(client: httpx.Client, feed_server: FeedServer, location: str) -> None:
    with pytest.raises(ForbiddenAddress):
        fetch(client, feed_server.serve("/", status=301, headers={"Location": location}))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0", "[::ffff:127.0.0.1]"])
def test_private_addresses_are_refused(feed_server: FeedServer, host: str) -> None:
    feed_server.serve("/feed", b"secret")
    with make_client() as client, pytest.raises(ForbiddenAddress, match="private address"):
        fetch(client, feed_server.url("/feed", host))
    assert feed_server.asked == []


def test_a_redirect_to_a_private_address_is_refused(feed_server: FeedServer, only_the_first_loopback: None) -> None:
    secret = feed_server.url("/secret", "127.0.0.2")
    url = feed_server.serve("/feed", status=302, headers={"Location": secret})
    with make_client() as client, pytest.raises(ForbiddenAddress, match=r"127\.0\.0\.2"):
        fetch(client, url)
    assert [asked.path for asked in feed_server.asked] == ["/feed"]


def test_it_connects_to_the_address_that_was_judged(
    feed_server: FeedServer, only_the_first_loopback: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [["10.0.0.1", "127.0.0.1"], ["10.0.0.1"]]

    def resolve(host: str, port: int, **_: Any) -> list[Any]:
        return [(None, None, None, "", (address, port)) for address in answers.pop(0)]

    monkeypatch.setattr(guard, "getaddrinfo", resolve)
    feed_server.serve("/feed", b"public")
    with make_client() as client:
        assert download(client, feed_server.url("/feed", "rebinding.example")).content == b"public"
        with pytest.raises(ForbiddenAddress):
            fetch(client, feed_server.url("/feed", "rebinding.example"))


@pytest.mark.parametrize(
    "address",
    [
        "10.1.2.3", "172.16.0.1", "192.168.1.1", "127.8.8.8", "169.254.169.254", "0.1.2.3", "100.64.0.1", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1", "fd00::1", "ff02::1", "::ffff:192.168.1.1", "64:ff9b::7f00:1",
        "2002:7f00:1::", "2001:db8::1",
    ],
)  # fmt: skip
def test_addresses_that_are_not_global(address: str) -> None:
    assert not is_reachable(ip_address(address))


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07::1", "64:ff9b::5db8:d70e"])
def test_addresses_that_are_global(address: str) -> None:
    assert is_reachable(ip_address(address))


def test_a_page_beyond_all_bounds_is_cut_off_while_it_comes(client: httpx.Client, feed_server: FeedServer) -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    with pytest.raises(UnreadableSource, match="too large: more than 20 MB"):
        fetch(client, feed_server.serve("/feed", bomb, headers={"Content-Encoding": "gzip"}))


def test_a_server_that_drips_is_given_up(feed_server: FeedServer) -> None:
    url = feed_server.serve("/feed", b"x" * 1000, drip=0.05)
    with (
        make_client(allow_private=True, longest=0.3) as client,
        pytest.raises(UnreadableSource, match="cannot be fetched"),
    ):
        fetch(client, url)


def test_nobody_there(client: httpx.Client, feed_server: FeedServer) -> None:
    for url in ("http://no.such.host.invalid/", f"http://{'a' * 70}.example/", "http://127.0.0.1:1/"):
        with pytest.raises(UnreadableSource, match="cannot be fetched"):
            fetch(client, url)
    broken = feed_server.serve("/broken", b"not gzip", headers={"Content-Encoding": "gzip"})
    with pytest.raises(UnreadableSource, match="cannot be fetched"):
        fetch(client, broken)
