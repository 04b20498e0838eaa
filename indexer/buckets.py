"""Calendar hours, days and weeks in a time zone, as half-open spans of milliseconds."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta, tzinfo
from itertools import pairwise
from typing import Final, Literal, NamedTuple

from indexer.errors import InvalidParameter
from indexer.times import DAY, EPOCH, HOUR, MINUTE, SECOND, Millis, from_datetime

Interval = Literal["hour", "day", "week"]

MOST_BUCKETS: Final = 1_000
LENGTHS: Final[Mapping[Interval, Millis]] = {"hour": HOUR, "day": DAY, "week": 7 * DAY}


class Bucket(NamedTuple):
    """A calendar interval; not `whole` where the span that was asked for covers only part of it."""

    start: Millis
    end: Millis
    whole: bool


def buckets(start: Millis, end: Millis, interval: Interval, zone: tzinfo) -> list[Bucket]:
    """The calendar intervals between two moments without gaps, the first and the last cut to them.

    InvalidParameter if there are more than `MOST_BUCKETS`; none where the end is not after the start.
    """
    if end - start > MOST_BUCKETS * LENGTHS[interval]:
        raise InvalidParameter("interval", f"from and to are more than {MOST_BUCKETS:,} {interval}s apart")
    if end <= start:
        return []
    return [
        Bucket(max(first, start), min(last, end), first >= start and last <= end)
        for first, last in pairwise(_boundaries(start, end, interval, zone))
    ]


def floor(moment: Millis, interval: Interval, zone: tzinfo) -> Millis:
    """The start of the interval that a moment is in. Weeks begin on Monday."""
    local = (EPOCH + timedelta(milliseconds=moment)).astimezone(zone)
    if interval == "hour":
        return moment - (local.minute * MINUTE + local.second * SECOND + local.microsecond // 1_000)
    return _midnight(local.date() - timedelta(days=local.weekday() if interval == "week" else 0), zone)


def following(start: Millis, interval: Interval, zone: tzinfo) -> Millis:
    """The start of the interval after the one that starts at `start`."""
    if interval == "hour":
        return start + HOUR
    day = (EPOCH + timedelta(milliseconds=start)).astimezone(zone).date()
    # The midnight of a day that a zone left out, as Samoa did 30 December 2011, is that of the day after.
    return _midnight(day + timedelta(days=7 if interval == "week" else 1), zone)


def _boundaries(start: Millis, end: Millis, interval: Interval, zone: tzinfo) -> Iterator[Millis]:
    """The interval starts from the one at or before `start` to the one at or after `end`."""
    boundary = floor(start, interval, zone)
    while boundary < end:
        yield boundary
        boundary = following(boundary, interval, zone)
    yield boundary


def _midnight(day: date, zone: tzinfo) -> Millis:
    return from_datetime(datetime(day.year, day.month, day.day, tzinfo=zone))
