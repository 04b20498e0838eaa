"""The formulas, against numbers worked out by hand (docs/trends.md shows the same example)."""

from math import sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import InvalidParameter
from indexer.times import DAY, HOUR
from service.trends.scoring import Level, Parameters, Scores, best, lift, listed, score
from service.trends.status import status

_positive = st.floats(0, 1e4)
_baselines = st.tuples(st.floats(0, 1), _positive, st.floats(0, 1))
"""The share of one of the usual, all of that, and what part of the most that is possible there was of late."""


def _example(novelty: float = 1.0) -> Scores:
    """Kursk: four fresh articles, one of four weeks ago. Russia: four fresh, eight of two weeks ago."""
    return score(np.array([4.0, 4.0]), np.array([0.25, 4.0]), Level(8.0, 4.25, 3.0), novelty)


def test_expected_is_the_usual_share_of_what_the_whole_scope_has_now() -> None:
    assert _example().expected == pytest.approx([8 * 0.25 / 4.25, 8 * 4 / 4.25])


def test_typical_is_the_usual_share_of_what_the_whole_scope_has_had_of_late() -> None:
    assert _example().typical == pytest.approx([3 * 0.25 / 4.25, 3 * 4 / 4.25])


def test_score_takes_off_the_typical_as_far_as_the_baseline_is_trusted() -> None:
    trust = 4.25 / (4.25 + 16)
    typical = [3 * 0.25 / 4.25, 3 * 4 / 4.25]
    assert _example().score == pytest.approx([4 - trust * value for value in typical], abs=1e-6)
    assert _example(0.5).score == pytest.approx([4 - 0.5 * trust * value for value in typical], abs=1e-6)


def test_z_counts_standard_deviations() -> None:
    assert _example().z == pytest.approx([3.029412 / sqrt(1.741782), -4.029412 / sqrt(10.565312)], abs=1e-6)


def test_novelty_one_lists_what_is_more_than_usual_and_less_lists_all_volume() -> None:
    scores = score(np.array([4.0, 4.0]), np.array([0.25, 4.0]), Level(8.0, 4.25, 3.2), 1.0)
    assert listed(scores, 1.0).tolist() == [0]
    assert listed(scores, 0.9).tolist() == [0, 1]
    assert listed(score(np.array([1.99]), np.zeros(1), Level(1.99, 0.0, 1.0), 0.0), 0.0).tolist() == []


def test_without_a_baseline_nothing_is_expected() -> None:
    scores = score(np.array([3.0]), np.zeros(1), Level(3.0, 0.0, 1.0), 1.0)
    assert (scores.expected.item(), scores.typical.item(), scores.score.item()) == (0.0, 0.0, 3.0)
    assert lift(3.0, 0.0) is None


@pytest.mark.parametrize(
    ("z", "expected", "known", "label"),
    [
        (2.0, 0.0, True, "new"),
        (2.0, 0.1, True, "rising"),
        (1.99, 0.0, True, "steady"),
        (-1.99, 9.0, True, "steady"),
        (-2.0, 9.0, True, "falling"),
        (9.0, 0.0, False, "steady"),
    ],
)
def test_status(z: float, expected: float, known: bool, label: str) -> None:  # noqa: FBT001 - a table
    assert status(z, expected, known=known) == label


@pytest.mark.parametrize(
    ("values", "parameter"),
    [
        ({"half_life": 7 * DAY + 1}, "half_life"),
        ({"half_life": HOUR - 1}, "half_life"),
        ({"baseline_half_life": 8 * HOUR}, "baseline_half_life"),
        ({"min_sources": 0}, "min_sources"),
        ({"diversity": 1.1}, "diversity"),
        ({"diversity": float("nan")}, "diversity"),
        ({"novelty": 1.01}, "novelty"),
        ({"novelty": float("nan")}, "novelty"),
        ({"limit": 0}, "limit"),
    ],
)
def test_impossible_parameters_are_named(values: dict[str, Any], parameter: str) -> None:
    with pytest.raises(InvalidParameter) as raised:
        Parameters(**values)
    assert raised.value.parameter == parameter


@given(st.lists(st.tuples(_positive, _positive), min_size=1, max_size=6))
def test_novelty_nought_is_volume(counts: list[tuple[float, float]]) -> None:
    now, usual = np.array(counts).T
    scores = score(now, usual, Level(float(now.sum()), float(usual.sum()), float(now.sum())), 0.0)
    assert scores.score.tolist() == scores.now.tolist()


@given(st.lists(st.tuples(st.floats(1, 1e3), st.floats(1, 1e3)), min_size=1, max_size=6), st.floats(1, 50))
def test_multiplying_all_volume_leaves_lift_alone(counts: list[tuple[float, float]], factor: float) -> None:
    now, usual = np.array(counts).T
    lifts = []
    for times in (1.0, factor):
        level = Level(times * float(now.sum()), times * float(usual.sum()), times * float(now.sum()))
        scores = score(times * now, times * usual, level, 1.0)
        lifts.append(scores.now / scores.expected)
    assert lifts[0] == pytest.approx(lifts[1], rel=1e-6)


@given(
    _positive, _positive, st.tuples(st.floats(0, 1), _positive, st.floats(0, 1)), st.floats(0, 1), st.floats(0.0, 12.0)
)
def test_a_fresh_article_never_lowers_the_score_of_the_only_entity_it_names(
    now: float, others_now: float, baseline: tuple[float, float, float], novelty: float, age_hours: float
) -> None:
    share, usual_all, part = baseline
    lately = part * (usual_all + now + others_now) / 3
    weight, late_weight, slow_weight = (2 ** (-age_hours / half_life) for half_life in (10, 30, 336))

    def with_articles(number: int) -> float:
        counted = now + number * weight
        usual = share * usual_all + number * (slow_weight - weight)
        everything = usual_all + number * (slow_weight - weight)
        level = Level(counted + others_now, everything, lately + number * late_weight / 3)
        return score(np.array([counted]), np.array([usual]), level, novelty).score.item()

    assert with_articles(1) >= with_articles(0) - 1e-9


def test_an_article_that_comes_in_late_may_lower_it_because_it_adds_more_to_the_baseline_than_to_now() -> None:
    weight, slow_weight = 2 ** (-2 * 24 / 10), 2 ** (-2 * 24 / 336)
    usual = slow_weight - weight
    before = score(np.array([2.0]), np.array([0.0]), Level(1002.0, 20.0, 340.0), 1.0).score.item()
    level = Level(1002.0 + weight, 20.0 + usual, 340.0)
    after = score(np.array([2.0 + weight]), np.array([usual]), level, 1.0).score.item()
    assert after < before


@given(st.lists(st.integers(0, 3), max_size=30), st.integers(1, 12))
def test_best_is_a_sort_by_score_then_name(scores: list[int], limit: int) -> None:
    names = [f"{place * 7919 % 31:02}" for place in range(len(scores))]
    expected = sorted(range(len(scores)), key=lambda place: (-scores[place], names[place]))[:limit]
    assert best(np.array(scores, float), lambda place: names[place], limit) == expected
