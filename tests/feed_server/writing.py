"""Feeds written for tests."""

from collections.abc import Sequence
from html import escape


def rss(*titles: str, name: str = "Harbour Post", site: str = "https://harbour.example") -> bytes:
    """An RSS feed with an item per title, an hour apart."""
    items = [_item(number, title, site) for number, title in enumerate(titles)]
    return _channel(name, site, items)


def _item(number: int, title: str, site: str) -> str:
    slug = "-".join(title.lower().split())
    return (
        f"<item><title>{escape(title)}</title><link>{site}/politics/{slug}</link>"
        f"<description>What is known of it: {escape(title)}.</description>"
        f"<pubDate>Fri, 15 Nov 2024 {number:02}:00:00 GMT</pubDate></item>"
    )


def _channel(name: str, site: str, items: Sequence[str]) -> bytes:
    head = f"<title>{escape(name)}</title><link>{site}</link><language>en-gb</language>"
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>'.encode()
