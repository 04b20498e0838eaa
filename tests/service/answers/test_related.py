"""What belongs to a name is what chance does not explain."""

from math import log
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.answers.related import associated, counts_of, log_likelihood_ratio


class Table(NamedTuple):
    """Articles with both names, with the first alone, with the other alone, and with neither."""

    both: int
    left: int
    right: int
    neither: int

    @property
    def score(self) -> float:
        (score,) = log_likelihood_ratio(
            np.array([self.both], float), self.both + self.left, np.array([self.both + self.right], float), sum(self)
        )
        return float(score)


TABLES = st.builds(Table, *[st.integers(0, 2_000)] * 4).filter(lambda table: sum(table) > 0)


def by_definition(table: Table) -> float:
    everything = sum(table)
    rows = (table.both + table.left, table.right + table.neither)
    columns = (table.both + table.right, table.left + table.neither)
    expected = [row * column / everything for row in rows for column in columns]
    return 2 * sum(one * log(one / by_chance) for one, by_chance in zip(table, expected, strict=True) if one)


@given(TABLES)
def test_the_score_is_the_log_likelihood_ratio(table: Table) -> None:
    assert table.score == pytest.approx(by_definition(table), abs=1e-6, rel=1e-9)
    assert table.score >= 0


@given(TABLES)
def test_the_score_is_the_same_from_either_name(table: Table) -> None:
    both, left, right, neither = table
    assert Table(both, right, left, neither).score == pytest.approx(table.score, abs=1e-6)


@given(st.integers(1, 30), st.integers(1, 30), st.integers(1, 30), st.integers(1, 30))
def test_names_that_have_nothing_to_do_with_each_other_score_nothing(a: int, b: int, c: int, d: int) -> None:
    assert Table(a * b, a * c, d * b, d * c).score == pytest.approx(0, abs=1e-6)


@given(TABLES.filter(lambda table: table.both * table.neither > table.left * table.right), st.integers(2, 50))
def test_the_same_shares_of_more_articles_score_higher(table: Table, times: int) -> None:
    more = Table(*(times * count for count in table))
    assert more.score == pytest.approx(times * table.score, rel=1e-6, abs=1e-6)


def test_what_is_everywhere_and_what_was_there_once_come_after_what_belongs() -> None:
    together = {"everywhere": 60, "belongs": 40, "once": 3, "elsewhere": 5}
    alone = {"everywhere": 5_000, "belongs": 80, "once": 3, "elsewhere": 900}
    ranked = associated(counts_of(together, alone), 100, 10_000)
    assert list(ranked["id"]) == ["belongs", "once", "everywhere"]
    assert ranked.iloc[0]["expected"] == pytest.approx(0.8)
    assert ranked.iloc[0]["lift"] == pytest.approx(50)


def test_equal_scores_are_in_the_order_of_ids() -> None:
    ranked = associated(counts_of({"b": 4, "a": 4}, {"a": 5, "b": 5}), 10, 1_000)
    assert list(ranked["id"]) == ["a", "b"]


@given(
    st.dictionaries(st.text(max_size=3), st.integers(1, 50)), st.dictionaries(st.text(max_size=3), st.integers(0, 99))
)
def test_counts_that_were_taken_at_different_moments_fit(together: dict[str, int], alone: dict[str, int]) -> None:
    table = counts_of(together, alone)
    assert (table["articles"] >= table["together"]).all()
    ranked = associated(table, 50, 40)
    assert np.isfinite(ranked["score"]).all()


def test_no_names_at_all_are_no_error() -> None:
    assert associated(counts_of({}, {}), 10, 100).empty
