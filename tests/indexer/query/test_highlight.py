# ruff: noqa: RUF001 - the letters of other scripts are meant
"""Marks stand exactly where the words of the query stand, as the tokenizer cuts them and the stemmer reads them."""

from itertools import combinations, pairwise
from time import perf_counter
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.query.ast import All, Fuzzy, Named, Not, Or, Prefix, Query, Range, Text
from indexer.query.highlight import highlighter
from indexer.query.needles import is_nearly
from indexer.query.parser import parse
from indexer.query.passages import PASSAGE, Passage, Span
from indexer.query.tokens import fold, spans, term, terms, tokens


def highlight(query: Query, text: str) -> list[Span]:
    return highlighter(query).body.marks(text)


def passages(query: Query, text: str, count: int) -> list[Passage]:
    return highlighter(query).body.passages(text, count)


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
        ("troop*", "Troops, a troop and TROOPSHIPS; trooping; stroop", ["Troops", "troop", "TROOPSHIPS", "trooping"]),
        ("troops*", "troop, troops", ["troops"]),
        ("covid-va*", "covid vaccine, vaccines, covids", ["covid", "vaccine", "vaccines"]),
        ("stras*", "Straße", ["Straße"]),
        ("strass*", "Straße", ["Straße"]),
        ("kursx~", "Kursk kurs kursxx kurxs xursx kuxsr kursk's", ["Kursk", "kurs", "kursxx", "kurxs"]),
        ("orban~", "Orbán Orbam rban", ["Orbán", "Orbam"]),
        ('"north korea"~1', "north of Korea. Korea, north. north of all Korea", ["north", "Korea"]),
        ('"north korea"~1', "north of all Korea", []),
        ('"north korea"~2', "korean Korea North", ["Korea", "North"]),
        ('"a b c"~1', "a x b c; a b", ["a", "b", "c", "a", "b"]),
        ('"a b c"~1', "a b x x x b c", []),
        ('"a a"~3', "a", []),
        ('"kursk"~5', "Kursk", ["Kursk"]),
        ("place:kursk entity:place:kursk section:kursk after:2024", "Kursk", []),
        ("title:kursk troops", "troops in Kursk", ["troops"]),
        ("kursk OR entity:place:kursk", "Kursk", ["Kursk"]),
        ("москва*", "Москвa Москвач МОСКВАЧ", ["Москвач", "МОСКВАЧ"]),
        ("शांति", "विश्व शांति।", ["शांति"]),
        ("السلام", "عملية السلام\u200f.", ["السلام"]),
        ("שלו*", "\u202bשלומית\u202c", ["שלומית"]),
        ("ᾳδω", "ᾼΔΩ", ["ᾼΔΩ"]),
        ("kursk", "👩\u200d👩\u200d👧kursk❤\ufe0f", ["kursk"]),
        ("ｋｕｒｓｋ", "Kursk", ["Kursk"]),
        ("kursk*", "Ｋｕｒｓｋｅｒ", ["Ｋｕｒｓｋｅｒ"]),
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


@settings(deadline=None)
@given(st.from_regex("[abdegiylnséæKß9金][abdegiylnsé\u20199金-]{0,4}", fullmatch=True), letters)
def test_marks_what_analysis_finds(word: str, text: str) -> None:
    covered = {place for start, end in highlight(parse(word), text) for place in range(start, end)}
    assert covered == {place for start, end in brute_force(word, text) for place in range(start, end)}


@settings(deadline=None)
@given(st.from_regex("[abdegisn9яß][abdegisné]{1,4}", fullmatch=True), letters)
def test_marks_the_words_that_begin_like_a_prefix(start: str, text: str) -> None:
    expected = [(first, last) for first, last in spans(text) if fold(text[first:last]).startswith(fold(start))]
    assert highlight(Prefix(start), text) == expected


@settings(deadline=None)
@given(st.from_regex("[abæ][abßé]{2,4}", fullmatch=True), st.text("abABßéx \u0301", max_size=40))
def test_marks_the_words_with_a_letter_wrong(word: str, text: str) -> None:
    expected = [(first, last) for first, last in spans(text) if is_one_edit_away(fold(word), fold(text[first:last]))]
    assert highlight(Fuzzy(word), text) == expected


def is_one_edit_away(word: str, other: str) -> bool:
    """Tries all edits there are behind the first letter."""
    places, letters = range(1, len(word) + 1), set(word + other)
    every = {word} | {word[:at] + letter + word[at:] for at in places for letter in letters}
    every |= {word[:at] + letter + word[at + 1 :] for at in places for letter in letters | {""}}
    every |= {word[:at] + word[at : at + 2][::-1] + word[at + 2 :] for at in places}
    return other in every


