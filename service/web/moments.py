"""Moments as readers see them: how long ago, and when exactly."""

from typing import Final, NamedTuple

from indexer.times import DAY, HOUR, MINUTE, Millis, parse, to_datetime

_NEARLY_NOW: Final = MINUTE
_LAST_RELATIVE: Final = 14 * DAY
_UNITS: Final = ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute"))


class Moment(NamedTuple):
    """One moment: RFC 3339 for machines, a date and time in UTC, and how long ago, empty if that says little."""

    machine: str
    absolute: str
    relative: str


def moment(text: str, now: Millis) -> Moment:
    """Show a moment given as RFC 3339 text."""
    at = parse(text)
    return Moment(text, absolute(at), relative(at, now))


def absolute(at: Millis) -> str:
    """14 Nov 2024, 11:29 UTC."""
    when = to_datetime(at)
    return f"{when.day} {when:%b} {when.year}, {when:%H:%M} UTC"


def relative(at: Millis, now: Millis) -> str:
    """3 hours ago; empty for what is to come and for what is over two weeks old."""
    age = now - at
    if not 0 <= age <= _LAST_RELATIVE:
        return ""
    if age < _NEARLY_NOW:
        return "just now"
    size, name = next((size, name) for size, name in _UNITS if age >= size)
    count = age // size
    return f"{count} {name}{'s' if count > 1 else ''} ago"
