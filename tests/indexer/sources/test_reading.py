import gzip
from pathlib import Path

import pytest

from indexer.errors import ForbiddenAddress
from indexer.normalise import Normaliser
from indexer.sources.fetch import Fetched
from indexer.sources.reading import kind_of, read
from indexer.sources.records import Found, Unreadable
from indexer.times import parse
from tests.feed_server.writing import rss
from tests.indexer.sources.no_network import no_network

NOW = parse("2024-11-15T12:00:00Z")
DATA = Path("../shared/data")


@pytest.mark.parametrize(
    ("head", "name", "kind"),
    [
        (b"", "a.jsonl", "nothing"),
        (b'{"a": 1}\n', "a.txt", "lines"),
        (b"nonsense\n", "a.jsonl.gz", "lines"),
        (b"nonsense\n", "https://a.example/b.jsonl?c=d", "lines"),
        (b"nonsense\n", "a.txt", "plain page"),
        (b'\xef\xbb\xbf <?xml version="1.0"?>\n<!-- x --><feed xmlns="a">', "a.json", "xml feed"),
        (b"<rdf:RDF>", "a", "xml feed"),
        (b"<?xml-stylesheet?><rss>", "a.html", "xml feed"),
        (b"<!DOCTYPE html><html><body><feed>", "feed.xml", "html page"),
        (b"<p>only a piece", "a.html", "html page"),
        (b'{ "version" : "https://jsonfeed.org/version/1.1", "items": []}', "a.jsonl", "json feed"),
        (b'{"body": "\\"version\\": \\"https://jsonfeed.org/version/1\\""}', "a.jsonl", "lines"),
    ],
)
def test_content_tells_the_kind(head: bytes, name: str, kind: str) -> None:
    assert kind_of(head, name) == kind


def test_a_folder_is_read_in_the_order_of_its_names(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / ".hidden").write_text("not read")
    (tmp_path / "inner" / "c.xml.gz").write_bytes(gzip.compress(rss("Three")))
    (tmp_path / "b.jsonl").write_text('{"title": "Two"}\n')
    (tmp_path / "a.xml").write_bytes(rss("One"))
    (tmp_path / "z.png").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    *found, odd = read(str(tmp_path), no_network)
    assert [item.fields["title"] for item in found if isinstance(item, Found)] == ["One", "Two", "Three"]
    assert isinstance(odd, Unreadable)
    assert odd.position == 0


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    (item,) = read(str(tmp_path / "none.jsonl"), no_network)
    assert isinstance(item, Unreadable)
    assert item.reason == "cannot be opened: No such file or directory"


def test_a_feed_beyond_all_bounds(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(rss("One").replace(b"</channel>", b" " * 20_000_001 + b"</channel>"))
    (item,) = read(str(path), no_network)
    assert isinstance(item, Unreadable)
    assert "too large" in item.reason


def test_a_feed_in_a_gzip_that_breaks_off(tmp_path: Path) -> None:
    path = tmp_path / "a.xml.gz"
    path.write_bytes(gzip.compress(rss(*(f"Title {number}" for number in range(24))))[:-40])
    (item,) = read(str(path), no_network)
    assert isinstance(item, Unreadable)
    assert "breaks off" in item.reason


def test_an_address_is_fetched_and_told_by_where_it_came_from() -> None:
    (item,) = read("https://a.example/feed", lambda _: Fetched("https://b.example/feed.xml", rss("One")))
    assert isinstance(item, Found)
    assert (item.origin, item.position, item.fields["title"]) == ("https://b.example/feed.xml", 1, "One")


def test_an_address_that_may_not_be_fetched() -> None:
    def refuse(url: str) -> Fetched:
        raise ForbiddenAddress(f"{url} is not an http or https address")

    (item,) = read("ftp://a.example/feed", refuse)
    assert item == Unreadable("ftp://a.example/feed", 0, "ftp://a.example/feed is not an http or https address")


@pytest.mark.shared_data
@pytest.mark.skipif(not DATA.exists(), reason="needs ../shared/data")
def test_of_the_wire_only_records_without_any_text_are_refused() -> None:
    normaliser = Normaliser(replay=True)
    reasons: dict[str, int] = {}
    for item in read(str(DATA / "reuters21578.jsonl.gz"), no_network):
        assert isinstance(item, Found)
        try:
            reason = "" if normaliser.article(item, NOW).published_at else "undated"
        except Exception as error:  # noqa: BLE001 - counted by what it says
            reason = str(error)
        reasons[reason] = reasons.get(reason, 0) + 1
    assert reasons == {"": 20_840, "no text: title, summary and body are all missing or empty": 737}