@settings(deadline=None)
@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_nearly_is_one_edit_away(word: str, other: str) -> None:
    if word and other:
        assert is_nearly(word, other) == is_one_edit_away(word, other)


@settings(deadline=None)
@given(
    st.lists(st.sampled_from("abcx"), max_size=12),
    st.lists(st.sampled_from("abc"), min_size=2, max_size=3),
    st.integers(1, 4),
)
def test_marks_words_that_stand_near(text: list[str], phrase: list[str], slop: int) -> None:
    """Two words of the phrase are marked where Lucene finds them `slop` moves from where they stand in it."""
    marks = marked(f'"{" ".join(phrase)}"~{slop}', " ".join(text))
    reach: dict[tuple[str, str], int] = {}
    for (i, one), (j, other) in combinations(enumerate(phrase), 2):
        reach[one, other] = min(slop + j - i - 1, reach.get((one, other), slop + j))
    near = [
        {p for first, a in enumerate(text) for second, b in enumerate(text) for p in (first, second)
         if (a, b) == pair and first != second and abs(second - first - 1) <= moves}
        for pair, moves in reach.items()
    ]  # fmt: skip
    expected = sorted(set().union(*near)) if all(near) else []
    assert marks == [text[place] for place in expected]


scripts = st.text(st.characters(codec="utf-8"), max_size=80)


@settings(max_examples=300, deadline=None)
@given(scripts, st.data())
def test_what_is_marked_is_what_was_looked_for(text: str, data: st.DataObject) -> None:
    """In every script: each token of a text, looked for, is marked where it stands, and nothing else is."""
    text = normalize("NFC", text)
    cut = [span for span in spans(text) if terms(text[slice(*span)])]
    if cut:
        start, end = data.draw(st.sampled_from(cut))
        marks = highlight(Text(text[start:end]), text)
        assert (start, end) in marks
        assert {tuple(terms(text[first:last])) for first, last in marks} == {tuple(terms(text[start:end]))}


def test_the_title_has_marks_of_its_own() -> None:
    marker = highlighter(parse("title:kursk troops"))
    assert marker.title.marks("Troops in Kursk") == [(0, 6), (10, 15)]
    assert marker.body.marks("Troops in Kursk") == [(0, 6)]
    same = highlighter(parse("kursk section:world"))
    assert same.title is same.body


@pytest.mark.parametrize(
    "query", [All(), Named("place:kursk"), Range(0, None), Not(Text("kursk")), Or((Range(0, 1), Not(Prefix("ku"))))]
)
def test_what_looks_for_no_words_marks_none(query: Query) -> None:
    assert highlight(query, "Kursk") == []
    assert passages(query, "Kursk", 2) == []


@settings(deadline=None)
@given(st.text(max_size=200), st.text(max_size=20))
def test_marks_are_in_order_and_apart(text: str, word: str) -> None:
    marks = highlight(parse('"' + word.replace('"', "") + ' a"'), text)
    assert all(start < end for start, end in marks)
    assert all(before[1] <= after[0] for before, after in pairwise(marks))


@settings(deadline=None)
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


def test_a_passage_in_a_script_without_spaces_is_cut_between_characters() -> None:
    body = "東京で大きな会議が開かれた。" * 30 + "金正恩。" + "首脳は何も言わなかった。" * 30
    (best,) = passages(parse("金正恩"), body, 1)
    assert len(best.text) > PASSAGE / 2
    assert [best.text[start:end] for start, end in best.marks] == ["金正恩"]


@pytest.mark.parametrize("sign", ["👩\u200d👩\u200d👧", "e\u0301\u0323", "नि", "🇺🇦"])
def test_a_passage_cuts_no_character_in_two(sign: str) -> None:
    body = sign * 100 + " kursk " + sign * 100
    for lead in range(8):
        (best,) = passages(parse("kursk"), "x" * lead + body, 1)
        before, _, after = best.text.partition(" kursk ")
        assert before.lstrip("x") == sign * (len(before.lstrip("x")) // len(sign))
        assert after == sign * (len(after) // len(sign))
        assert len(before) >= 30
        assert after


def test_ten_articles_cost_little() -> None:
    body = "The quick brown fox jumped over the lazy dog, and Putin's café in Kursk was closed. " * 15
    marker = highlighter(parse('kursk "lazy dog"')).body
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
