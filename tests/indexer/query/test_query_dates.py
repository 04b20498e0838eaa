"""Dates in queries: what they begin and end with, in which zone, and what is none."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.query.ast import Range, unparse
from indexer.query.dates import span
from indexer.query.parser import parse
from indexer.times import from_datetime
from indexer.times import parse as moment

ROME = ZoneInfo("Europe/Rome")


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("after:2024", "2024-01-01T00:00Z", None),
        ("After:2024-11", "2024-11-01T00:00Z", None),
        ("after:2024-1-9", "2024-01-09T00:00Z", None),
        ("before:2024-11-15", None, "2024-11-15T00:00Z"),
        ("before:9999-12-31", None, "9999-12-31T00:00Z"),
        ("after:2024-11-14T18", "2024-11-14T18:00Z", None),
        ("after:2024-11-14T18Z", "2024-11-14T18:00Z", None),
        ("after: 2024-11-14T18:30+01:00", "2024-11-14T17:30Z", None),
        ('after:"2024-11-14 18:30:15.250"', "2024-11-14T18:30:15.250Z", None),
        ("published:2024", "2024-01-01T00:00Z", "2025-01-01T00:00Z"),
        ("published:2024-02", "2024-02-01T00:00Z", "2024-03-01T00:00Z"),
        ("published:2024-12", "2024-12-01T00:00Z", "2025-01-01T00:00Z"),
        ("published:2024-02-29", "2024-02-29T00:00Z", "2024-03-01T00:00Z"),
        ("published:2024-12-31", "2024-12-31T00:00Z", "2025-01-01T00:00Z"),
        ("published:2024-11-14T18", "2024-11-14T18:00Z", "2024-11-14T19:00Z"),
        ("published:2024-11-14T18:30", "2024-11-14T18:30Z", "2024-11-14T18:31Z"),
        ("published:2024-11-14T18:30:15", "2024-11-14T18:30:15Z", "2024-11-14T18:30:16Z"),
        ("published:2024-11-14T18:30:15.250Z", "2024-11-14T18:30:15.250Z", "2024-11-14T18:30:15.251Z"),
        ("published:2024-11-01..2024-11-14", "2024-11-01T00:00Z", "2024-11-15T00:00Z"),
        ("published:2023..2024-11", "2023-01-01T00:00Z", "2024-12-01T00:00Z"),
        ("published:2024-11-14T18:30..2024-11-14T19", "2024-11-14T18:30Z", "2024-11-14T19:00Z"),
    ],
)
def test_spans(text: str, start: str | None, end: str | None) -> None:
    assert span(text, UTC) == Range(moment(start) if start else None, moment(end) if end else None)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("published:2024-07-01", "2024-06-30T22:00Z", "2024-07-01T22:00Z"),
        ("published:2024-03-31", "2024-03-30T23:00Z", "2024-03-31T22:00Z"),  # a day of 23 hours
        ("published:2024-10-27", "2024-10-26T22:00Z", "2024-10-27T23:00Z"),  # a day of 25
        ("published:2024-07-01T12:00Z..2024-07-01T12:30+00:00", "2024-07-01T12:00Z", "2024-07-01T12:30Z"),
    ],
)
def test_days_are_those_of_the_zone(text: str, start: str, end: str) -> None:
    assert span(text, ROME) == Range(moment(start), moment(end))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("after:yesterday", "yesterday is not a date like 2024-11-14"),
        ('after:" "', "this is not a date like 2024-11-14"),
        ("published:2024-13", "2024-13 is not a date like 2024-11-14"),
        ("published:2023-02-29", "2023-02-29 is not a date like 2024-11-14"),
        ("after:20241114", "20241114 is not a date like 2024-11-14"),
        ("after:2024-W46", "2024-W46 is not a date like 2024-11-14"),
        ("after:0000", "0000 is not a date like 2024-11-14"),
        ("after:٢٠٢٤", "٢٠٢٤ is not a date like 2024-11-14"),
        ("after:2024-11-14T25:00", "2024-11-14T25:00 is not a time of day like 2024-11-14T18:30"),
        ("published:..2024", "this is not a date like 2024-11-14"),
        ("published:2024..", "this is not a date like 2024-11-14"),
        ("published:2024-11-15..2024-11-14", "2024-11-15..2024-11-14 ends before it begins"),
        ("published:9999", "9999 is too far away"),
        ("published:9999-12-31", "9999-12-31 is too far away"),
    ],
)
def test_what_is_no_date(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        span(text, UTC)
    assert str(caught.value) == message


def test_the_ends_of_time_are_too_far_in_some_zones() -> None:
    with pytest.raises(ValueError, match="0001-01-01 is too far away"):
        span("after:0001-01-01", ROME)


@settings(deadline=None)
@given(st.dates(datetime(2, 1, 1, tzinfo=UTC).date(), datetime(9998, 1, 1, tzinfo=UTC).date()))
def test_a_day_is_found_by_its_year_its_month_and_itself(day: object) -> None:
    noon = from_datetime(datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=ROME))
    for written in (str(day), str(day)[:7], str(day)[:4]):
        found = span(f"published:{written}", ROME)
        assert found.start is not None
        assert found.end is not None
        assert found.start <= noon < found.end
        assert parse(unparse(found), zone=ZoneInfo("Asia/Tokyo")) == found
