import pytest

from indexer.article import Article
from indexer.errors import UnreadableSource
from indexer.normalise import article_from
from indexer.sources.html_page import read_html_page
from indexer.times import parse

NOW = parse("2024-11-15T12:00:00Z")
TEXT = "<p>The ferry between both banks has been repaired, the port said on Monday morning.</p>" * 3
SCHEMA = """{"@context": "https://schema.org", "@graph": [{"@type": "WebPage", "name": "x"},
 {"@type": ["NewsArticle"], "headline": "Ferry &amp; quay run again", "description": "After a week.",
  "datePublished": "2024-11-14T10:00:00+01:00", "dateModified": "2024-11-14T12:00:00Z", "inLanguage": "en-GB",
  "articleSection": ["Politics", "Ports"], "keywords": "ferry, quay",
  "author": [{"@type": "Person", "name": "Jane Doe"}, "Jo"],
  "publisher": {"@type": "Organization", "name": "Harbour Post"}}]}"""


def page(head: str = "", body: str = f"<article><h1>A heading</h1>{TEXT}</article>") -> bytes:
    return (
        f"<!doctype html><html lang='de'><head><title>A title</title>{head}</head><body>{body}</body></html>".encode()
    )


def article(content: bytes, url: str | None = "https://harbour.example/world/ferry-12345") -> Article:
    return article_from(read_html_page(content, url), seen_at=NOW)


def test_schema_org_facts() -> None:
    found = article(page(f'<script type="application/ld+json">{SCHEMA}</script>'))
    assert (found.title, found.summary) == ("Ferry & quay run again", "After a week.")
    assert found.body.count("the port said on Monday morning") >= 1
    assert (found.published_at, found.modified_at) == (parse("2024-11-14T09:00:00Z"), parse("2024-11-14T12:00:00Z"))
    assert (found.section, found.labels) == ("Politics", ("Ports", "ferry", "quay"))
    assert (found.source, found.authors, found.language) == ("Harbour Post", ("Jane Doe", "Jo"), "en")


def test_facts_nested_more_deeply_than_python_goes() -> None:
    nested = '{"@graph":' * 1_000 + SCHEMA + "}" * 1_000
    assert article(page(f'<script type="application/ld+json">{nested}</script>')).title == "Ferry & quay run again"


def test_open_graph_and_meta_facts() -> None:
    found = article(
        page(
            '<meta property="og:title" content="Ferry"><meta property="og:site_name" content="Post">'
            '<meta name="description" content="Short."><meta property="article:published_time" content="2024-11-14">'
            '<meta property="article:tag" content="Ports"><meta property="article:tag" content="Quays">'
            '<link rel="canonical" href="https://www.harbour.example/ferry">'
        )
    )
    assert (found.title, found.summary, found.source) == ("Ferry", "Short.", "Post")
    assert (found.published_at, found.labels) == (parse("2024-11-14"), ("Ports", "Quays"))
    assert found.url == "https://www.harbour.example/ferry"


def test_a_bare_page() -> None:
    found = article(page())
    assert (found.title, found.source, found.section, found.language) == ("A heading", "harbour.example", "World", "de")
    assert found.published_at is None


def test_an_undated_page_takes_the_latest_date_it_shows() -> None:
    times = "<time datetime='2024-11-02'>2</time><time datetime='2024-11-13T08:00:00Z'>x</time><time>old</time>"
    content = page(body=f"<article><h1>A heading</h1>{TEXT}</article>{times}")
    assert article(content).published_at == parse("2024-11-13T08:00:00Z")
    later = content.replace(b"2024-11-13", b"2024-11-14")
    assert article(content, url=None).id == article(later, url=None).id


def test_a_page_cannot_speak_for_another_site() -> None:
    found = article(page('<link rel="canonical" href="https://other.example/front">'))
    assert found.url == "https://harbour.example/world/ferry-12345"


@pytest.mark.parametrize(
    "broken", ["{", "[]", '"x"', '{"@type": 7}', '{"@type": "NewsArticle", "headline": {"a": 1}, "author": 3}']
)
def test_broken_schema_org_does_no_harm(broken: str) -> None:
    assert article(page(f'<script type="application/ld+json">{broken}</script>')).title == "A heading"


@pytest.mark.parametrize("content", [b"<html></html>", b"<html><body><p></p></body></html>", b"<"])
def test_pages_without_an_article(content: bytes) -> None:
    with pytest.raises(UnreadableSource):
        read_html_page(content)


def test_markup_nested_beyond_reason_is_refused_not_crashed_on() -> None:
    with pytest.raises(UnreadableSource):
        read_html_page(page(body="<div>" * 20_000 + TEXT + "</div>" * 20_000))
