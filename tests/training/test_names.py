"""A training in small: what it is shown, that it learns, and that it learns the same twice."""

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from spacy.language import Language
from thinc.api import use_ops

from training import names
from training.corpora import Labelled, Name
from training.examples import Lesson, example, lessons, recased
from training.names import Recipe

TEXTS = [
    Labelled("Zorblat praised Quixlings in Paris", (Name(0, 7, "PER"), Name(16, 25, "MISC"), Name(29, 34, "LOC")), "1"),
    Labelled("Police of Paris seek Zorblat on Monday", (Name(10, 15, "LOC"), Name(21, 28, "PER")), "2"),
    Labelled("The German film Casablanca is shown", (), "3", marks_misc=False),
]


@pytest.fixture(scope="module", autouse=True)
def on_numpy() -> Iterator[None]:
    with use_ops("numpy", use_blis=False):
        yield


@pytest.fixture(scope="module")
def stock(on_numpy: None) -> Language:
    return names.stock()


def _called(lesson: Lesson) -> dict[str, str]:
    return {lesson.text[name.start : name.end]: name.label for name in lesson.names}


def test_a_lesson_has_the_labels_of_the_model(stock: Language) -> None:
    first, second, third = map(_called, lessons(stock, TEXTS))
    assert first == {"Zorblat": "PERSON", "Quixlings": "MISC", "Paris": "GPE"}
    assert second == {"Paris": "GPE", "Zorblat": "PERSON", "Monday": "DATE"}
    assert third == {"German": "NORP"}


def test_of_a_name_that_ends_inside_a_token_nothing_is_said(stock: Language) -> None:
    lesson = Lesson("Zorblat visits Quixlings", (Name(0, 4, "PERSON"), Name(15, 24, "MISC")), ())
    tokens = example(stock, lesson, lesson.text).reference
    assert [token.ent_iob_ for token in tokens] == ["", "O", "B"]


def test_some_texts_come_in_title_case_and_some_in_capitals() -> None:
    chance = random.Random(1)  # noqa: S311 - to be drawn again
    drawn = {recased("a film in Rome", chance, titles=0.3, shouts=0.3) for _ in range(50)}
    assert drawn == {"a film in Rome", "A Film in Rome", "A FILM IN ROME"}


def test_it_learns_the_names_and_the_same_each_time(stock: Language, tmp_path: Path) -> None:
    taught = lessons(stock, TEXTS) * 10
    for folder in (tmp_path / "one", tmp_path / "two"):
        nlp = names.learn(taught, Recipe(epochs=12, words=40, warm_up=5), 1, lambda _: "")
        names.write(nlp, folder)
        labels = {entity.text: entity.label_ for entity in nlp("Zorblat praised Quixlings").ents}
        assert labels == {"Quixlings": "MISC", "Zorblat": "PERSON"}
    one, two = (json.loads((folder / "meta.json").read_bytes()) for folder in (tmp_path / "one", tmp_path / "two"))
    assert one == two
    assert (tmp_path / "one/ner/model").read_bytes() == (tmp_path / "two/ner/model").read_bytes()


def test_the_mean_of_two_lies_between_them() -> None:
    one, two = names.stock(), names.stock()
    for nlp, value in ((one, 1), (two, 3)):
        for node, name in names.weights(nlp):
            node.set_param(name, node.get_param(name) * 0 + value)
    assert all((node.get_param(name) == 2).all() for node, name in names.weights(names.mean([one, two])))
