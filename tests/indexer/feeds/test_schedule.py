from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.feeds.feed import INTERVAL, LONGEST_WAIT, Feed, due, failed, patience, succeeded
from indexer.times import DAY, HOUR, MINUTE, SECOND, parse

NOW = parse("2024-11-15T12:00:00Z")
PAUSE = 2 * SECOND


def feed(name: str, host: str = "a.example", next_at: int = 0, polled_at: int = 0) -> Feed:
    return Feed(url=f"https://{host}/{name}", next_at=next_at, polled_at=polled_at)


def test_one_feed_per_host_the_longest_overdue_first() -> None:
    feeds = [feed("1", next_at=5), feed("2", next_at=3), feed("3", "b.example", next_at=4), feed("4", next_at=NOW + 1)]
    assert due(feeds, NOW, PAUSE) == [feeds[1], feeds[2]]


def test_a_host_that_was_just_asked_has_a_pause() -> None:
    feeds = [feed("1", next_at=NOW + HOUR, polled_at=NOW - PAUSE + 1), feed("2")]
    assert due(feeds, NOW, PAUSE) == []
    assert due(feeds, NOW + 1, PAUSE) == [feeds[1]]


def test_nothing_to_do() -> None:
    assert due([], NOW) == []


def test_failures_double_the_wait_up_to_a_day_and_success_ends_that() -> None:
    ill = feed("1")
    waits = []
    for _ in range(30):
        ill = failed(ill, NOW, "the server answers 500")
        waits.append(ill.next_at - NOW)
    assert waits[:3] == [2 * INTERVAL, 4 * INTERVAL, 8 * INTERVAL]
    assert waits[-1] == LONGEST_WAIT
    assert (ill.failures, ill.status, ill.succeeded_at) == (30, "the server answers 500", 0)
    well = succeeded(ill, NOW + DAY, "ok", 3)
    assert (well.failures, well.next_at, well.articles) == (0, NOW + DAY + INTERVAL, 3)


def test_a_host_that_asks_for_patience_is_left_alone_altogether() -> None:
    held = failed(feed("1"), NOW, "429", 3 * HOUR)
    others = [feed("2"), feed("3", "b.example")]
    assert held.next_at == NOW + 3 * HOUR
    assert due([held, *others], NOW + HOUR) == [others[1]]
    assert due([held, *others], NOW + 3 * HOUR) == [others[0], others[1]]
    assert failed(feed("1"), NOW, "429", 400 * DAY).next_at == NOW + DAY


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        (None, 0),
        ("120", 120 * SECOND),
        (" 7 ", 7 * SECOND),
        ("Fri, 15 Nov 2024 12:30:00 GMT", 30 * MINUTE),
        ("Fri, 15 Nov 2024 11:30:00 GMT", 0),
        ("soon", 0),
        ("-5", 0),
        ("", 0),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str | None, wait: int) -> None:
    assert patience(header, NOW) == wait


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.integers(0, MINUTE), st.sampled_from(["ok", "fail", "hold"])),
        min_size=1,
        max_size=12,
    )
)
def test_whatever_happens_each_host_has_its_pauses_and_each_feed_its_turn(plan: list[tuple[str, int, str]]) -> None:
    feeds = {
        name: feed(str(name), f"{host}.example", next_at=NOW + start) for name, (host, start, _) in enumerate(plan)
    }
    fates = {feeds[name].url: fate for name, (*_, fate) in enumerate(plan)}
    by_url = {each.url: each for each in feeds.values()}
    asked: dict[str, int] = {}
    now = NOW
    while now < NOW + 3 * MINUTE:
        for each in due(by_url.values(), now, PAUSE):
            assert now - asked.get(each.host, 0) >= PAUSE
            asked[each.host] = now
            fate = fates[each.url]
            after = (
                succeeded(each, now, "ok") if fate == "ok" else failed(each, now, fate, 5 * SECOND * (fate == "hold"))
            )
            by_url[each.url] = replace(after)
        now += SECOND
    assert all(each.polled_at for each in by_url.values())
