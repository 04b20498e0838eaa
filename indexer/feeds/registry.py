"""The list of followed feeds, kept with the store's records."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Final

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from indexer.errors import InvalidParameter, UnreadableSource
from indexer.feeds.feed import INTERVAL, LONGEST_WAIT, SHORTEST_INTERVAL, Feed
from indexer.sources.identity import url_id, web_address
from indexer.sources.text import one_line
from indexer.store.port import Store
from indexer.times import DAY, MINUTE, Millis

_KIND: Final = "feed"


@dataclass(frozen=True, slots=True)
class Imported:
    """What an OPML list brought: addresses added, known before, and refused because they are not http(s)."""

    added: tuple[str, ...]
    known: tuple[str, ...]
    refused: tuple[str, ...]


def add(store: Store, url: str, *, title: str = "", interval: Millis = INTERVAL) -> bool:
    """Follow a feed from now on; False, and no change, where it is followed already."""
    address = web_address(url)
    if address is None:
        raise InvalidParameter("url", f"{url[:200]!r} is not an http or https address")
    if not SHORTEST_INTERVAL <= interval <= LONGEST_WAIT:
        raise InvalidParameter("interval", f"an interval is {SHORTEST_INTERVAL // MINUTE}m to {LONGEST_WAIT // DAY}d")
    feed = Feed(url=address, title=one_line(title), interval=interval)
    return store.put_record(_KIND, url_id(address), asdict(feed), only_new=True)


def remove(store: Store, url: str) -> bool:
    """Stop following a feed; its articles stay. False where it was not followed."""
    address = web_address(url)
    return address is not None and store.drop_record(_KIND, url_id(address))


def all_feeds(store: Store) -> list[Feed]:
    """Every followed feed, by address."""
    return sorted((Feed(**fields) for fields in store.records(_KIND).values()), key=lambda feed: feed.url)


def keep(store: Store, feed: Feed) -> None:
    """Write down what became of a feed, unless it has been removed in the meantime."""
    record_id = url_id(feed.url)
    if record_id in store.records(_KIND):
        store.put_record(_KIND, record_id, asdict(feed))


def import_opml(store: Store, content: bytes) -> Imported:
    """Follow every feed of an OPML list. UnreadableSource if it is not one."""
    added: list[str] = []
    known: list[str] = []
    refused: list[str] = []
    for url, title in _outlines(content):
        if web_address(url) is None:
            refused.append(url)
        else:
            (added if add(store, url, title=title) else known).append(url)
    return Imported(tuple(added), tuple(known), tuple(refused))


def _outlines(content: bytes) -> Iterator[tuple[str, str]]:
    try:
        root = fromstring(content)
    except DefusedXmlException as error:
        raise UnreadableSource("refused: the OPML defines entities, as entity bombs do") from error
    except (ParseError, ValueError, LookupError) as error:
        raise UnreadableSource(f"not an OPML list: {error}") from error
    if root.tag.lower() != "opml":
        raise UnreadableSource(f"not an OPML list: its root is <{root.tag}>")
    for outline in root.iter("outline"):
        url = outline.get("xmlUrl")
        if url:
            yield url, outline.get("title") or outline.get("text") or ""
