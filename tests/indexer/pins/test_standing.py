"""What decisions about lists make of a list, whatever the decisions."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from indexer.pins.pin import Act, Hide, Lift, Pin, PinDecision, from_json, to_json
from indexer.pins.standing import Standing, arrange, of_list, standing
from service.answers.pins import apply_pins

NOW = 1_700_000_000_000
ITEMS = "abcdefgh"

_moments = st.integers(NOW - 10, NOW + 10)
_items = st.sampled_from(ITEMS)
_sections = st.sampled_from([None, "World", "Sport"])
_lists = st.sampled_from(["entities", "stories"])
_pins = st.builds(
    Pin, list=_lists, item=_items, until=_moments, position=st.none() | st.integers(1, 12), section=_sections
)
_hides = st.builds(Hide, list=_lists, item=_items, until=_moments, section=_sections)
_decisions = st.lists(st.tuples(_pins | _hides | st.builds(Lift, st.integers(1, 12)), _moments), max_size=12).map(
    lambda rows: [_decision(number, act, at) for number, (act, at) in enumerate(rows, 1)]
)
_ranked = st.lists(_items | st.sampled_from("uvwxyz"), unique=True, max_size=12)


def _decision(number: int, act: Act, at: int = NOW) -> PinDecision:
    return PinDecision(number, at, "jane", "for a test", act, "A name")


def _in_force(*acts: Act) -> list[Standing]:
    return standing([_decision(number, act) for number, act in enumerate(acts, 1)], NOW)


def _ids(ranked: str, *acts: Act) -> str:
    return "".join(placed.id for placed in arrange(ranked, of_list(_in_force(*acts), "entities", None)))


def _pin(item: str, position: int | None = None, section: str | None = None) -> Pin:
    return Pin("entities", item, NOW + 1, position, section)


def _hide(item: str, section: str | None = None) -> Hide:
    return Hide("entities", item, NOW + 1, section)


def test_a_pin_has_its_position_and_one_without_stands_first() -> None:
    assert _ids("abcd", _pin("d", 2)) == "adbc"
    assert _ids("abcd", _pin("x", 2)) == "axbcd"
    assert _ids("abcd", _pin("x"), _pin("y")) == "xyabcd"
    assert _ids("abcd", _pin("x"), _pin("y", 1)) == "yxabcd"
    assert _ids("ab", _pin("x", 9)) == "abx"


def test_of_two_for_one_position_the_later_has_it() -> None:
    assert _ids("abc", _pin("x", 2), _pin("y", 2)) == "ayxbc"
    assert _ids("abc", _pin("x", 2), _pin("z", 3), _pin("y", 2)) == "ayzxbc"


def test_what_is_hidden_leaves_its_place_to_the_next() -> None:
    assert _ids("abc", _hide("a"), _hide("z")) == "bc"


def test_the_last_decision_about_an_item_counts() -> None:
    assert _ids("abc", _pin("c", 1), _hide("c")) == "ab"
    assert _ids("abc", _hide("c"), _pin("c", 1)) == "cab"
    assert _ids("abc", _pin("c", 1), _pin("c", 2)) == "acb"
    assert _ids("abc", _pin("c", 2), Lift(1)) == "abc"
    assert _ids("abc", _pin("c", 1), _pin("c", 2), Lift(2)) == "abc", "what was replaced does not come back"


def test_a_section_has_its_own_pins_and_the_hidings_of_all() -> None:
    acts = (_pin("a"), _pin("b", section="World"), _hide("c"), _hide("d", "World"), _hide("e", "Sport"))
    assert [one.act.item for one in of_list(_in_force(*acts), "entities", "World")] == ["b", "c", "d"]
    assert [one.act.item for one in of_list(_in_force(*acts), "entities", None)] == ["a", "c"]
    assert of_list(_in_force(*acts), "stories", None) == []
    again = (_hide("a"), _pin("a", section="World"))
    assert [one.act for one in of_list(_in_force(*again), "entities", "World")] == [again[1]]


@given(_decisions, _moments)
def test_in_force_is_what_was_taken_and_neither_expired_nor_lifted_nor_followed(
    decisions: list[PinDecision], moment: int
) -> None:
    taken = [one for one in decisions if one.at <= moment]
    expected = []
    for place, one in enumerate(taken):
        later = [other.act for other in taken[place + 1 :]]
        followed = any(_place(other) == _place(one.act) for other in later)
        lifted = any(isinstance(other.act, Lift) and other.act.number == one.number for other in taken)
        if not isinstance(one.act, Lift) and one.act.until > moment and not followed and not lifted:
            expected.append(one)
    assert [one.decision for one in standing(decisions, moment)] == expected


def _place(act: Act) -> object:
    return object() if isinstance(act, Lift) else (act.list, act.item, act.section)


@given(_decisions, _moments)
def test_as_of_a_moment_later_decisions_do_not_count(decisions: list[PinDecision], moment: int) -> None:
    by_then = [one for one in decisions if one.at <= moment]
    assert standing(decisions, moment) == standing(by_then, moment)


@given(_decisions)
def test_everything_expires(decisions: list[PinDecision]) -> None:
    assert standing(decisions, NOW + 11) == []


@given(_ranked, _decisions, _sections)
def test_a_list_holds_every_pin_nothing_hidden_and_the_others_in_their_order(
    ranked: list[str], decisions: list[PinDecision], section: str | None
) -> None:
    about = of_list(standing(decisions, NOW), "entities", section)
    arranged = arrange(ranked, about)
    ids = [placed.id for placed in arranged]
    pins = {one.act.item: one for one in about if isinstance(one.act, Pin)}
    hidden = {one.act.item for one in about if isinstance(one.act, Hide)}
    assert len(set(ids)) == len(ids)
    assert set(ids) == (set(ranked) | pins.keys()) - hidden
    assert {placed.id: placed.pin for placed in arranged if placed.pin} == {
        item: one.decision for item, one in pins.items()
    }
    assert [item for item in ids if item not in pins] == [
        item for item in ranked if item not in pins and item not in hidden
    ]
    wanted = [one.act.position for one in pins.values() if isinstance(one.act, Pin)]
    for item, one in pins.items():
        position = one.act.position if isinstance(one.act, Pin) else None
        if position and position <= len(ids) and wanted.count(position) == len(wanted) == 1:
            assert ids[position - 1] == item
    if None in wanted and all(position is None for position in wanted):
        assert [placed.pin is not None for placed in arranged[: len(wanted)]] == [True] * len(wanted)


@given(_ranked, _decisions, st.integers(1, 12))
def test_the_beginning_of_a_list_needs_no_more_than_its_length_and_one_for_each_decision(
    ranked: list[str], decisions: list[PinDecision], limit: int
) -> None:
    about = of_list(standing(decisions, NOW), "entities", None)
    whole = apply_pins(ranked, about, id_of=str, find=str, limit=limit)
    assert apply_pins(ranked[: limit + len(about)], about, id_of=str, find=str, limit=limit) == whole


def test_what_cannot_be_shown_is_left_out() -> None:
    about = of_list(_in_force(_pin("x", 1), _pin("y", 1), _hide("b")), "entities", None)
    listed = apply_pins("abc", about, id_of=str, find=lambda item: None if item == "x" else item.upper(), limit=9)
    assert [(one.item, one.pin and one.pin.number) for one in listed] == [("Y", 2), ("a", None), ("c", None)]


@given(_decisions)
def test_a_decision_is_read_back_as_it_was(decisions: list[PinDecision]) -> None:
    assert [from_json(to_json(one)) for one in decisions] == decisions
    assert all(to_json(replace(one, why="otherwise")) != to_json(one) for one in decisions)
