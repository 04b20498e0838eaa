"""One followed feed: what is known of it, and when to ask it again. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

from indexer.sources.dates import parse_rfc822
from indexer.times import DAY, MINUTE, SECOND, Millis

INTERVAL: Final = 15 * MINUTE
SHORTEST_INTERVAL: Final = MINUTE
LONGEST_WAIT: Final = DAY
HOST_PAUSE: Final = 2 * SECOND
_MOST_DOUBLINGS: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed and its health. Times are milliseconds, 0 where there has been none.

    `failures` counts those since the last success. `host_held_until` is when its host, having asked for patience, may
    be asked for anything again. `articles` is how many new ones it brought.
    """

    url: str
    title: str = ""
    interval: Millis = INTERVAL
    next_at: Millis = 0
    polled_at: Millis = 0
    succeeded_at: Millis = 0
    failures: int = 0
    status: str = "not polled yet"
    etag: str | None = None
    last_modified: str | None = None
    host_held_until: Millis = 0
    articles: int = 0

    @property
    def host(self) -> str:
        return (urlsplit(self.url).hostname or "").lower()


def due(feeds: Iterable[Feed], now: Millis, pause: Millis = HOST_PAUSE) -> list[Feed]:
    """The feeds to ask now, the longest overdue first: one per host, and none of a host that was just asked."""
    feeds = list(feeds)
    free_at = _host_free_at(feeds, pause)
    chosen: dict[str, Feed] = {}
    for feed in sorted(feeds, key=lambda feed: (feed.next_at, feed.url)):
        if feed.next_at <= now and free_at[feed.host] <= now:
            chosen.setdefault(feed.host, feed)
    return list(chosen.values())


def succeeded(feed: Feed, now: Millis, status: str, articles: int = 0) -> Feed:
    """The feed after it answered."""
    return replace(
        feed,
        next_at=now + feed.interval,
        polled_at=now,
        succeeded_at=now,
        failures=0,
        status=status,
        articles=feed.articles + articles,
    )


def failed(feed: Feed, now: Millis, reason: str, wait: Millis = 0) -> Feed:
    """The feed after it failed: asked again after twice the time with each failure, up to a day.

    `wait` is what its host asked for; up to a day of it is granted, to all feeds of the host.
    """
    wait = min(wait, LONGEST_WAIT)
    longest = max(LONGEST_WAIT, feed.interval)
    backoff = min(longest, feed.interval * 2 ** min(feed.failures + 1, _MOST_DOUBLINGS))
    return replace(
        feed,
        next_at=now + max(backoff, wait),
        polled_at=now,
        failures=feed.failures + 1,
        status=reason,
        host_held_until=now + wait if wait else feed.host_held_until,
    )


def patience(retry_after: str | None, now: Millis) -> Millis:
    """What a Retry-After header (seconds, or a date) asks for, in milliseconds from now; 0 where it says nothing."""
    if retry_after is None:
        return 0
    if retry_after.strip().isdecimal():
        return int(retry_after[:12]) * SECOND
    moment = parse_rfc822(retry_after)
    return max(0, moment - now) if moment is not None else 0


def _host_free_at(feeds: list[Feed], pause: Millis) -> dict[str, Millis]:
    free_at: dict[str, Millis] = {}
    for feed in feeds:
        asked = feed.polled_at + pause if feed.polled_at else 0
        free_at[feed.host] = max(free_at.get(feed.host, 0), asked, feed.host_held_until)
    return free_at
