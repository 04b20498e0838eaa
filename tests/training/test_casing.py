from hypothesis import given
from hypothesis import strategies as st

from training.casing import capitals, title_case


def test_a_headline_in_title_case() -> None:
    assert title_case("Ministers of the EU agree on iPhone chargers") == "Ministers of the EU Agree on iPhone Chargers"
    assert title_case("in Gaza, an 'urgent' call for peace") == "In Gaza, an 'Urgent' Call for Peace"


def test_a_headline_in_capitals() -> None:
    assert capitals("Gaza: \u00c9lys\u00e9e urges stra\u00dfe") == "GAZA: \u00c9LYS\u00c9E URGES STRA\u00dfE"


@given(st.text())
def test_no_letter_moves(text: str) -> None:
    for recased in (title_case(text), capitals(text)):
        assert len(recased) == len(text)
        assert recased.upper() == text.upper()
