"""RSS, Atom and JSON Feed: entries as records."""

import calendar
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import feedparser  # type: ignore[import-untyped]
import orjson
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from indexer.errors import UnreadableSource
from indexer.sources.dates import parse_date
from indexer.sources.identity import host_of
from indexer.sources.sections import known_section, section_in
from indexer.sources.text import from_html
from indexer.store.port import Json
from indexer.times import SECOND, to_text

_SEPARATORS: Final = (" - ", " | ", " > ", " » ", ": ")
_MARKUP: Final = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as it was read: its title, and the fields of each entry (None where an entry is not an object)."""

    title: str
    entries: Sequence[Json | None]


def read_xml_feed(content: bytes, url: str | None = None) -> Feed:
    """RSS and Atom, also somewhat broken ones. UnreadableSource if it is not a feed, or has entity definitions."""
    _refuse_entities(content)
    parsed = _parse(content, url)
    if not parsed.get("version") and not parsed.entries:
        raise UnreadableSource("neither an RSS nor an Atom feed")
    title = _plain(parsed.feed, "title")
    shared = _shared(title, url or parsed.feed.get("link"), parsed.feed.get("language"))
    return Feed(title, [_entry_fields(entry, shared) for entry in parsed.entries])


def read_json_feed(content: bytes, url: str | None = None) -> Feed:
    """JSON Feed 1.0 and 1.1. UnreadableSource if it is not one."""
    try:
        feed = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise UnreadableSource(f"not a JSON Feed: {error}") from error
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        raise UnreadableSource("not a JSON Feed: it has no list of items")
    title = _string(feed, "title")
    shared = _shared(title, url or feed.get("home_page_url"), feed.get("language"))
    authors = _names(feed.get("authors"))
    return Feed(title, [_item_fields(item, shared, authors) if isinstance(item, dict) else None for item in items])


def _parse(content: bytes, url: str | None) -> Any:
    try:
        return feedparser.parse(io.BytesIO(content), response_headers={"content-location": url} if url else {})
    except Exception as error:  # feedparser lets through whatever a broken encoding makes go wrong in it
        raise UnreadableSource(f"a feed broken beyond reading: {error}") from error


def _refuse_entities(content: bytes) -> None:
    try:
        fromstring(content)
    except DefusedXmlException as error:
        raise UnreadableSource("refused: the XML defines entities, as entity bombs do") from error
    except (ParseError, ValueError, LookupError):
        return  # feedparser reads much that is not well-formed, and an unknown encoding


def _shared(title: str, link: object, language: object) -> Json:
    host = host_of(link) if isinstance(link, str) else ""
    return {"source": _publisher(title) or host or None, "language": language}


def _publisher(title: str) -> str:
    # "BBC News - World" is a feed of BBC News. An article stands in several feeds: nothing it takes from its feed may
    # differ between them, or each poll would change it back. So its section comes from its labels or its address.
    for separator in _SEPARATORS:
        name, found, section = title.rpartition(separator)
        if found and known_section(section):
            return name.strip()
    return title


def _entry_fields(entry: Json, shared: Json) -> Json:
    labels = [tag["term"] for tag in entry.get("tags", ()) if tag.get("term")]
    body = "\n\n".join(_readable(part) for part in entry.get("content", ()))
    updated = _moment(entry, "updated")
    return {
        "title": _plain(entry, "title"),
        "summary": _plain(entry, "summary"),
        "body": "" if body == _plain(entry, "summary") else body,
        "url": entry.get("link"),
        "source": entry.get("source", {}).get("title") or shared["source"],
        "section": _section(labels, entry.get("link")),
        "labels": labels,
        "authors": [author["name"] for author in entry.get("authors", ()) if author.get("name")],
        "language": shared["language"],
        "published_at": _moment(entry, "published") or updated,
        "modified_at": updated,
    }


def _section(labels: Sequence[str], link: object) -> str | None:
    known = next((label for label in labels if known_section(label)), None)
    return known or (section_in(link) if isinstance(link, str) else None)


def _moment(entry: Json, name: str) -> str | None:
    # dict.get, because feedparser answers "updated" with "published" and a warning where there is none.
    written, understood = dict.get(entry, name), dict.get(entry, f"{name}_parsed")
    if understood is None or parse_date(written) is not None:
        return written
    return to_text(calendar.timegm(understood) * SECOND)


def _plain(holder: Mapping[str, Any], name: str) -> str:
    detail = holder.get(f"{name}_detail")
    return _readable(detail) if detail else holder.get(name, "")


def _readable(detail: Mapping[str, Any]) -> str:
    value: str = detail.get("value") or ""
    return from_html(value) if detail.get("type") in _MARKUP else value


def _item_fields(item: Json, shared: Json, authors: list[str]) -> Json:
    labels = [tag for tag in _values(item.get("tags")) if isinstance(tag, str)]
    url = item.get("url") or item.get("external_url")
    return {
        "title": _string(item, "title"),
        "summary": _string(item, "summary"),
        "body": _string(item, "content_text") or from_html(_string(item, "content_html")),
        "url": url,
        "source": shared["source"],
        "section": _section(labels, url),
        "labels": labels,
        "authors": _names(item.get("authors")) or _names([item.get("author")]) or authors,
        "language": item.get("language") or shared["language"],
        "published_at": item.get("date_published"),
        "modified_at": item.get("date_modified"),
    }


def _string(holder: Json, name: str) -> str:
    value = holder.get(name)
    return value if isinstance(value, str) else ""


def _names(people: object) -> list[str]:
    return [name for person in _values(people) if isinstance(person, dict) and (name := _string(person, "name"))]


def _values(value: object) -> Iterator[Any]:
    return iter(value if isinstance(value, list) else ())
