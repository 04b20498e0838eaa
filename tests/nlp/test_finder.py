from hypothesis import given
from hypothesis import strategies as st

from nlp.finder import Finder


def found(names: list[str], line: str) -> list[str]:
    return [line[start:end] for start, end in Finder(names).find(line)]


def test_the_longest_name_wins_at_each_place() -> None:
    assert found(["York", "New York", "New York Times"], "The New York Times, in New York") == [
        "New York Times",
        "New York",
    ]


def test_names_start_with_no_lower_case_letter_and_at_a_word() -> None:
    assert found(["Nice", "Gaza"], "a nice day; GAZA, Gaza's, pro-Gaza, Gazan, BiGaza") == ["GAZA", "Gaza", "Gaza"]


def test_words_stand_apart_by_one_sign_that_names_have_inside() -> None:
    line = "Guinea Bissau, Guinea-Bissau, Guinea, Bissau, St. Petersburg"
    assert found(["Guinea-Bissau", "St Petersburg"], line) == ["Guinea Bissau", "Guinea-Bissau", "St. Petersburg"]


def test_acronyms_stand_as_written() -> None:
    names = ["US", "U.S."]
    assert found(names, "US and U.S. said, Us too: US$5") == ["US", "U.S."]
    assert found(names, "TELL US MORE") == []


@given(st.lists(st.text(max_size=12), max_size=6), st.text(max_size=60))
def test_finds_come_in_order_and_apart_in_any_line(names: list[str], line: str) -> None:
    position = 0
    for start, end in Finder(names).find(line):
        assert position <= start < end <= len(line)
        position = end


@given(st.text(alphabet="abc .(-", max_size=30), st.sampled_from(["Kursk", "São Paulo", "Isle of Man"]))
def test_a_name_among_words_is_found(before: str, name: str) -> None:
    assert name in found([name], f"{before} {name}")
