import pytest

from training.corpora import Labelled, Name
from training.scoring import score

TEXT = "the United Nations' Guterres praised Oslo's Red Cross"
TEXTS = [Labelled(TEXT, (Name(4, 18, "ORG"), Name(20, 28, "PER"), Name(37, 41, "LOC"), Name(44, 53, "ORG")), "1")]


def test_all_is_right_where_nothing_differs() -> None:
    assert score(TEXTS, [text.names for text in TEXTS], strict=True).f1() == 1


def test_labels_of_the_model_are_those_of_the_corpora() -> None:
    counts = score(TEXTS, [[Name(20, 28, "PERSON"), Name(37, 41, "GPE"), Name(0, 3, "DATE"), Name(44, 53, "NORP")]])
    assert (counts.precision(), counts.recall()) == (1, 0.5)


def test_an_article_and_a_possessive_count_only_if_strict() -> None:
    found = [[Name(0, 19, "ORG"), Name(37, 43, "LOC")]]
    assert score(TEXTS, found, strict=True).f1() == 0
    assert score(TEXTS, found).recall(["ORG"]) == 0.5
    assert score(TEXTS, found).recall(["LOC"]) == 1


def test_a_wrong_label_is_wrong_twice() -> None:
    counts = score(TEXTS, [[Name(20, 28, "ORG")]])
    assert (counts.precision(["ORG"]), counts.recall(["PER"])) == (0, 0)


def test_nothing_found_is_no_error() -> None:
    assert score(TEXTS, [[]]).f1() == pytest.approx(0)
