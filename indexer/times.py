"""Time as it flows: whole milliseconds since 1970 UTC, one representation for every store, array and cursor."""

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final

Millis = int

SECOND: Final = 1_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DURATION: Final = re.compile(r"(\d{1,6})(m|h|d)", re.ASCII)
_UNITS: Final = {"m": MINUTE, "h": HOUR, "d": DAY}
_BARE_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


def from_datetime(moment: datetime) -> Millis:
    """Milliseconds of an aware datetime; a naive one is read as UTC. OverflowError outside of the years 1 to 9999."""
    utc = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (utc - EPOCH) // timedelta(milliseconds=1)


def to_datetime(moment: Millis) -> datetime:
    """The aware UTC datetime of a moment."""
    return EPOCH + timedelta(milliseconds=moment)


def to_text(moment: Millis) -> str:
    """RFC 3339 in UTC with milliseconds: 2024-11-14T11:29:56.312Z."""
    return to_datetime(moment).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse(text: str, zone: tzinfo = UTC) -> Millis:
    """Read RFC 3339 / ISO 8601; without an offset, or as a bare date, in `zone`. ValueError if it is neither.

    OverflowError for a moment that is not within the years 1 to 9999 of UTC.
    """
    moment = datetime.fromisoformat(text.strip())
    return from_datetime(moment if moment.tzinfo else moment.replace(tzinfo=zone))


def parse_end(text: str, zone: tzinfo = UTC) -> Millis:
    """Read the end of a half-open span: a bare date includes that day, so its end is the next local midnight."""
    if _BARE_DATE.fullmatch(text.strip()):
        following = date.fromisoformat(text.strip()) + timedelta(days=1)
        return from_datetime(datetime(following.year, following.month, following.day, tzinfo=zone))
    return parse(text, zone)


def parse_duration(text: str) -> Millis:
    """Read "8h", "14d" or "90m" as milliseconds. ValueError for anything else, zero included."""
    match = _DURATION.fullmatch(text.strip())
    if match is None or int(match[1]) == 0:
        message = f"{text!r} is not a duration like 8h, 14d or 90m"
        raise ValueError(message)
    return int(match[1]) * _UNITS[match[2]]
