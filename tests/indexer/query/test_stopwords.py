import pytest

from indexer.query.ast import All, And, Named, Not, Or, Phrase, Query, Text
from indexer.query.parser import parse
from indexer.query.stopwords import STOP_WORDS, without_stop_words


@pytest.mark.parametrize(
    ("typed", "rest"),
    [
        ("the war in gaza", "war gaza"),
        ("The War in Gaza", "War Gaza"),
        ("WHO in gaza", "WHO gaza"),
        ("who is in gaza", "gaza"),
        ("THE WAR IN GAZA", "WAR GAZA"),
        ("to be or not to be", "to be or not to be"),
        ("the", "the"),
        ("the -war", "the -war"),
        ("may section:business", "may section:business"),
        ("who after:2024-11-18", "who after:2024-11-18"),
        ("the may section:business", "the may section:business"),
        ("the war section:business", "war section:business"),
        ('"the who" tour', '"the who" tour'),
        ("(the OR a) war", "(the OR a) war"),
        ("the OR kursk", "kursk"),
    ],
)
def test_stop_words_are_left_out_where_others_are_left(typed: str, rest: str) -> None:
    assert without_stop_words(parse(typed)) == parse(rest)


@pytest.mark.parametrize("query", [All(), Text("the"), Phrase("to be"), Not(Text("the"))])
def test_what_is_one_part_stays(query: Query) -> None:
    assert without_stop_words(query) == query


def test_a_group_inside_loses_its_own() -> None:
    query = And((Text("kursk"), Or((Text("the"), Text("front"), Text("troops")))))
    assert without_stop_words(query) == And((Text("kursk"), Or((Text("front"), Text("troops")))))


def test_a_known_name_keeps_its_word_where_all_is_in_capitals() -> None:
    who = Or((Text("WHO"), Named("organisation:world-health-organization")))
    assert without_stop_words(And((who, Text("NATO")))) == And((who, Text("NATO")))


def test_the_list_is_as_folded_text_is() -> None:
    assert all(word == word.lower() and word.isascii() for word in STOP_WORDS)
