import json
from pathlib import Path

from training import corpora
from training.corpora import Labelled, Name


def test_words_are_spaced_as_a_person_would() -> None:
    words = [
        ('"', "O"), ("The", "O"), ("U.N.", "B-ORG"), ("'s", "O"), ("chief", "O"), (",", "O"), ("Ban", "B-PER"),
        ("Ki-moon", "I-PER"), ("(", "O"), ("Seoul", "B-LOC"), (")", "O"), (",", "O"),
        ("left", "O"), (".", "O"), ('"', "O"),
    ]  # fmt: skip
    text, names = corpora.joined(words)
    assert text == '"The U.N.\'s chief, Ban Ki-moon (Seoul), left."'
    assert [text[name.start : name.end] for name in names] == ["U.N.", "Ban Ki-moon", "Seoul"]


def test_a_possessive_in_two_words_is_one() -> None:
    text, names = corpora.joined([("group", "O"), ("'", "O"), ("s", "O"), ("'", "O"), ("Acme", "B-ORG"), ("'", "O")])
    assert (text, [name.label for name in names]) == ("group's ' Acme '", ["ORG"])


def test_names_side_by_side_are_two_where_the_tags_say_so() -> None:
    words = [("Gaza", "B-LOC"), ("Israel", "B-LOC"), ("Hamas", "I-ORG"), ("Haniyeh", "I-PER")]
    assert [name.label for name in corpora.joined(words)[1]] == ["LOC", "LOC", "ORG", "PER"]


def test_labels_of_other_schemes_are_brought_to_ours() -> None:
    words = [("Acme", "B-corporation"), ("Alien", "B-creative-work"), ("Rome", "B-Location"), ("2", "B-Quantity")]
    assert [name.label for name in corpora.joined(words)[1]] == ["ORG", "MISC", "LOC", "Quantity"]


def test_a_file_of_wikigold(tmp_path: Path) -> None:
    lines = ["-DOCSTART- O", "", "Rome I-LOC", "fell O", "", "Again O", "", "-DOCSTART- O", "Bonn I-LOC"]
    (tmp_path / "wikigold.conll.txt").write_text("\n".join(lines), "utf-8")
    first, second, third = corpora.wikigold(tmp_path)
    assert (first.text, first.names) == ("Rome fell", (Name(0, 4, "LOC"),))
    assert first.document == second.document != third.document
    assert first.marks_misc


def test_a_file_of_headlines(tmp_path: Path) -> None:
    record = {"id": "1", "part": "lead", "text": "Rome fell", "entities": [[0, 4, "LOC"]]}
    (tmp_path / "headlines.jsonl").write_text(json.dumps(record) + "\n", "utf-8")
    expected = Labelled("Rome fell", (Name(0, 4, "LOC"),), "1", "lead")
    assert corpora.headlines(tmp_path / "headlines.jsonl") == [expected]


def test_the_last_documents_are_held_out_whole() -> None:
    texts = [Labelled(str(number), (), str(number // 3)) for number in range(60)]
    train, held_out = corpora.parted(texts)
    assert train + held_out == texts
    assert {text.document for text in held_out} == {"17", "18", "19"}
