"""The formulas, against numbers worked out by hand (docs/trends.md shows the same example)."""

from math import sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import InvalidParameter
from indexer.times import DAY, HOUR
from service.trends.scoring import Parameters, Scores, best, lift, listed, score, status

_positive = st.floats(0, 1e4)


def _example(novelty: float = 1.0) -> Scores:
    """Kursk: four fresh articles, one of four weeks ago. Russia: four fresh, eight of two weeks ago."""
    return score(np.array([4.0, 4.0]), np.array([0.25, 4.0]), now_all=8.0, usual_all=4.25, novelty=novelty)


def test_expected_is_the_usual_share_of_what_the_whole_scope_has_now() -> None:
    assert _example().expected == pytest.approx([8 * 0.25 / 4.25, 8 * 4 / 4.25])


def test_score_takes_off_the_expected_as_far_as_the_baseline_is_trusted() -> None:
    assert _example().score == pytest.approx([3.901235, 2.419753], abs=1e-6)
    assert _example(0.5).score == pytest.approx([(4 + 3.901235) / 2, (4 + 2.419753) / 2], abs=1e-6)


def test_z_counts_standard_deviations() -> None:
    assert _example().z == pytest.approx([3.029412 / sqrt(1.741782), -4.029412 / sqrt(10.565312)], abs=1e-6)


def test_novelty_one_lists_what_is_more_than_usual_and_less_lists_all_volume() -> None:
    assert listed(_example(), 1.0).tolist() == [0]
    assert listed(_example(0.9), 0.9).tolist() == [0, 1]
    assert listed(score(np.array([1.99]), np.zeros(1), 1.99, 0.0, 0.0), 0.0).tolist() == []


def test_without_a_baseline_nothing_is_expected() -> None:
    scores = score(np.array([3.0]), np.zeros(1), now_all=3.0, usual_all=0.0, novelty=1.0)
    assert (scores.expected.item(), scores.score.item()) == (0.0, 3.0)
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
        ({"half_life": 14 * DAY}, "baseline_half_life"),
        ({"baseline_half_life": 8 * HOUR}, "baseline_half_life"),
        ({"half_life": 0}, "half_life"),
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
    scores = score(now, usual, float(now.sum()), float(usual.sum()), novelty=0.0)
    assert scores.score.tolist() == scores.now.tolist()


@given(st.lists(st.tuples(st.floats(1, 1e3), st.floats(1, 1e3)), min_size=1, max_size=6), st.floats(1, 50))
def test_multiplying_all_volume_leaves_lift_alone(counts: list[tuple[float, float]], factor: float) -> None:
    now, usual = np.array(counts).T
    lifts = []
    for times in (1.0, factor):
        scores = score(times * now, times * usual, times * float(now.sum()), times * float(usual.sum()), novelty=1.0)
        lifts.append(scores.now / scores.expected)
    assert lifts[0] == pytest.approx(lifts[1], rel=1e-6)


@given(_positive, _positive, st.tuples(st.floats(0, 1), _positive), st.floats(0, 1), st.floats(0.0, 12.9))
def test_a_fresh_article_never_lowers_the_score_of_the_only_entity_it_names(
    now: float, others_now: float, baseline: tuple[float, float], novelty: float, age_hours: float
) -> None:
    share, usual_all = baseline
    weight, slow_weight = 2 ** (-age_hours / 8), 2 ** (-age_hours / 336)

    def with_articles(number: int) -> float:
        counted = now + number * weight
        usual = share * usual_all + number * (slow_weight - weight)
        everything = usual_all + number * (slow_weight - weight)
        return score(np.array([counted]), np.array([usual]), counted + others_now, everything, novelty).score.item()

    assert with_articles(1) >= with_articles(0) - 1e-9


def test_an_article_that_comes_in_late_may_lower_it_because_it_adds_more_to_the_baseline_than_to_now() -> None:
    weight, slow_weight = 2 ** (-2 * 24 / 8), 2 ** (-2 * 24 / 336)
    usual = slow_weight - weight
    before = score(np.array([2.0]), np.array([0.0]), 1002.0, 20.0, 1.0).score.item()
    after = score(np.array([2.0 + weight]), np.array([usual]), 1002.0 + weight, 20.0 + usual, 1.0).score.item()
    assert after < before


@given(st.lists(st.integers(0, 3), max_size=30), st.integers(1, 12))
def test_best_is_a_sort_by_score_then_name(scores: list[int], limit: int) -> None:
    names = [f"{place * 7919 % 31:02}" for place in range(len(scores))]
    expected = sorted(range(len(scores)), key=lambda place: (-scores[place], names[place]))[:limit]
    assert best(np.array(scores, float), lambda place: names[place], limit) == expected
