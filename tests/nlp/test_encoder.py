import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.encoder import LENGTH, Encoder, cosine, text_of
from nlp.errors import ModelUnavailable
from nlp.rarity import Rarity
from nlp.vocabulary import FOLDER, words

TEXTS = st.lists(st.text(st.sampled_from("abekrstz ,.'\n\u00e9\u0416\u4e2d7"), max_size=80), max_size=12)
NEWS = [
    "Firefighters contain blaze at oil refinery\nFlames broke out before dawn and nobody was hurt.",
    "Refinery fire brought under control\nCrews put out the flames at the plant; no injuries were reported.",
    "Parliament passes budget after long debate\nLawmakers voted on taxes and spending late on Tuesday.",
    "Striker scores twice as hosts reach cup final\nThe winning goal came in the last minute of the match.",
]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder.load()


def test_texts_about_one_event_are_more_alike_than_others(encoder: Encoder) -> None:
    fire, same_fire, budget, match = encoder.encode(NEWS)
    assert cosine(fire, same_fire) > 0.6
    assert max(cosine(fire, budget), cosine(fire, match), cosine(budget, match)) < 0.3


@given(texts=TEXTS, others=TEXTS, at=st.integers(0, 11))
def test_a_text_has_the_same_vector_in_any_company(texts: list[str], others: list[str], at: int) -> None:
    encoder = Encoder.load()
    company = [*others[:at], *texts, *NEWS, *others[at:]]
    rows = encoder.encode(company)
    for text, row in zip(company, rows, strict=True):
        assert (encoder.encode([text])[0] == row).all()


def test_a_text_has_the_same_vector_in_a_crowd(encoder: Encoder) -> None:
    crowd = encoder.encode([f"{number} {text}" for number in range(300) for text in NEWS])
    assert (encoder.encode([f"299 {NEWS[0]}"])[0] == crowd[-4]).all()


@given(text=st.text(max_size=200))
def test_a_vector_is_as_long_as_all_or_nothing(text: str) -> None:
    (vector,) = Encoder.load().encode([text]).astype(np.int64)
    length = np.sqrt((vector**2).sum())
    assert length == pytest.approx(LENGTH, abs=2) if words(text) else length == 0


def test_no_sum_can_be_beyond_what_its_type_holds_exactly(encoder: Encoder) -> None:
    for layer in (encoder.inner, encoder.outer):
        most = 127 * np.abs(layer.weights).sum(axis=0) + np.abs(layer.bias)
        assert most.max() < 2**24
        assert (layer.weights == np.rint(layer.weights)).all()


def test_what_is_encoded_is_the_title_and_the_first_words_of_the_rest() -> None:
    assert text_of(" A  title\n", "of " * 100) == "A title\n" + " ".join(["of"] * 45)
    assert text_of("A title", "") == "A title\n"


def test_no_texts_have_no_vectors(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.dimensions)


def test_vectors_are_compared_row_by_row(encoder: Encoder) -> None:
    vectors = encoder.encode(NEWS)
    assert cosine(vectors, vectors).tolist() == pytest.approx([1] * 4, abs=0.03)
    assert cosine(vectors, vectors[0]).tolist() == [cosine(row, vectors[0]) for row in vectors]


def test_words_are_in_lower_case_and_without_a_possessive() -> None:
    assert words("Israel's U.S.\u2010don't O\u2019Brien\u2019s 1,000") == [
        "israel", "u", "s", "don't", "o\u2019brien", "1", "000",
    ]  # fmt: skip


def test_rare_words_weigh_more() -> None:
    rarity = Rarity.load()
    assert 0 < rarity.idf("the") < rarity.idf("minister") < rarity.idf("refinery") < rarity.idf("zorblatian")


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    for load in (Encoder.load, Rarity.load):
        with pytest.raises(ModelUnavailable, match=re.escape(str(tmp_path))):
            load(tmp_path)


def test_the_encoder_is_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) <= 10_000_000
