"""Decisions about lists of trends, on every store."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from indexer.errors import DatelineError, InvalidDecision, InvalidParameter
from indexer.pins.pin import LONGEST, Act, Hide, Lift, Pin, PinDecision
from indexer.pins.pinning import decide, pin_decisions
from indexer.pins.standing import standing
from indexer.store.port import Store
from indexer.times import HOUR
from tests.contract.conftest import Opener
from tests.contract.factories import NOON

KURSK = Pin("entities", "place:kursk", NOON + HOUR, 1)


def take(store: Store, act: Act, *, now: int = NOON) -> PinDecision:
    return decide(store, act, name="A name", who=" jane ", why="for a test ", now=now)


def test_a_decision_is_kept_with_who_when_and_why(store: Store, open_again: Opener) -> None:
    first = take(store, KURSK)
    second = take(store, Hide("articles", "a", NOON + LONGEST, "World"), now=NOON + 1)
    third = take(store, Lift(1), now=NOON + 2)
    assert first == PinDecision(1, NOON, "jane", "for a test", KURSK, "A name")
    assert pin_decisions(open_again()) == [first, second, third]
    assert pin_decisions(store, after=1) == [second, third]


@pytest.mark.parametrize("until", [NOON - 1, NOON, NOON + LONGEST + 1])
def test_it_expires_in_a_time_to_come_and_not_far_away(store: Store, until: int) -> None:
    with pytest.raises(InvalidParameter, match="30 days"):
        take(store, Hide("entities", "place:kursk", until))
    assert pin_decisions(store) == []


def test_only_what_is_in_force_can_be_lifted(store: Store) -> None:
    take(store, KURSK)
    for number in (0, 2):
        with pytest.raises(InvalidDecision):
            take(store, Lift(number))
    with pytest.raises(InvalidDecision):
        take(store, Lift(1), now=NOON + HOUR)
    take(store, Lift(1))
    for number in (1, 2):
        with pytest.raises(InvalidDecision):
            take(store, Lift(number))
    with pytest.raises(InvalidDecision, match="who"):
        decide(store, KURSK, name="", who=" ", why="x", now=NOON)
    assert [one.number for one in pin_decisions(store)] == [1, 2]


def test_of_many_at_once_each_gets_a_number_and_one_lift_counts(store: Store) -> None:
    take(store, KURSK)
    acts: list[Act] = [Lift(1) for _ in range(4)]
    acts += [Pin("stories", f"s{number}", NOON + HOUR) for number in range(8)]

    def attempt(act: Act) -> DatelineError | None:
        try:
            take(store, act)
        except DatelineError as error:
            return error
        return None

    with ThreadPoolExecutor(8) as pool:
        errors = [error for error in pool.map(attempt, acts) if error]
    assert [type(error) for error in errors] == [InvalidDecision] * 3
    taken = pin_decisions(store)
    assert [one.number for one in taken] == list(range(1, 11))
    assert len(standing(taken, NOON)) == 8
