"""What an item is called: a pure function of how surprising it was at every hour of the last two days."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Article, Entity
from indexer.store.port import Change
from indexer.times import DAY, HOUR, MINUTE, Millis
from service.trends.arrays import Arrays
from service.trends.entities import entity_item
from service.trends.history import HOURS, Members, sums
from service.trends.scoring import Level, Parameters, Status, score
from service.trends.status import phase

NOW: Millis = 1_700_000_000_000
NAMES = ("place:a", "place:b", "place:c")

_z = st.lists(st.floats(-5, 5), min_size=1, max_size=49)


@pytest.mark.parametrize(
    ("z", "status", "began"),
    [
        ([0, 2], "rising", 1),
        ([0, 2, 1, 1.99, 1], "rising", 1),
        ([0, 2, 0.99], "steady", 2),
        ([2, 0.99, 1.99], "steady", 1),
        ([2, 0.99, 2], "rising", 2),
        ([-2, -1], "falling", 0),
        ([-2, -0.99], "steady", 1),
        ([3, -2], "falling", 1),
        ([-3, 2.5], "rising", 1),
        ([1.99, -1.99], "steady", 0),
    ],
)
def test_a_status_lasts_until_half_of_what_it_began_at(z: list[float], status: Status, began: int) -> None:
    assert phase(z, [1.0] * len(z), known=True) == (status, began)


def test_what_was_not_expected_when_it_began_stays_new() -> None:
    assert phase([0, 3, 3, 1.5], [0.09, 0.09, 0.5, 2.0], known=True) == ("new", 1)
    assert phase([0, 3, 3, 1.5], [0.1, 0.1, 0.05, 0.05], known=True) == ("rising", 1)


@given(_z)
def test_where_nothing_is_known_for_long_everything_is_steady(z: list[float]) -> None:
    assert phase(z, [1.0] * len(z), known=False) == ("steady", 0)


@given(_z)
def test_a_status_never_changes_between_the_bounds(z: list[float]) -> None:
    before, after = phase(z[:-1], [1.0] * (len(z) - 1), known=True), phase(z, [1.0] * len(z), known=True)
    if len(z) > 1 and 1 <= abs(z[-1]) < 2 and before.status in ("steady", "rising" if z[-1] > 0 else "falling"):
        assert after == before


def _article(number: int, at: Millis, delay: Millis, names: Sequence[str]) -> Article:
    entities = tuple(Entity(name, name.upper(), "place", 1) for name in dict.fromkeys(names))
    return Article(id=f"a{number}", title="T", seen_at=at + delay, ranked_at=at, entities=entities)


_articles = st.lists(
    st.tuples(
        st.integers(0, 60) | st.integers(0, 20 * 24),
        st.sampled_from([0, 30 * MINUTE, 5 * HOUR]),
        st.lists(st.sampled_from(NAMES), min_size=1),
    ),
    max_size=60,
).map(
    lambda rows: [
        _article(number, NOW - hours * HOUR - 7 * MINUTE, delay, names)
        for number, (hours, delay, names) in enumerate(rows)
    ]
)


def _counts(articles: Sequence[Article], moment: Millis, length: Millis) -> dict[str, float]:
    counts: dict[str, float] = defaultdict(float)
    for one in articles:
        if one.seen_at <= moment:
            for entity in one.entities:
                counts[entity.id] += 2 ** (-(moment - one.ranked_at) / length)
    return counts


def _recounted(articles: Sequence[Article], moment: Millis, half_life: Millis) -> tuple[float, float]:
    """z of the first name, and what was expected of it."""
    fast, slow = (_counts(articles, moment, length) for length in (half_life, 14 * DAY))
    usual = {name: max(slow[name] - fast[name], 0) for name in slow}
    level = Level(sum(fast.values()), sum(usual.values()), 0.0)
    name = NAMES[0]
    scores = score(np.array([fast.get(name, 0.0)]), np.array([usual.get(name, 0.0)]), level, 1.0)
    return scores.z.item(), scores.expected.item()


@given(_articles, st.sampled_from([HOUR, 8 * HOUR, 14 * DAY]), st.integers(0, 100))
def test_the_sums_of_every_hour_equal_a_recount(articles: list[Article], half_life: Millis, ago: int) -> None:
    now = NOW - ago * MINUTE
    arrays = Arrays(NOW - 150 * DAY)
    arrays.apply([Change(one.id, one) for one in articles])
    view = arrays.snapshot.at(now)
    counting = np.flatnonzero(view.counted)
    moments = np.array([*(now - now % HOUR - HOUR * np.arange(HOURS - 1, -1, -1)), now])
    counted = sums(view, Members(counting, np.zeros(len(counting), np.intp), 1), half_life, moments)
    recount = [
        sum(2 ** (-(moment - one.ranked_at) / half_life) for one in articles if one.seen_at <= moment)
        for moment in moments.tolist()
    ]
    assert counted[:, 0].tolist() == pytest.approx(recount, rel=1e-9, abs=1e-12)


@given(_articles, st.sampled_from([8 * HOUR, 3 * HOUR]), st.integers(0, 100))
def test_the_status_is_that_of_a_recount_of_every_hour(articles: list[Article], half_life: Millis, ago: int) -> None:
    now = NOW - ago * MINUTE
    old = _article(999, NOW - 10 * DAY, 0, ["place:z"])
    arrays = Arrays(NOW - 150 * DAY)
    arrays.apply([Change(one.id, one) for one in [old, *articles]])
    item = entity_item(arrays.snapshot, Parameters(min_sources=1, half_life=half_life), now, NAMES[0])
    if item is None:
        return
    last = now - now % HOUR
    moments = [*(last - ago * HOUR for ago in range(HOURS - 1, -1, -1)), now]
    z, expected = zip(*(_recounted([old, *articles], moment, half_life) for moment in moments), strict=True)
    status, began = phase(z, expected, known=True)
    assert (item.status, item.explain.since) == (status, moments[began])
    assert item.explain.z == pytest.approx(z[-1], abs=1e-6)
