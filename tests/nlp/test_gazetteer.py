import pytest

from nlp import gazetteer

PLACES = gazetteer.load()


def found(line: str) -> list[str]:
    return [line[start:end] for start, end in PLACES.find(line)]


def test_countries_towns_regions_and_adjectives_are_places() -> None:
    line = "Russia, Kursk, Gaza, the West Bank, North Korean, Palestinians, Sao Paulo, São Paulo, US, Kyiv, Texas"
    assert found(line) == [word.removeprefix("the ") for word in line.split(", ")]


@pytest.mark.parametrize("word", ["Of", "Reading", "Mobile", "Nice", "Split", "Man"])
def test_an_ordinary_word_is_no_place(word: str) -> None:
    assert found(f"{word} is a town") == []
    assert word.lower() not in PLACES.listed


@pytest.mark.parametrize("name", ["Jordan", "Lincoln", "Toyota", "Turkey"])
def test_a_name_of_others_too_only_confirms(name: str) -> None:
    assert found(f"{name} is a town") == []
    assert name.lower() in PLACES.listed


def test_it_is_some_thousand_places_and_not_every_village() -> None:
    assert 5_000 < len(PLACES.listed) < 10_000
    assert PLACES.sure < PLACES.listed
