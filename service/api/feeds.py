"""Lists of articles as RSS 2.0 and JSON Feed 1.1. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape
from typing import Any, Final
from xml.etree import ElementTree as ET

import orjson

from service.answers.models import Article

RSS: Final = "application/rss+xml"
JSON_FEED: Final = "application/feed+json"
_ATOM: Final = "http://www.w3.org/2005/Atom"
_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Feed:
    """A list of articles. `address` is the feed's own, `home` that of the pages, ending in a slash; both absolute."""

    title: str
    address: str
    home: str
    articles: Sequence[Article]


def rss(feed: Feed) -> bytes:
    """The feed as RSS 2.0."""
    ET.register_namespace("atom", _ATOM)
    root = ET.Element("rss", version="2.0")
    channel = ET.SubElement(root, "channel")
    _add(channel, "title", feed.title)
    _add(channel, "link", feed.home)
    _add(channel, "description", feed.title)
    ET.SubElement(channel, f"{{{_ATOM}}}link", href=_clean(feed.address), rel="self", type=RSS)
    for article in feed.articles:
        _add_item(channel, article, feed.home)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def json_feed(feed: Feed) -> bytes:
    """The feed as JSON Feed 1.1."""
    return orjson.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed.title,
            "home_page_url": feed.home,
            "feed_url": feed.address,
            "items": [_json_item(article, feed.home) for article in feed.articles],
        }
    )


def _add_item(channel: ET.Element, article: Article, home: str) -> None:
    item = ET.SubElement(channel, "item")
    _add(item, "title", article.title)
    _add(item, "link", _link(article, home))
    _add(item, "description", escape(article.summary, quote=False))  # readers take it for HTML
    _add(item, "guid", article.id, isPermaLink="false")
    _add(item, "pubDate", format_datetime(datetime.fromisoformat(_date(article)), usegmt=True))
    for category in _categories(article):
        _add(item, "category", category)


def _json_item(article: Article, home: str) -> dict[str, Any]:
    item = {
        "id": article.id,
        "url": _link(article, home),
        "title": article.title,
        "content_text": article.body or article.summary,
        "summary": article.summary if article.body else None,
        "date_published": _date(article),
        "authors": [{"name": author} for author in article.authors],
        "tags": _categories(article),
        "language": article.language,
    }
    return {name: value for name, value in item.items() if value not in (None, [])}


def _link(article: Article, home: str) -> str:
    return article.url or f"{home}articles/{article.id}"


def _date(article: Article) -> str:
    """When it was published, but never after it was seen."""
    return min(article.published_at or article.seen_at, article.seen_at)


def _categories(article: Article) -> list[str]:
    return list(dict.fromkeys([*([article.section] if article.section else []), *article.labels]))


def _add(parent: ET.Element, tag: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, tag, attributes).text = _clean(text)


def _clean(text: str) -> str:
    """Text without the characters that XML cannot hold."""
    return _NOT_XML.sub("", text)
