from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from indexer.article import Article, Entity
from indexer.stories.evidence import DIMENSIONS, ROW, Traits, traits_of

RARITIES = {"storm": 6.0, "hits": 3.0, "coast": 5.0, "orkney": 9.0, "today": 2.0}
TITLE = "Storm hits coast of Orkney"


def rarity(word: str) -> float:
    return RARITIES.get(word, 10.0)


def article(title: str = TITLE, **fields: Any) -> Article:
    return replace(Article(id="a", title=title, seen_at=5, ranked_at=5), **fields)


def row(one: Article) -> NDArray[Any]:
    return np.frombuffer(traits_of(one, rarity).row, ROW).reshape(())


def test_words_come_the_rarest_first_without_those_that_say_nothing() -> None:
    read = row(article())
    assert list(read["rarities"][:5]) == [900, 600, 500, 300, 0]
    assert list(read["words"][4:6]) == [0, 0]


def test_a_title_weighs_more_than_what_follows() -> None:
    read = row(article("Storm", body="Storm hits coast"))
    weights = dict(zip(read["rarities"].tolist(), read["weights"].tolist(), strict=True))
    assert weights[600] > weights[500] > weights[300] > 0
    assert [bool(weight) for weight in read["titles"][:3]] == [True, False, False]


def test_forms_of_a_word_are_one_word() -> None:
    assert set(row(article("Storms"))["words"]) == set(row(article("storm"))["words"])


def test_only_the_beginning_of_a_text_is_read() -> None:
    opening = "today " * 60
    assert traits_of(article(body=opening), rarity) == traits_of(article(body=opening + "storm 1987"), rarity)


def test_names_weigh_as_much_as_their_rarest_word() -> None:
    entities = (Entity("place:coast", "Coast", "place", 1), Entity("place:orkney", "Orkney Coast", "place", 1))
    weights = row(article(entities=entities))["name_weights"]
    assert weights[0] > weights[1] > weights[2] == 0


def test_numbers_of_more_than_one_digit_count_once() -> None:
    assert np.count_nonzero(row(article("7 of 1,200 hit: 1,200 and 35"))["numbers"]) == 2


def test_a_vector_of_another_encoder_says_nothing() -> None:
    assert row(article(vector=bytes([3]) * DIMENSIONS))["vector"].tolist() == [3] * DIMENSIONS
    assert not row(article(vector=bytes([3]) * (DIMENSIONS // 2)))["vector"].any()


def test_an_article_that_says_nothing_has_traits() -> None:
    read = traits_of(article("?"), rarity)
    assert (read.id, read.at, read.heavy) == ("a", 5, ())


@given(st.text(max_size=80), st.text(max_size=400), st.integers(-(2**40), 2**42))
def test_traits_are_a_function_of_the_article(title: str, body: str, at: int) -> None:
    one = article(title, body=body, ranked_at=at, source="Gazette")
    read = traits_of(one, rarity)
    assert read == traits_of(replace(one, grouped="b", story="c", url="https://a.example/"), rarity)
    assert isinstance(read, Traits)
    assert read.at == at
    assert len(read.row) == ROW.itemsize
    assert all(0 < weight <= 1_000 for _, weight in read.heavy)
