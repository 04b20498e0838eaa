"""Calendar intervals: no gaps, the calendar of the zone, and a bounded number."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.buckets import LENGTHS, MOST_BUCKETS, Interval, buckets, floor
from indexer.errors import InvalidParameter
from indexer.times import DAY, HOUR, parse, to_datetime, to_text

ROME = ZoneInfo("Europe/Rome")


def starts(zone: str, start: str, end: str, interval: Interval) -> list[str]:
    where = ZoneInfo(zone)
    return [to_text(one.start)[:16] for one in buckets(parse(start, where), parse(end, where), interval, where)]


def test_days_are_as_long_as_the_zone_makes_them() -> None:
    whole = buckets(parse("2024-03-30", ROME), parse("2024-04-01", ROME), "day", ROME)
    assert [(one.end - one.start) // HOUR for one in whole] == [24, 23]
    whole = buckets(parse("2024-10-26", ROME), parse("2024-10-28", ROME), "day", ROME)
    assert [(one.end - one.start) // HOUR for one in whole] == [24, 25]


def test_a_midnight_that_the_clock_skipped_is_the_moment_it_skipped_to() -> None:
    assert starts("America/Sao_Paulo", "2018-11-03", "2018-11-05T12:00", "day") == [
        "2018-11-03T03:00",
        "2018-11-04T03:00",
        "2018-11-05T02:00",
    ]


def test_a_day_that_a_zone_left_out_has_no_bucket() -> None:
    assert starts("Pacific/Apia", "2011-12-29", "2012-01-01", "day") == [
        "2011-12-29T10:00",
        "2011-12-30T10:00",
    ]


def test_weeks_begin_on_monday_of_the_zone() -> None:
    assert starts("Europe/Rome", "2024-11-04", "2024-11-18", "week") == ["2024-11-03T23:00", "2024-11-10T23:00"]


def test_hours_are_those_of_a_zone_off_by_half_an_hour() -> None:
    assert starts("Asia/Kolkata", "2024-11-04T10:00", "2024-11-04T12:00", "hour") == [
        "2024-11-04T04:30",
        "2024-11-04T05:30",
    ]


def test_the_first_and_the_last_are_cut_to_the_span() -> None:
    cut = buckets(parse("2024-11-04T06:00"), parse("2024-11-06T06:00"), "day", UTC)
    assert [(to_text(one.start)[8:13], to_text(one.end)[8:13], one.whole) for one in cut] == [
        ("04T06", "05T00", False),
        ("05T00", "06T00", True),
        ("06T00", "06T06", False),
    ]


def test_a_span_without_length_has_no_buckets() -> None:
    assert buckets(0, 0, "day", UTC) == []
    assert buckets(DAY, 0, "day", UTC) == []


def test_there_are_not_too_many() -> None:
    assert len(buckets(0, MOST_BUCKETS * HOUR, "hour", UTC)) == MOST_BUCKETS
    with pytest.raises(InvalidParameter, match="more than 1,000 hours apart"):
        buckets(0, MOST_BUCKETS * HOUR + 1, "hour", UTC)


moments = st.datetimes(datetime(1980, 1, 1), datetime(2037, 1, 1)).map(lambda at: parse(at.isoformat()))  # noqa: DTZ001
zones = st.sampled_from(
    ["UTC", "Europe/Rome", "America/St_Johns", "Pacific/Apia", "Pacific/Chatham", "America/Sao_Paulo", "Asia/Kathmandu"]
).map(ZoneInfo)


@given(moments, st.integers(1, 40), st.sampled_from(["hour", "day", "week"]), zones)
def test_buckets_cover_the_span_without_gaps(start: int, length: int, interval: Interval, zone: ZoneInfo) -> None:
    end = start + length * LENGTHS[interval] + length
    found = buckets(start, end, interval, zone)
    assert (found[0].start, found[-1].end) == (start, end)
    assert all(before.end == after.start for before, after in pairwise(found))
    assert all(one.start < one.end for one in found)
    assert all(one.whole for one in found[1:-1])
    if interval != "hour":
        locals_ = [to_datetime(one.start).astimezone(zone) for one in found[1:]]
        assert all(local.date() != (local - timedelta(milliseconds=1)).date() or local.hour < 2 for local in locals_)
    assert floor(start, interval, zone) <= start
