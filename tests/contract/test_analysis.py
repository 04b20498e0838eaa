import pytest

from indexer.query.ast import Text
from indexer.store.port import Store
from tests.contract.factories import article, filled, found

FOUND_BY = [
    ("Café", "cafe"),
    ("cafe", "CAFÉ"),
    ("Ångström", "angstrom"),
    ("Zürich", "zurich"),
    ("straße", "strasse"),
    ("Łódź", "lodz"),
    ("The WHO warns", "who"),
    ("to be or not", "not"),
    ("elections", "election"),
    ("running", "run"),
    ("it doesn\u2019t", "doesn't"),
    ("O'Neil's book", "o\u2019neil"),
    ("covid-19 cases", "covid-19"),
    ("covid 19 cases", "covid-19"),
    ("U.S. troops", "U.S."),
    ("100,000 people", "100,000"),
    ("北京大学", "京"),
    ("北京大学", "北京"),
    ("東京タワー", "タワー"),
    ("Москва", "москва"),
    ("Αθήνα", "Αθήνα"),
    ("naïve 日本 mix", "日本"),
    ("a" * 200, "a" * 200),
    ("G7", "g7"),
]
NOT_FOUND_BY = [("covid 20 and 19", "covid-19"), ("京北", "北京"), ("b" * 201, "b" * 201), ("cat", "category")]


@pytest.fixture(scope="module")
def texts(shared_store: Store) -> Store:
    """Each text in an article of its own, in a section named like it."""
    every = dict.fromkeys(text for text, _ in FOUND_BY + NOT_FOUND_BY)
    return filled(shared_store, *(article(f"id-{n}", body=text, section=text) for n, text in enumerate(every)))


@pytest.mark.parametrize(("text", "word"), FOUND_BY)
def test_a_text_is_found_by(texts: Store, text: str, word: str) -> None:
    assert len(found(texts, Text(word), filters={"section": (text,)})) == 1


@pytest.mark.parametrize(("text", "word"), NOT_FOUND_BY)
def test_a_text_is_not_found_by(texts: Store, text: str, word: str) -> None:
    assert not found(texts, Text(word), filters={"section": (text,)})
