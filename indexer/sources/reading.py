"""Any source, as the records in it: what it is shows in its content, not in its name alone."""

import re
from collections.abc import Callable, Iterable
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Final, Literal, Protocol
from urllib.parse import urlsplit

from indexer.errors import UnreadableSource
from indexer.sources.document import UNREADABLE, Document, of_content, open_file
from indexer.sources.lines import read_lines
from indexer.sources.plain_page import read_plain_page
from indexer.sources.records import Items, Unreadable

if TYPE_CHECKING:
    from indexer.sources.feed import Feed

Kind = Literal["lines", "xml feed", "json feed", "html page", "plain page", "nothing"]


class Download(Protocol):
    """What was found at an address, which after redirects may be another than was asked for."""

    @property
    def url(self) -> str: ...

    @property
    def content(self) -> bytes: ...


Get = Callable[[str], Download]
"""Fetches an address; UnreadableSource says why not."""

_FEED_ROOT: Final = re.compile(rb"<(?:\w+:)?(?:rss|feed|rdf)[\s>]", re.IGNORECASE)
_HTML_ROOT: Final = re.compile(rb"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
_JSON_FEED: Final = re.compile(rb'"version"\s*:\s*"https?:\\?/\\?/jsonfeed\.org\\?/version')
_NO_FEED: Final[dict[Kind, str]] = {
    "nothing": "it is empty",
    "lines": "it looks like JSON Lines",
    "html page": "it is an HTML page",
    "plain page": "it looks like plain text",
}
_LINES_SUFFIXES: Final = frozenset({".jsonl", ".ndjson", ".json"})


def read(target: str, get: Get) -> Items:
    """The records of a file, of the files of a folder in the order of their names, or of an http(s) address.

    What cannot be read is yielded as Unreadable, never raised.
    """
    if is_address(target):
        yield from _read_address(target, get)
    else:
        for path in files_of(Path(target)):
            yield from _read_file(path)


def is_address(target: str) -> bool:
    """Whether a target is to be fetched rather than opened. A scheme other than http(s) is refused on fetching."""
    return "://" in target


def files_of(path: Path) -> list[Path]:
    """The file itself, or the files anywhere in a folder, hidden ones left out, in the order of their names."""
    if not path.is_dir():
        return [path]
    inside = sorted(path.rglob("*"))
    return [file for file in inside if file.is_file() and not _is_hidden(file.relative_to(path))]


def size_of(targets: Iterable[str]) -> int:
    """The bytes on disk of all targets; what is fetched counts as nothing."""
    paths = (path for target in targets if not is_address(target) for path in files_of(Path(target)))
    return sum(path.stat().st_size for path in paths if path.is_file())


def read_feed(content: bytes, url: str) -> "tuple[Feed, Items]":
    """A fetched feed and its records. UnreadableSource if it is something else, as a page."""
    document = of_content(content, url)
    kind = kind_of(document.head(), url)
    if kind in _NO_FEED:
        raise UnreadableSource(f"not a feed: {_NO_FEED[kind]}")
    feed = _parse_feed(document, kind)
    return feed, _entries(document, feed)


def kind_of(head: bytes, name: str) -> Kind:
    """What a source is, by how it begins; by its name where that does not say."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    suffixes = {suffix.lower() for suffix in PurePath(urlsplit(name).path if is_address(name) else name).suffixes}
    if not start:
        return "nothing"
    if start.startswith(b"<"):
        return _kind_of_markup(start)
    if start.startswith(b"{") and _JSON_FEED.search(start):
        return "json feed"
    return "lines" if start.startswith(b"{") or suffixes & _LINES_SUFFIXES else "plain page"


def _kind_of_markup(start: bytes) -> Kind:
    feed, page = _FEED_ROOT.search(start), _HTML_ROOT.search(start)
    if feed and (page is None or feed.start() < page.start()):
        return "xml feed"
    return "html page" if page or not start.startswith(b"<?xml") else "xml feed"


def _read_address(url: str, get: Get) -> Items:
    try:
        fetched = get(url)
    except UnreadableSource as error:
        yield Unreadable(url, 0, str(error))
    else:
        yield from _read_document(of_content(fetched.content, fetched.url))


def _read_file(path: Path) -> Items:
    try:
        with open_file(path) as document:
            yield from _read_document(document)
    except OSError as error:
        yield Unreadable(str(path), 0, f"cannot be opened: {error.strerror or error}")


def _read_document(document: Document) -> Items:
    try:
        yield from _items(document)
    except UnreadableSource as error:
        yield document.unreadable(0, str(error), document.head())
    except UNREADABLE as error:
        yield document.unreadable(0, f"the file breaks off or is damaged: {error}")


def _items(document: Document) -> Items:
    match kind := kind_of(document.head(), document.origin):
        case "nothing":
            return
        case "lines":
            yield from read_lines(document)
        case "xml feed" | "json feed":
            yield from _entries(document, _parse_feed(document, kind))
        case "html page":
            from indexer.sources.html_page import read_html_page  # noqa: PLC0415 - slow to import, and seldom needed

            yield document.found(1, read_html_page(document.content(), document.url))
        case "plain page":
            for position, fields in read_plain_page(document.content()):
                yield document.found(position, fields)


def _parse_feed(document: Document, kind: Kind) -> "Feed":
    from indexer.sources.feed import read_json_feed, read_xml_feed  # noqa: PLC0415 - slow to import, and seldom needed

    parse = read_json_feed if kind == "json feed" else read_xml_feed
    return parse(document.content(), document.url)


def _entries(document: Document, feed: "Feed") -> Items:
    for position, fields in enumerate(feed.entries, start=1):
        if fields is None:
            yield document.unreadable(position, "not a JSON object")
        else:
            yield document.found(position, fields)


def _is_hidden(path: PurePath) -> bool:
    return any(part.startswith(".") for part in path.parts)
