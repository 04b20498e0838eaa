"""Marks stand exactly where the words of the query stand, as the tokenizer cuts them and the stemmer reads them."""

from itertools import pairwise
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.query.highlight import PASSAGE, Span, highlight, highlighter, passages
from indexer.query.parser import parse
from indexer.query.tokens import spans, term, terms, tokens


def marked(query: str, text: str) -> list[str]:
    return [text[start:end] for start, end in highlight(parse(query), text)]


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("kursk", "Kursk, KURSK's and kurski", ["Kursk", "KURSK's"]),
        ("run", "He runs; running.", ["runs", "running"]),
        ("die", "He was dying.", ["dying"]),
        ("happy", "happily, happiness", ["happiness"]),
        ("cafe", "Le Café, das CAFÉ", ["Café", "CAFÉ"]),
        ("strasse", "Straße 5", ["Straße"]),
        ("straße", "Strasse", ["Strasse"]),
        ("oneil's", "ONEIL", ["ONEIL"]),
        ('"north korea"', "North  Korea; Korea, North; north\nkorea's", ["North  Korea", "north\nkorea's"]),
        ('"north korea"', "north korea north korea", ["north korea", "north korea"]),
        ("covid-19", "COVID 19 and covid and 19", ["COVID 19"]),
        ("kursk -troops", "troops in Kursk", ["Kursk"]),
        ("NOT (NOT kursk)", "troops in Kursk", ["Kursk"]),
        ("kursk OR (gaza AND paris)", "Gaza Kursk", ["Gaza", "Kursk"]),
        ('"a b" "b c"', "a b c", ["a b c"]),
        ("金", "a金正恩", ["金"]),
        ("kursk", "xkursk kurskx _kursk_ 9kursk", ["kursk"]),
        ("kursk", "", []),
        ("", "Kursk", []),
    ],
)
def test_marks(query: str, text: str, expected: list[str]) -> None:
    assert marked(query, text) == expected


def test_counts_code_points() -> None:
    assert highlight(parse("kursk"), "🙂🙂 Kursk") == [(3, 8)]


def brute_force(query: str, text: str) -> list[Span]:
    """Every place where the terms of a single word or phrase stand together."""
    wanted, cut = terms(query), list(spans(text))
    found = [term(text[start:end]) for start, end in cut]
    starts = [place for place in range(len(found)) if wanted and found[place : place + len(wanted)] == wanted]
    return [(cut[place][0], cut[place + len(wanted) - 1][1]) for place in starts]


letters = st.text("abdegiylnsß\u2019'éÉ-9 Kæ金\n_Å", max_size=40)


@given(st.from_regex("[abdegiylnséæKß9金][abdegiylnsé\u20199金-]{0,4}", fullmatch=True), letters)
def test_marks_what_analysis_finds(word: str, text: str) -> None:
    covered = {place for start, end in highlight(parse(word), text) for place in range(start, end)}
    assert covered == {place for start, end in brute_force(word, text) for place in range(start, end)}


@given(st.text(max_size=200), st.text(max_size=20))
def test_marks_are_in_order_and_apart(text: str, word: str) -> None:
    marks = highlight(parse('"' + word.replace('"', "") + ' a"'), text)
    assert all(start < end for start, end in marks)
    assert all(before[1] <= after[0] for before, after in pairwise(marks))


@given(st.text("abc .\n", max_size=1_000), st.integers(0, 3))
def test_passages_carry_their_marks(body: str, count: int) -> None:
    found = passages(parse('a "b c"'), body, count)
    assert len(found) <= count
    for text, marks in found:
        assert text in body
        assert marks
        assert [text[start:end].split()[0].strip(".") for start, end in marks]


def test_the_passage_with_most_words_of_the_query_is_chosen() -> None:
    filler = "Nothing of interest happened. " * 30
    body = f"Kursk. {filler}Troops left Kursk on Thursday. {filler}Troops."
    (best,) = passages(parse("kursk troops"), body, 1)
    assert "Troops left Kursk on Thursday." in best.text
    assert len(best.text) <= PASSAGE
    assert [best.text[start:end] for start, end in best.marks] == ["Troops", "Kursk"]


def test_ten_articles_cost_little() -> None:
    body = "The quick brown fox jumped over the lazy dog, and Putin's café in Kursk was closed. " * 15
    marker = highlighter(parse('kursk "lazy dog"'))
    marker.passages(body, 2)
    times = []
    for _ in range(5):
        started = perf_counter()
        for _ in range(10):
            marker.passages(body, 2)
        times.append(perf_counter() - started)
    assert min(times) < 0.02


def test_tokens_are_the_mappings() -> None:
    assert tokens("U.S. Putin\u2019s covid-19 金正 3.5") == [
        "U",
        "S",
        "Putin\u2019s",
        "covid",
        "19",
        "金",
        "正",
        "3",
        "5",
    ]


def test_terms_too_long_to_be_found_are_none() -> None:
    assert terms("a" * 201 + " b") == ["b"]
