import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.keys import fold, slug


@pytest.mark.parametrize(
    ("surface", "key"),
    [
        ("Donald Trump", "donald trump"),
        ("The  Institute\u00a0for the Study of War's", "institute for the study of war"),
        ("Reuters\u2019", "reuters"),
        ("Łódź", "lodz"),
        ("Søren Straße", "soren strasse"),
        ("ＮＡＴＯ", "nato"),  # noqa: RUF001 - full-width letters are what is folded
        ("\u210cawk", "hawk"),
        ("U.S.", "u.s."),
        ("The", "the"),
        ("习近平", "习近平"),
        ("", ""),
    ],
)
def test_fold_keeps_what_tells_names_apart(surface: str, key: str) -> None:
    assert fold(surface) == key


@given(st.text(max_size=40) | st.sampled_from(["the the who's's", "İstanbul's", "The\u00a0'", "ǅ 'S"]))
def test_folding_twice_changes_nothing(surface: str) -> None:
    assert fold(fold(surface)) == fold(surface)


@given(st.text(alphabet="AbéŁ ñ-'", max_size=20))
def test_case_does_not_matter(surface: str) -> None:
    assert fold(surface.upper()) == fold(surface.lower())


@pytest.mark.parametrize(
    ("surface", "expected"),
    [
        ("North Korea", "north-korea"),
        ("the U.S.", "us"),
        ("Conan O\u2019Brien", "conan-obrien"),
        ("São Tomé & Príncipe", "sao-tome-principe"),
        ("习近平", "习近平"),
        ("!!!", "21-21-21"),
        ("", "0"),
    ],
)
def test_slugs(surface: str, expected: str) -> None:
    assert slug(surface) == expected


@given(st.text(max_size=40))
def test_a_slug_is_never_empty_and_has_no_space_or_sign(surface: str) -> None:
    assert slug(surface)
    assert all(character.isalnum() or character == "-" for character in slug(surface))
