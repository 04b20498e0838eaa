from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Article
from indexer.errors import InvalidArticle, UnreadableSource
from indexer.normalise import article_from
from indexer.sources.feed import read_json_feed, read_xml_feed
from indexer.sources.reading import read, read_feed
from indexer.sources.records import Found, Unreadable
from indexer.times import parse
from tests.feed_server.writing import rss
from tests.indexer.sources.no_network import no_network

NOW = parse("2024-11-15T12:00:00Z")
SAVED = Path("../shared/data/feeds/bbc_rss")
BOMB = b"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<rss version="2.0"><channel><title>&b;</title></channel></rss>"""
ATOM = b"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de" xml:base="https://kurier.example/news/">
  <title type="html">Kurier &amp;amp; Bote: Politik</title>
  <entry>
    <title type="text">5 &lt; 6, says AT&amp;T</title>
    <link href="wahl?utm_source=feed"/>
    <id>tag:kurier.example,2024:1</id>
    <updated>2024-11-14T11:29:56.312Z</updated>
    <summary type="html">&lt;p>Die &lt;b>Wahl&lt;/b>.&lt;/p>&lt;script>alert(1)&lt;/script></summary>
    <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Eins.</p><p>Zwei.</p></div></content>
    <author><name>Jan Muster</name></author>
    <category term="Wahlen"/><category term="politics"/>
  </entry>
</feed>"""
JUNK = [
    b"<",
    b">",
    b"&",
    b"\x00",
    b"]]>",
    b"<![CDATA[",
    b"null",
    b"[",
    b'"',
    b"&#xD800;",
    b"<?xml",
    b"http://[",
    b"<link/>",
]
JSON_FEED = b"""{"version": "https://jsonfeed.org/version/1.1", "title": "Harbour Post", "language": "en",
 "authors": [{"name": "The desk"}],
 "items": [
  {"id": "1", "url": "https://harbour.example/world/1", "title": "Ferry",
   "content_html": "<p>One &amp; two</p><p>Three</p>",
   "date_published": "2024-11-14T10:00:00Z", "date_modified": "2024-11-14T11:00:00Z", "tags": ["Ports"]},
  7,
  {"id": "3", "external_url": "https://harbour.example/3", "content_text": "Words alone.",
   "author": {"name": "Jo"}}]}"""


def articles(content: bytes) -> list[Article]:
    _, items = read_feed(content, "https://feeds.example/all")
    return [article_from(item.fields, seen_at=NOW) for item in items if isinstance(item, Found)]


def test_rss() -> None:
    first, second = articles(rss("Ferry & quay", "Vote", name="Harbour Post - Politics"))
    assert first.title == "Ferry & quay"
    assert first.summary == "What is known of it: Ferry & quay."
    assert first.url == "https://harbour.example/politics/ferry-&-quay"
    assert (first.source, first.section, first.language) == ("Harbour Post", "Politics", "en")
    assert second.published_at == parse("2024-11-15T01:00:00Z")


def test_atom_with_markup_in_its_texts() -> None:
    (article,) = articles(ATOM)
    assert article.title == "5 < 6, says AT&T"
    assert article.summary == "Die Wahl."
    assert article.body == "Eins.\n\nZwei."
    assert article.url == "https://kurier.example/news/wahl?utm_source=feed"
    assert (article.source, article.section, article.labels) == (
        "Kurier & Bote: Politik",
        "Politics",
        ("Wahlen", "politics"),
    )
    assert article.authors == ("Jan Muster",)
    assert article.published_at == article.modified_at == parse("2024-11-14T11:29:56.312Z")


def test_json_feed() -> None:
    feed = read_json_feed(JSON_FEED)
    assert feed.title == "Harbour Post"
    first, second = articles(JSON_FEED)
    assert (first.body, first.section, first.labels) == ("One & two\n\nThree", "World", ("Ports",))
    assert first.authors == ("The desk",)
    assert (second.title, second.url, second.authors) == ("Words alone.", "https://harbour.example/3", ("Jo",))
    _, (_, odd, _) = read_feed(JSON_FEED, "https://feeds.example/all")
    assert isinstance(odd, Unreadable)
    assert odd.position == 2


def test_an_article_is_the_same_in_each_feed_of_its_publisher() -> None:
    assert articles(rss("Vote", name="BBC News - World")) == articles(rss("Vote", name="BBC News - UK Politics"))


def test_an_entity_bomb_is_refused_before_it_goes_off() -> None:
    with pytest.raises(UnreadableSource, match="entities"):
        read_xml_feed(BOMB)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"<!doctype html><html><head><title>x</title></head><body><rss>no</rss></body></html>", "HTML page"),
        (b"\xff\xfe\x00\x00 nonsense", "plain text"),
        (b'{"title": "a record"}', "JSON Lines"),
        (b'<?xml version="1.0"?><urlset><url>https://a.example</url></urlset>', "neither an RSS nor an Atom feed"),
        (b'<?xml version="1.0" encoding="u\xf3f-8"?><rss version="2.0"/>', "broken beyond reading"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": {}}', "no list of items"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": [', "not a JSON Feed"),
    ],
)
def test_what_is_no_feed_is_said_to_be_none(content: bytes, reason: str) -> None:
    with pytest.raises(UnreadableSource, match=reason):
        read_feed(content, "https://feeds.example/all")


def test_an_empty_feed_is_a_feed() -> None:
    assert articles(rss()) == []


def test_a_feed_that_breaks_off_gives_what_it_has() -> None:
    whole = rss("One", "Two", "Three")
    feed, _ = read_feed(whole[: whole.index(b"Three")], "https://feeds.example/all")
    assert [fields["title"] for fields in feed.entries[:2] if fields] == ["One", "Two"]


@pytest.mark.shared_data
@pytest.mark.skipif(not SAVED.exists(), reason="needs ../shared/data")
def test_saved_feeds_and_successive_versions_of_one() -> None:
    items = list(read(str(SAVED), no_network))
    found = [article_from(item.fields, seen_at=NOW) for item in items if isinstance(item, Found)]
    assert len(found) == len(items)
    assert {article.source for article in found} == {"BBC News"}
    assert None not in {article.published_at for article in found}
    assert len({item.origin for item in items}) == len(list(SAVED.rglob("*.xml")))


@given(st.data())
def test_a_damaged_feed_gives_records_or_a_reason(data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from([ATOM, JSON_FEED, rss("One", "Two & three")])))
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(content)))
        content[start : start + data.draw(st.integers(0, 20))] = data.draw(
            st.sampled_from(JUNK) | st.binary(max_size=3)
        )
    try:
        articles(bytes(content))
    except (UnreadableSource, InvalidArticle) as error:
        assert str(error)  # noqa: PT017 - either is fine, silence is not
