from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event, Thread

import pytest

from indexer.errors import InvalidParameter, StoreUnavailable, UnreadableSource
from indexer.feeds.feed import Feed
from indexer.feeds.poll import Ask, poll_due
from indexer.feeds.registry import add, all_feeds, import_opml, remove
from indexer.normalise import article_from
from indexer.sources.fetch import Answer, fetch, make_client
from indexer.sources.records import Found, Item
from indexer.store.embedded.store import EmbeddedStore
from indexer.store.port import Store
from indexer.times import HOUR, MINUTE, SECOND, parse
from tests.feed_server.server import FeedServer
from tests.feed_server.writing import rss

NOW = parse("2024-11-15T12:00:00Z")
SAVED = Path("../shared/data/feeds/bbc_rss/sequence_world_2021-07-18")


@dataclass(frozen=True)
class Summary:
    new: int
    failed: int = 0


class Newsroom:
    """A store, a client and a clock, as the worker has them. Feeds on many hosts are on loopback addresses."""

    def __init__(self, store: Store, ask: Ask) -> None:
        self.store = store
        self.ask = ask
        self.now = NOW

    def poll(self) -> dict[str, Feed]:
        poll_due(self.store, self.ask, self.ingest, lambda: self.now, Event())
        return {feed.url: feed for feed in all_feeds(self.store)}

    def ingest(self, items: Iterable[Item]) -> Summary:
        articles = [article_from(item.fields, seen_at=self.now) for item in items if isinstance(item, Found)]
        return Summary(sum(written.outcome == "new" for written in self.store.write(articles)))


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    store = EmbeddedStore(tmp_path)
    store.prepare()
    with make_client(allow_private=True) as client:
        yield Newsroom(store, partial(fetch, client))
    store.close()


def test_a_feed_is_polled_when_due_and_asked_only_for_what_is_new(newsroom: Newsroom, feed_server: FeedServer) -> None:
    url = feed_server.serve("/feed", rss("One", "Two"))
    add(newsroom.store, url)
    first = newsroom.poll()[url]
    assert (first.title, first.articles, first.status, first.succeeded_at) == ("Harbour Post", 2, "ok", NOW)
    assert newsroom.poll()[url] == first
    newsroom.now += 15 * MINUTE
    assert newsroom.poll()[url].status == "not modified"
    feed_server.serve("/feed", rss("One", "Two", "Three"))
    newsroom.now += 15 * MINUTE
    third = newsroom.poll()[url]
    assert (third.articles, third.status) == (3, "ok")
    assert len(feed_server.asked) == 3


def test_a_failing_feed_waits_longer_and_stops_no_other(newsroom: Newsroom, feed_server: FeedServer) -> None:
    answers = {
        "/500": (b"", 500, "the server answers 500"),
        "/bomb": (b'<!DOCTYPE rss [<!ENTITY a "b">]><rss version="2.0"/>', 200, "refused: the XML defines entities"),
        "/good": (rss("One"), 200, "ok"),
        "/noise": (b"\x00\xff\x13nonsense", 200, "not a feed: it looks like plain text"),
        "/page": (b"<!doctype html><html><body>moved</body></html>", 200, "not a feed: it is an HTML page"),
    }
    for path, (content, status, _) in answers.items():
        add(newsroom.store, feed_server.serve(path, content, status=status))
    add(newsroom.store, "http://no.such.host.invalid/feed")
    for _ in answers:
        feeds = newsroom.poll()
        newsroom.now += 2 * SECOND
    for path, (*_, said) in answers.items():
        assert feeds[feed_server.url(path)].status.startswith(said)
    assert "is not known" in feeds["http://no.such.host.invalid/feed"].status
    ill = feed_server.serve("/500", rss("Back"))
    assert (feeds[ill].failures, feeds[ill].next_at) == (1, NOW + 30 * MINUTE)
    newsroom.now = NOW + 31 * MINUTE
    while (well := newsroom.poll()[ill]).failures:
        newsroom.now += 2 * SECOND
    assert (well.status, well.articles, well.next_at) == ("ok", 1, newsroom.now + 15 * MINUTE)


