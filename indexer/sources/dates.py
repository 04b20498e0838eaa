"""Dates as publishers write them."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from indexer.times import DAY, Millis, from_datetime, parse

EARLIEST: Final = from_datetime(datetime(1605, 1, 1, tzinfo=UTC))
"""The year of the first newspaper. Also later than 0001 and 1601, which stand for "no date" in many systems."""
FURTHEST_AHEAD: Final = 366 * DAY


def parse_date(value: object) -> Millis | None:
    """Read RFC 3339, ISO 8601 or RFC 822, in UTC where no zone is given. None for anything else."""
    if not isinstance(value, str):
        return None
    try:
        return parse(value)
    except (ValueError, OverflowError):
        return parse_rfc822(value)


def is_possible(moment: Millis, now: Millis) -> bool:
    """Whether an article can be from then: not before newspapers, and at most about a year ahead."""
    return EARLIEST <= moment <= now + FURTHEST_AHEAD


def parse_rfc822(text: str) -> Millis | None:
    """Read the dates of e-mail and HTTP: Thu, 14 Nov 2024 11:29:56 GMT. None for anything else."""
    try:
        return from_datetime(parsedate_to_datetime(text))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
