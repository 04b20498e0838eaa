"""The dates of a query. Pure; what has no offset is read in a zone."""

import re
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from indexer.query.ast import Range
from indexer.times import HOUR, MINUTE, SECOND, Millis, from_datetime, parse

_DATE: Final = re.compile(r"(\d{4})(?:-(\d\d?)(?:-(\d\d?))?)?", re.ASCII)
_TIME: Final = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d(?P<minute>:\d\d(?P<second>:\d\d(?P<fraction>\.\d{1,6})?)?)?(?:Z|[+-]\d\d:\d\d)?", re.ASCII
)
_QUOTES: Final = ' "“”„‟«»'


def span(typed: str, zone: tzinfo) -> Range:
    """What `after:`, `before:` or `published:` with a date limits a query to. ValueError says what is wrong.

    `after` and `before` take the start of the date. `published` takes all of it, or from the start of the first
    of two to the end of the second; only a second one with a time of day ends right there.
    """
    name, _, rest = typed.partition(":")
    value = rest.strip(_QUOTES)
    try:
        return _range(name.lower(), value, zone)
    except OverflowError:
        raise ValueError(f"{value} is too far away") from None


def _range(name: str, value: str, zone: tzinfo) -> Range:
    if name == "after":
        return Range(_start(value, zone), None)
    if name == "before":
        return Range(None, _start(value, zone))
    first, dots, last = value.partition("..")
    start = _start(first, zone)
    end = _start(last, zone) if dots and _TIME.fullmatch(last) else _end(last if dots else first, zone)
    if end <= start:
        raise ValueError(f"{value} ends before it begins")
    return Range(start, end)


def _start(text: str, zone: tzinfo) -> Millis:
    if _TIME.fullmatch(text):
        return _time(text, zone)
    return from_datetime(datetime(*_date(text).timetuple()[:3], tzinfo=zone))


def _end(text: str, zone: tzinfo) -> Millis:
    """The end of the year, month, day, hour, minute, second or millisecond."""
    if time := _TIME.fullmatch(text):
        units = ((time["fraction"], 1), (time["second"], SECOND), (time["minute"], MINUTE), (time[0], HOUR))
        return _time(text, zone) + next(unit for written, unit in units if written)
    day, parts = _date(text), text.count("-")
    following = day + timedelta(days=1) if parts == 2 else _next_month(day if parts else day.replace(month=12))  # noqa: PLR2004 - a day
    return from_datetime(datetime(*following.timetuple()[:3], tzinfo=zone))


def _date(text: str) -> date:
    """The first day of a year, a month, or a day."""
    written = _DATE.fullmatch(text)
    try:
        return date(*(int(part or 1) for part in written.groups())) if written else date.min.replace(month=0)
    except ValueError:
        raise ValueError(f"{text or 'this'} is not a date like 2024-11-14") from None


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def _time(text: str, zone: tzinfo) -> Millis:
    try:
        return parse(text, zone)
    except ValueError:
        raise ValueError(f"{text} is not a time of day like 2024-11-14T18:30") from None