def test_a_host_that_asks_for_patience_gets_it(newsroom: Newsroom, feed_server: FeedServer) -> None:
    busy = feed_server.serve("/busy", status=429, headers={"Retry-After": "7200"})
    also_there, elsewhere = feed_server.serve("/other", rss("One")), feed_server.url("/other", "localhost")
    for url in (busy, also_there, elsewhere):
        add(newsroom.store, url)
    newsroom.poll()
    newsroom.now += HOUR
    feeds = newsroom.poll()
    assert (feeds[busy].status, feeds[busy].next_at) == ("the server answers 429", NOW + 2 * HOUR)
    assert (feeds[also_there].polled_at, feeds[elsewhere].status) == (0, "not modified")
    newsroom.now += HOUR
    newsroom.poll()
    newsroom.now += 2 * SECOND
    assert newsroom.poll()[also_there].polled_at > 0


def test_feeds_of_one_host_are_asked_one_after_another(newsroom: Newsroom, feed_server: FeedServer) -> None:
    for path in ("/1", "/2", "/3"):
        add(newsroom.store, feed_server.serve(path, rss(path)))
    for asked in (1, 2, 3, 3):
        newsroom.poll()
        newsroom.poll()
        assert len(feed_server.asked) == asked
        newsroom.now += 2 * SECOND


def test_what_could_not_be_stored_is_asked_for_again(newsroom: Newsroom, feed_server: FeedServer) -> None:
    url = feed_server.serve("/feed", rss("One"))
    add(newsroom.store, url)

    def away(items: Iterable[Item]) -> Summary:
        raise StoreUnavailable(f"the store is away, {len(list(items))} articles wait")

    with pytest.raises(StoreUnavailable):
        poll_due(newsroom.store, newsroom.ask, away, lambda: NOW, Event())
    assert newsroom.poll()[url].articles == 1


def test_entries_that_are_no_articles_are_told_of(newsroom: Newsroom, feed_server: FeedServer) -> None:
    add(newsroom.store, feed_server.serve("/feed", rss("One")))
    (after,) = poll_due(newsroom.store, newsroom.ask, lambda _: Summary(new=1, failed=2), lambda: NOW, Event())
    assert (after.status, after.failures, after.articles) == ("ok, but 2 entries are no articles", 0, 1)


def test_an_unforeseen_failure_is_written_down(newsroom: Newsroom, feed_server: FeedServer) -> None:
    url = feed_server.serve("/feed", rss("One"))
    add(newsroom.store, url)

    def broken(_: Iterable[Item]) -> Summary:
        raise ZeroDivisionError("by zero")

    (after,) = poll_due(newsroom.store, newsroom.ask, broken, lambda: NOW, Event())
    assert (after.status, after.failures, after.etag) == ("ZeroDivisionError: by zero", 1, None)


def test_a_feed_removed_while_it_is_asked_stays_removed(newsroom: Newsroom, feed_server: FeedServer) -> None:
    url = feed_server.serve("/feed", rss("One"))
    add(newsroom.store, url)

    def ask(url: str, *, etag: str | None, last_modified: str | None) -> Answer:
        remove(newsroom.store, url)
        return newsroom.ask(url, etag=etag, last_modified=last_modified)

    poll_due(newsroom.store, ask, newsroom.ingest, lambda: NOW, Event())
    assert all_feeds(newsroom.store) == []


def test_adding_listing_and_removing(newsroom: Newsroom) -> None:
    assert add(newsroom.store, "https://b.example/feed", title=" B ", interval=HOUR)
    assert add(newsroom.store, "https://a.example/feed")
    assert not add(newsroom.store, "https://B.example/feed#top", title="again")
    assert [(feed.url, feed.title, feed.interval) for feed in all_feeds(newsroom.store)] == [
        ("https://a.example/feed", "", 15 * MINUTE),
        ("https://b.example/feed", "B", HOUR),
    ]
    assert remove(newsroom.store, "https://b.example/feed")
    assert not remove(newsroom.store, "https://b.example/feed")
    assert not remove(newsroom.store, "nonsense")


