"""The measures and the baselines of `make quality-trends`, by hand-made cases."""

from collections.abc import Sequence

import numpy as np
import pytest

from bench.bursts import BURSTS
from bench.trend_measures import hours_to_notice, ndcg, shuffled, stability
from bench.trend_methods import Mastodon, Stream, count_of_a_day, decay, excess, excess_share, jlh, macd, top
from indexer.store.port import Change
from indexer.times import DAY, HOUR, Millis
from service.trends.arrays import Arrays
from tests.contract.factories import article, entities

START: Millis = 20 * DAY
"""A midnight."""


def stream_of(*told: tuple[float, str]) -> tuple[Stream, Sequence[str]]:
    """A stream of articles, each so many hours after START about some entities, and the ids of these."""
    arrays = Arrays(0)
    moments = [(START + int(hour * HOUR), names) for hour, names in told]
    arrays.apply(
        [
            Change(str(number), article(str(number), ranked_at=at, seen_at=at, entities=entities(*names.split())))
            for number, (at, names) in enumerate(moments)
        ]
    )
    return Stream(arrays.snapshot), arrays.snapshot.names.entities.values


def test_ndcg_is_1_for_the_best_order_and_falls_with_every_exchange() -> None:
    gains = np.array([0.0, 1, 3, 2])
    assert ndcg([2, 3, 1], gains, 3) == pytest.approx(1)
    assert ndcg([3, 2, 1], gains, 3) == pytest.approx((2 + 3 / np.log2(3) + 0.5) / (3 + 2 / np.log2(3) + 0.5))
    assert ndcg([], gains, 3) == ndcg([0], gains, 3) == ndcg([1], np.zeros(4), 3) == 0
    assert ndcg([2], gains, 3) < ndcg([2, 0, 1], gains, 3) < 1


def test_stability_is_the_jaccard_similarity_from_hour_to_hour() -> None:
    assert stability({0: [1, 2], HOUR: [2, 1], 5 * HOUR: [7]}) == 1
    assert stability({0: [1, 2], HOUR: [2, 3], 2 * HOUR: [2, 3]}) == pytest.approx((1 / 3 + 1) / 2)


def test_the_hours_to_notice_count_from_the_onset() -> None:
    lists = {hour * HOUR: [1] if hour >= 3 else [] for hour in range(60)}
    assert hours_to_notice(lists, 1, 0) == 3
    assert hours_to_notice(lists, 1, 10 * HOUR) == 0
    assert hours_to_notice(lists, 2, 0) is None


def test_excess_is_what_comes_above_the_daily_mean_of_two_weeks() -> None:
    stream, ids = stream_of((-24 * 13, "place:a"), (-1, "place:a"), (1, "place:a"), (2, "place:a"), (3, "place:b"))
    found = dict(zip(ids, excess(stream, START), strict=True))
    assert found == {"place:a": pytest.approx(2 - 2 / 14), "place:b": 1}


def test_excess_share_is_what_comes_above_the_usual_part_of_the_news() -> None:
    usual = [(-24.0 * day, "place:a") for day in (1, 2, 3)]
    stream, ids = stream_of(*usual, (-5, "place:b"), *[(hour, "place:a") for hour in (1, 2, 3)], (4, "place:b"))
    assert dict(zip(ids, excess_share(stream, START), strict=True)) == {"place:a": 0, "place:b": 0}
    stream, ids = stream_of(*usual, (-5, "place:b"), (1, "place:a"), *[(hour, "place:b") for hour in (2, 3, 4)])
    assert dict(zip(ids, excess_share(stream, START), strict=True)) == {"place:a": 0, "place:b": 3 - 4 / 4}


def test_shuffling_keeps_volumes_and_articles_and_loses_the_order() -> None:
    articles = [article(str(number), ranked_at=number * HOUR, seen_at=number * HOUR) for number in range(50)]
    dealt = shuffled(articles, 7)
    assert [one.id for one in dealt] == [one.id for one in articles]
    assert sorted(one.ranked_at for one in dealt) == [one.ranked_at for one in articles]
    assert all(one.seen_at == one.ranked_at for one in dealt)
    assert [one.ranked_at for one in dealt] != [one.ranked_at for one in articles]
    assert dealt == shuffled(articles, 7) != shuffled(articles, 8)


def test_the_counting_baselines_weigh_by_age() -> None:
    stream, ids = stream_of((-12, "place:a"), (-25, "place:a place:b"), (0, "place:b"))
    a, b = ids.index("place:a"), ids.index("place:b")
    assert count_of_a_day(stream)(START).tolist()[a] == 1
    decayed = decay(stream, 12 * HOUR)(START)
    assert decayed[a] == pytest.approx(0.5 + 2 ** (-25 / 12))
    assert decayed[b] == pytest.approx(1 + 2 ** (-25 / 12))
    fast, slow = stream.decayed(START, 6 * HOUR), stream.decayed(START, DAY)
    assert macd(stream, 6 * HOUR, DAY)(START) == pytest.approx(fast / (6 * HOUR) - slow / DAY)


def test_jlh_multiplies_the_absolute_by_the_relative_change_of_the_share() -> None:
    usual = [(-24.0 * day, "place:a") for day in range(2, 8)]
    stream, ids = stream_of(*usual, *[(-hour, "place:b") for hour in (1, 2, 3)], (-4, "place:a"), (-5, "place:a"))
    scores = jlh(stream)(START)
    share, background = 3 / 5, 3 / 11
    assert scores[ids.index("place:b")] == pytest.approx((share - background) * share / background)
    assert scores[ids.index("place:a")] == 0


def test_mastodon_compares_calendar_days_and_lets_the_maximum_fade() -> None:
    stream, ids = stream_of((-3, "place:a"), (-2, "place:a"), *[(hour / 10, "place:a") for hour in range(1, 9)])
    method, a = Mastodon(stream), ids.index("place:a")
    assert method(START)[a] == 0
    assert method(START + HOUR)[a] == pytest.approx((8 - 2) ** 2 / 2)
    assert method(START + 5 * HOUR)[a] == pytest.approx(18 / 2)
    assert method(START + 25 * HOUR)[a] == pytest.approx(18 * 2 ** (-(25 - 1) / 4))


def test_the_top_is_positive_and_ties_stand_by_id() -> None:
    assert top(np.array([1.0, 2, 2, 0, -1]), ["e", "d", "c", "b", "a"], 3) == [2, 1, 0]
    assert top(np.array([0.0]), ["a"], 3) == []


def test_the_bursts_are_named_once_and_are_more_than_ten_beside_those_of_the_corpus() -> None:
    assert len({burst.entity for burst in BURSTS}) == len(BURSTS) >= 12
    assert all(burst.onset % HOUR == 0 for burst in BURSTS)
