"""What the encoder learns from and is judged by; and, where torch is installed, that it learns."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from nlp.encoder import Encoder
from nlp.vocabulary import Vocabulary
from training import encoder, encoder_figures, encoder_texts
from training.encoder_card import Facts, card
from training.encoder_figures import Pair, by_month, measured

ARTICLES = [
    {"id": "a", "title": "Fire at mill", "body": "Crews came.", "published_at": "2023-10-13T23:59:59Z"},
    {"id": "b", "title": "Mill burns", "body": None, "published_at": "2023-10-14T00:00:00Z"},
    {"id": "c", "title": "Cup final", "body": "It rained.", "published_at": "2023-11-10T23:59:59Z"},
    {"id": "d", "title": "Fire at mill", "body": "Crews came.", "published_at": "2023-11-11T00:00:00Z"},
]
PAGES = [
    {"title": "Old news", "summary": "Long ago.", "first_seen": "2021-07-12T01:08:43Z"},
    {"title": "News of the day", "summary": "Of that day.", "first_seen": "2023-10-16T01:08:43Z"},
]
SEEDS = [
    {"seed": "a", "same": ["b"], "related": ["d"], "different": ["c"]},
    {"seed": "c", "same": [], "related": [], "different": ["d"]},
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for name, found in ((encoder_texts.ARTICLES, ARTICLES), (encoder_texts.HOME_PAGE, PAGES)):
        with gzip.open(tmp_path / name, "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(record) + "\n" for record in found)
    lines = "".join(json.dumps(seed) + "\n" for seed in SEEDS)
    (tmp_path / encoder_figures.PAIRS).write_text(lines, encoding="utf-8")
    return tmp_path


def test_nothing_is_learnt_from_the_days_around_the_judged_pairs(data: Path) -> None:
    assert sorted(encoder_texts.news(data, seed=1)) == ["Fire at mill\nCrews came.", "Old news\nLong ago."]


def test_words_are_counted_once_for_a_text() -> None:
    assert encoder_texts.counts(["a b a", "b c", "b"], least=1) == {"b": 3, "a": 1, "c": 1}
    assert encoder_texts.counts(["a b a", "b c", "b"], least=2) == {"b": 3}


def test_the_judged_pairs_are_of_the_month_of_their_seed(data: Path) -> None:
    texts, pairs = encoder_figures.judged(data)
    assert texts[0] == texts[3] == "Fire at mill\nCrews came."
    assert pairs[:3] == [
        Pair(0, 1, "same", "2023-10"),
        Pair(0, 3, "related", "2023-10"),
        Pair(0, 2, "different", "2023-10"),
    ]
    assert pairs[3:] == [Pair(2, 3, "different", "2023-11")]


def test_figures_are_of_scores_in_the_right_order() -> None:
    vectors = np.array([[1, 0], [1, 0.1], [1, 0.5], [1, 1], [0, 1]])
    pairs = [Pair(0, 1, "same", ""), Pair(0, 2, "related", ""), Pair(0, 3, "same", ""), Pair(0, 4, "different", "")]
    figures = measured(pairs, vectors)
    assert figures == pytest.approx((1.0, 2 / 3, 0.5**0.5, 0.8))


def test_the_card_says_the_figures_of_each_month() -> None:
    vectors = np.eye(2)
    figures = by_month(
        [Pair(0, 0, "same", "2023-10"), Pair(0, 1, "different", "2023-11"), Pair(1, 1, "same", "2023-11")], vectors
    )
    text = card(Facts("abc", 128, 10, 5, 4, 7.5, 15_000, {"student": figures}), seed=1, epochs=4)
    assert "| student | 1.00 (1.00) from 1.00 | 1.00 | 1.00" in text
    assert "version abc" in text


def test_what_is_taught_can_be_read(tmp_path: Path) -> None:
    students = pytest.importorskip("training.encoder_student", reason="torch is not installed")
    texts = [
        f"{subject} {verb}\n{rest}"
        for subject in ("mill", "cup", "vote")
        for verb in ("burns", "ends")
        for rest in ("a b", "c")
    ]
    targets = np.repeat(np.eye(3, 8, dtype=np.float32), 4, axis=0)
    vocabulary = Vocabulary(len(texts), encoder_texts.counts(texts, 1), others=4)
    recipe = students.Recipe(width=8, hidden=8, dimensions=8, unread=0, epochs=200, batch=12, neighbours=2, warm_up=10)
    meanings = np.zeros((len(vocabulary.counts), 8), np.float32)
    student = students.beginner(vocabulary, meanings, recipe)
    students.learn(student, vocabulary.bags(texts), targets, np.eye(8, dtype=np.float32), recipe)
    encoder.write(students.quantised(student), vocabulary, tmp_path)
    shipped = Encoder.load(tmp_path).encode(texts) / 127
    assert shipped @ shipped.T == pytest.approx(targets @ targets.T, abs=0.15)
    assert shipped == pytest.approx(students.vectors(student, vocabulary.bags(texts)), abs=0.05)