@pytest.mark.parametrize(
    ("url", "interval"), [("ftp://a.example/", HOUR), ("feed.xml", HOUR), ("https://a.example", 5)]
)
def test_what_cannot_be_followed(newsroom: Newsroom, url: str, interval: int) -> None:
    with pytest.raises(InvalidParameter):
        add(newsroom.store, url, interval=interval)


def test_opml(newsroom: Newsroom) -> None:
    content = b"""<opml version="2.0"><head/><body><outline text="World">
      <outline type="rss" text="A &amp; Co" xmlUrl="https://a.example/feed"/>
      <outline type="rss" text="x" title="B" xmlUrl="https://b.example/feed"/></outline>
      <outline xmlUrl="ftp://c.example/feed"/><outline xmlUrl="https://a.example/feed"/></body></opml>"""
    imported = import_opml(newsroom.store, content)
    assert imported.added == ("https://a.example/feed", "https://b.example/feed")
    assert (imported.known, imported.refused) == (("https://a.example/feed",), ("ftp://c.example/feed",))
    assert [feed.title for feed in all_feeds(newsroom.store)] == ["A & Co", "B"]


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"<rss/>", b'<!DOCTYPE opml [<!ENTITY a "b">]><opml><body/></opml>', b"<opml>"]
)
def test_what_is_no_opml(newsroom: Newsroom, content: bytes) -> None:
    with pytest.raises(UnreadableSource):
        import_opml(newsroom.store, content)


@pytest.mark.shared_data
@pytest.mark.skipif(not SAVED.exists(), reason="needs ../shared/data")
def test_successive_versions_of_a_saved_feed(newsroom: Newsroom, feed_server: FeedServer) -> None:
    add(newsroom.store, feed_server.url("/world"))
    versions = sorted(SAVED.glob("*.xml"))[:6]
    for version in versions:
        feed_server.serve("/world", version.read_bytes())
        newsroom.poll()
        newsroom.now += 15 * MINUTE
    (feed,) = all_feeds(newsroom.store)
    assert (feed.status, feed.failures, feed.title) == ("ok", 0, "BBC News - World")
    assert 28 <= feed.articles < 28 * len(versions)


def test_a_slow_feed_keeps_no_other_waiting(newsroom: Newsroom, feed_server: FeedServer) -> None:
    slow, quick = feed_server.serve("/feed", rss("One")), feed_server.url("/feed", "localhost")
    for url in (slow, quick):
        add(newsroom.store, url)
    polled = Event()

    def ask(url: str, *, etag: str | None, last_modified: str | None) -> Answer:
        if url == slow:
            assert polled.wait(10), "the other feed was not polled meanwhile"
        return newsroom.ask(url, etag=etag, last_modified=last_modified)

    def ingest(items: Iterable[Item]) -> Summary:
        polled.set()
        return newsroom.ingest(items)

    after = poll_due(newsroom.store, ask, ingest, lambda: NOW, Event())
    assert [(feed.url, feed.status) for feed in after] == [(quick, "ok"), (slow, "ok")]


def test_polling_does_not_wait_for_an_answer_when_it_should_end(newsroom: Newsroom, feed_server: FeedServer) -> None:
    url = feed_server.serve("/feed", rss("One"))
    add(newsroom.store, url)
    asked, stop, end = Event(), Event(), Event()

    def ask(url: str, *, etag: str | None, last_modified: str | None) -> Answer:
        asked.set()
        end.wait(10)
        return newsroom.ask(url, etag=etag, last_modified=last_modified)

    polling = Thread(target=poll_due, args=(newsroom.store, ask, newsroom.ingest, lambda: NOW, stop))
    polling.start()
    asked.wait()
    stop.set()
    polling.join(5)
    assert not polling.is_alive()
    end.set()
    assert [feed.next_at for feed in all_feeds(newsroom.store)] == [0]
