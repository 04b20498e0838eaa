"""`dateline feeds`: the list of feeds that the worker polls."""

from contextlib import closing
from dataclasses import asdict

from indexer.errors import InvalidParameter
from indexer.feeds import registry
from indexer.feeds.feed import Feed
from indexer.times import HOUR, MINUTE, SECOND, Millis, parse_duration
from service.cli.commands import Overrides
from service.cli.output import emit, say, table
from service.clock import system_clock
from service.ingesting import prepared_store, store_of
from service.settings import load_settings


def add(overrides: Overrides, *, url: str, title: str, every: str) -> None:
    """Follow a feed."""
    try:
        interval = parse_duration(every)
    except ValueError as error:
        raise InvalidParameter("every", f"--every: {error}") from None
    with prepared_store(load_settings(**overrides)) as store:
        added = registry.add(store, url, title=title, interval=interval)
    say(f"following {url}" if added else f"{url} is followed already")


def remove(overrides: Overrides, url: str) -> int:
    """Stop following a feed; 1 if it was not followed."""
    with closing(store_of(load_settings(**overrides))) as store:
        removed = registry.remove(store, url)
    say(f"no longer following {url}" if removed else f"{url} was not followed")
    return 0 if removed else 1


def show(overrides: Overrides, *, as_json: bool) -> None:
    """Print the feeds and their health."""
    with closing(store_of(load_settings(**overrides))) as store:
        followed = registry.all_feeds(store)
    if as_json:
        emit([asdict(feed) for feed in followed])
        return
    now = system_clock()
    columns = ("feed", "title", "status", "failures", "last success", "next", "articles")
    table(columns, [_row(feed, now) for feed in followed], numbers=("failures", "articles"))


def import_opml(overrides: Overrides, content: bytes) -> int:
    """Follow every feed of an OPML list; 1 if some were refused."""
    with prepared_store(load_settings(**overrides)) as store:
        done = registry.import_opml(store, content)
    for url in done.refused:
        say(f"refused: {url!r} is not an http or https address")
    say(f"{len(done.added)} feeds added, {len(done.known)} known before, {len(done.refused)} refused")
    return 1 if done.refused else 0


def _row(feed: Feed, now: Millis) -> tuple[object, ...]:
    return (
        feed.url,
        feed.title,
        feed.status,
        feed.failures,
        f"{_length(now - feed.succeeded_at)} ago" if feed.succeeded_at else "never",
        "now" if feed.next_at <= now else f"in {_length(feed.next_at - now)}",
        feed.articles,
    )


def _length(millis: Millis) -> str:
    if millis < MINUTE:
        return f"{millis // SECOND} s"
    return f"{millis // MINUTE} min" if millis < 2 * HOUR else f"{millis // HOUR} h"
