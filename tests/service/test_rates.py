import pytest
from hypothesis import given
from hypothesis import strategies as st

from service import rates
from service.rates import Buckets, Rate, parse_rate

pauses = st.lists(st.floats(0, 5), max_size=60)


@pytest.mark.parametrize(
    ("text", "rate"), [("10/s", Rate(10, 1)), ("600/min", Rate(600, 60)), (" 5000/h ", Rate(5_000, 3_600))]
)
def test_rates_are_read(text: str, rate: Rate) -> None:
    assert parse_rate(text) == rate


@pytest.mark.parametrize("text", ["", "600", "0/s", "-1/s", "1.5/s", "600/day", "600 per minute", "٣/s"])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a rate like"):
        parse_rate(text)


@given(st.integers(1, 6), st.floats(0.5, 4), pauses)
def test_a_client_gets_a_full_bucket_and_what_flows_in_and_no_more(
    requests: int, seconds: float, between: list[float]
) -> None:
    buckets, now, taken = Buckets(Rate(requests, seconds)), 0.0, 0
    for pause in between:
        now += pause
        wait = buckets.take("a", now)
        taken += not wait
        assert taken <= requests + now / seconds * requests + 1e-3
        assert wait <= seconds / requests + 1e-6
        if wait:
            now += wait
            assert buckets.take("a", now) == 0
            taken += 1


@given(st.integers(1, 6), pauses)
def test_who_asks_no_more_often_than_the_rate_never_waits(requests: int, between: list[float]) -> None:
    buckets, now = Buckets(Rate(requests, 1)), 0.0
    for pause in between:
        now += pause + 1 / requests
        assert buckets.take("a", now) == 0


def test_clients_have_buckets_of_their_own() -> None:
    buckets = Buckets(Rate(1, 60))
    assert [buckets.take(client, 0) > 0 for client in "aabbc"] == [False, True, False, True, False]


def test_no_more_clients_are_remembered_than_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "MOST_CLIENTS", 3)
    buckets = Buckets(Rate(1, 60))
    for client in "abcd":
        buckets.take(client, 0)
    assert list(buckets._full_at) == ["b", "c", "d"]
    buckets.take("e", 61)
    assert list(buckets._full_at) == ["e"]
