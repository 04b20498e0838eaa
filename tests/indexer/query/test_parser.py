"""The query language: what is read, what is refused and where, and that nothing makes `read` fail."""

from time import process_time
from typing import get_args
from unittest.mock import ANY
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.errors import InvalidQuery
from indexer.query.ast import (
    All,
    And,
    Field,
    FieldName,
    Fuzzy,
    InStory,
    Named,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Range,
    Text,
    unparse,
)
from indexer.query.leaves import MOST_NEAR, WIDEST_SLOP
from indexer.query.limits import DEEPEST, LONGEST, MOST_WILD, MOST_WORDS
from indexer.query.parser import Match, Reading, parse, read
from indexer.times import parse as moment

A, B, C, D = (Text(word) for word in "abcd")
MATCHES: tuple[Match, ...] = ("all", "any")


def full_width(text: str) -> str:
    """As it is written with a Chinese or Japanese keyboard."""
    return "".join("\u3000" if character == " " else chr(ord(character) + 0xFEE0) for character in text)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", All()),
        (" \n\t ", All()),
        ("a", A),
        ("a b", And((A, B))),
        ("a AND b", And((A, B))),
        ("a AND b c", And((A, B, C))),
        ("a OR b", Or((A, B))),
        ("a AND b OR c d", Or((And((A, B)), And((C, D))))),
        ("a AND (b OR c)", And((A, Or((B, C))))),
        ("(a AND b) c", And((And((A, B)), C))),
        ("((((a))))", A),
        ("NOT a", Not(A)),
        ("-a", Not(A)),
        ("a -b", And((A, Not(B)))),
        ("-(a b)", Not(And((A, B)))),
        ("NOT (NOT a)", Not(Not(A))),
        ('"north korea"', Phrase("north korea")),
        ('-"north korea"', Not(Phrase("north korea"))),
        ("“north korea”", Phrase("north korea")),
        ("„north korea“", Phrase("north korea")),
        ("«north  korea »", Phrase("north korea")),
        ('“a "q" b”', Phrase("a q b")),
        ("and or not", And((Text("and"), Text("or"), Text("not")))),
        ("ANDROID NOTE", And((Text("ANDROID"), Text("NOTE")))),
        ("covid-19", Text("covid-19")),
        ("NOT NOT a", A),
        ("-.a -#b", And((Not(Text(".a")), Not(Text("#b"))))),
        ('"a b"~5 c', And((Phrase("a b", 5), C))),
        ('"a b"~ c', And((Phrase("a b"), C))),
        ('"a b" ~5', And((Phrase("a b"), Text("~5")))),
        ("kurs* kusrk~", And((Prefix("kurs"), Fuzzy("kusrk")))),
        ("covid-19* tr*op~*", And((Prefix("covid-19"), Prefix("tr*op")))),
        ("*troop tr*op, troop*,", And((Text("*troop"), Text("tr*op,"), Text("troop*,")))),
        ("NOT* AND~", And((Prefix("NOT"), Fuzzy("AND")))),
        ("* ~ a **", A),
        ("金正* ß*", And((Text("金正"), Prefix("ß")))),
        ("O'Neill\u2019s", Text("O'Neill\u2019s")),
        ("Fish & Chips", And((Text("Fish"), Text("Chips")))),
        ("Russia - Ukraine", And((Text("Russia"), Text("Ukraine")))),
        ("--help", Text("--help")),
        ("金正恩", Text("金正恩")),
        ("a AND ...", A),
        ("a 👩\u200d👩\u200d👧 ❤\ufe0f b\ufe0f", And((A, B))),
        (
            "re: bank http://x.y/z 12:30 plot:x subtitle:y",
            And(tuple(map(Text, ["re:", "bank", "http://x.y/z", "12:30", "plot:x", "subtitle:y"]))),
        ),
        ("title:a TITLE:b Title: c", And(tuple(Field("title", part) for part in (A, B, C)))),
        ("title:(a OR b c)", Or((Field("title", A), And((Field("title", B), Field("title", C)))))),
        (
            "title:(a -b section:c after:1970)",
            And((Field("title", A), Not(Field("title", B)), Field("section", C), Range(0, None))),
        ),
        ("-section:Sport", Not(Field("section", Text("Sport")))),
        ("section:-Sport", Not(Field("section", Text("Sport")))),
        ("-section:-Sport", Field("section", Text("Sport"))),
        (
            'section:"World news"~2 label:ab* author:abc~',
            And(
                (Field("section", Phrase("World news", 2)), Field("label", Prefix("ab")), Field("author", Fuzzy("abc")))
            ),
        ),
        ("lang:en language:fr", And((Field("language", Text("en")), Field("language", Text("fr"))))),
        ("org:a organisation:b organization:c", And(tuple(Field("organisation", part) for part in (A, B, C)))),
        ("title:source:a", Field("source", A)),
        ("title:... a", A),
        ("entity:russia", Field("entity", Text("russia"))),
        ("entity:place:kursk entity:ORG:O'Neill", And((Named("place:kursk"), Named("organisation:oneill")))),
        ("kursk story:a1", And((Text("kursk"), InStory("a1")))),
        ('story:"https://x.org/(1)"', InStory("https://x.org/(1)")),
        ("STORY:(a1 OR b24~ OR -c34*)", Or((InStory("a1"), InStory("b24"), Not(InStory("c34"))))),
        ("entity:(place:kursk OR other:Brexit)", Or((Named("place:kursk"), Named("other:brexit")))),
        ("entity:place:kursk* other:x", And((Field("place", Prefix("kursk")), Text("other:x")))),
        ('entity:place:"north korea"', Field("place", Phrase("north korea"))),
        ("after:1970-01-02 before:1970", And((Range(86_400_000, None), Range(None, 0)))),
        ("-published:1970-01-01", Not(Range(0, 86_400_000))),
        ('after:"1970-01-01 00:00" AFTER: 1970', And((Range(0, None), Range(0, None)))),
        (
            "after: the war before:(a) published:",
            And((Text("after:"), Text("the"), Text("war"), Text("before:"), A, Text("published:"))),
        ),
        (
            full_width('(a OR b) title:ab* "d a"~2'),
            And((Or((A, B)), Field("title", Prefix("ab")), Phrase("d a", 2))),
        ),
        (
            "\u202b\u200etitle:\u200fa\u202c \u2066-\u2069b \ufeff\u200eAND\u200f c\xadc",
            And((Field("title", A), Not(B), Text("cc"))),
        ),
        ("a\x00b\x85c\u2028d", And((A, B, C, D))),
        ("cafe\u0301", Text("café")),
    ],
)
def test_reads(text: str, query: Query) -> None:
    assert parse(text) == query
    assert read(text).query == query
    assert not read(text).lenient


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("a b", Or((A, B))),
        ("a b AND c d", And((Or((A, B)), Or((C, D))))),
        ("a -b c", And((Or((A, C)), Not(B)))),
        ("-a -b", And((Not(A), Not(B)))),
        ("a AND b", And((A, B))),
        ("a after:1970 b title:c", And((Or((A, B)), Range(0, None), Field("title", C)))),
        ("title:(a b) c d", And((Or((C, D)), Or((Field("title", A), Field("title", B)))))),
    ],
)
def test_reads_words_side_by_side_as_any(text: str, query: Query) -> None:
    assert parse(text, match="any") == query


@pytest.mark.parametrize(
    ("text", "message", "column"),
    [
        ('kursk troops "', "unbalanced quote", 14),
        ("a ”", "unbalanced quote", 3),
        ("(a", "unbalanced bracket", 1),
        ("a ((b)", "unbalanced bracket", 3),
        ("a )", "unbalanced bracket", 3),
        ("a\n\n)", "unbalanced bracket", 4),
        ("()", "a word is missing before )", 2),
        ("a AND", "a word is missing at the end", 6),
        ("a AND  ", "a word is missing at the end", 6),
        ("OR a", "a word is missing before OR", 1),
        ("a OR AND b", "a word is missing before AND", 6),
        ("\u200e\u200e(title:)", "a word is missing before )", 10),
        ("a title:", "a word is missing at the end", 9),
        ("\u200ea \u200e) b", "unbalanced bracket", 5),
        ("a after:yesterday", "yesterday is not a date like 2024-11-14", 3),
        ("a* b", "a star needs 2 letters or more before it", 1),
        ("b covid-1~", "a tilde needs one word of 3 to 24 letters before it", 3),
        ('"a b"~21', "words can be at most 20 moves away from a phrase", 1),
        ("ab* " * (MOST_WILD + 1), f"more than {MOST_WILD} words with a star or a tilde", 4 * MOST_WILD + 1),
        ("?!", "there is no word in it to look for", 1),
        (
            "(" * (DEEPEST + 1) + "a" + ")" * (DEEPEST + 1),
            f"more than {DEEPEST} brackets inside each other",
            DEEPEST + 1,
        ),
        ("a " * (MOST_WORDS + 1), f"more than {MOST_WORDS} words", 2 * MOST_WORDS + 1),
        ("a" * (LONGEST + 1), "it is longer than 1,000 characters", LONGEST + 1),
    ],
)
def test_refuses_and_says_where(text: str, message: str, column: int) -> None:
    with pytest.raises(InvalidQuery) as caught:
        parse(text)
    assert (str(caught.value), caught.value.column) == (message, column)
    problem = read(text).problem
    assert problem is not None
    assert (str(problem), problem.column) == (message, column)


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ('kursk "troops', "kursk AND troops"),
        ('"north korea" troops "', '"north korea" AND troops'),
        ("kursk AND", "kursk"),
        ("kursk AND (troops -gaza", "kursk AND (troops AND NOT gaza)"),
        ("(a OR b c", "a OR (b AND c)"),
        ("a) OR (b) c)", "a OR (b AND c)"),
        ("title:(a OR b", "title:a OR title:b"),
        ('section:"World news" ab* "a b"~3 "', 'section:"World news" AND ab* AND "a b"~3'),
        ("after:2024 kursk before:never", "after:2024-01-01T00:00Z AND kursk"),
        ("a AND OR b NOT", "a AND b"),
        ("a -() b OR -(title:)", "a AND b"),
        ("-(a", "NOT a"),
        ("AND OR", "and AND or"),
        ("?!", ""),
        ('say -"north', "say AND NOT north"),
        ("NOT* " * (MOST_WILD + 1), " AND ".join(["NOT*"] * MOST_WILD + ["not"])),
        ("(" * (DEEPEST + 9) + "a b" + ")" * 99, "a AND b"),
        ("a " * LONGEST, " AND ".join("a" * MOST_WORDS)),
    ],
)
def test_rereads_what_is_broken(text: str, read_as: str) -> None:
    reading = read(text)
    assert reading.lenient
    assert reading.read_as == read_as


def test_rereading_honours_match_and_zone() -> None:
    reading = read("kursk (troops -gaza after:1970-01-01", "any", ZoneInfo("Europe/Rome"))
    assert reading.query == Or((Text("kursk"), And((Text("troops"), Not(Text("gaza")), Range(-3_600_000, None)))))


SYNTAX = (
    *'ab金ßA1*~:-.()"“”„‟«» \n\u200e\u0301\ufe0f\u200d\x00\udcff❤',
    *("AND ", "OR ", "NOT ", " -", "~5", "ab*", "abc~", "x:", "title:", "Entity:", "place:", "other:", "lang:"),
    *("after:", "before: ", "published:", "2024-11", "2024..2025", *map(full_width, '(:*")~ ')),
)
strange = st.text(max_size=60) | st.lists(st.sampled_from(SYNTAX), max_size=40).map("".join)


@settings(max_examples=400, deadline=None)
@given(strange, st.sampled_from(MATCHES))
def test_reads_any_text(text: str, match: Match) -> None:
    reading = read(text, match)
    assert reading.lenient == (reading.problem is not None)
    assert reading.problem is None or 1 <= reading.problem.column <= len(text) + 1
    assert parse(reading.read_as, match=match) == reading.query


@settings(deadline=None)
@given(st.lists(st.sampled_from(SYNTAX), max_size=40), st.sampled_from(MATCHES))
def test_mending_is_for_the_broken_only(pieces: list[str], match: Match) -> None:
    """A query that can be read is read the same when something broken stands behind it."""
    reading = read(" ".join(pieces), match)
    if reading.problem is None and not isinstance(reading.query, All):
        assert read(f"({reading.read_as}) OR", match) == Reading(
            reading.query, reading.read_as, lenient=True, problem=ANY
        )


words = st.from_regex("[a-zé0-9金][a-z0-9:*~'\u2019.-]{0,6}[a-z]", fullmatch=True).filter(
    lambda word: isinstance(parse(word), Text)
)
phrases = st.builds(Phrase, st.lists(words, min_size=1, max_size=3).map(" ".join), st.just(0) | st.integers(0, 20))
wild = st.builds(Prefix, words.map(lambda word: f"{word}st")) | st.builds(
    Fuzzy, st.from_regex("[a-zé]{3,24}", fullmatch=True)
)
leaves = st.builds(Text, words) | phrases | wild
moments = st.integers(moment("0001-01-02"), moment("9999-12-30"))
ranges = (
    st.builds(Range, moments, st.none())
    | st.builds(Range, st.none(), moments)
    | st.lists(moments, min_size=2, max_size=2, unique=True).map(sorted).map(lambda ends: Range(*ends))
)
fields: st.SearchStrategy[FieldName] = st.sampled_from(get_args(FieldName))
named = st.from_regex("(person|place|organisation|other):[a-z0-9金]+(-[a-z0-9]+)?", fullmatch=True).map(Named)
parts = leaves | st.builds(Field, fields, leaves) | ranges | named


def _grow(parts: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    several = st.lists(parts, min_size=2, max_size=3).map(tuple)
    return st.builds(And, several) | st.builds(Or, several) | st.builds(Not, parts)


@settings(deadline=None)
@given(st.recursive(parts, _grow, max_leaves=9), st.sampled_from(MATCHES))
def test_what_is_written_out_reads_the_same(query: Query, match: Match) -> None:
    assert parse(unparse(query), match=match) == query


@pytest.mark.parametrize(
    "text",
    [
        "a OR " * 200,
        "(a) " * 250,
        "„" * 1_000,
        "«" * 1_000,
        "-title:" * 140 + "a",
        "ab* " * 250,
        "*~" * 500,
        "\u0301" * 1_000,
        "after:" + " " * 990,
        "(" * 1_000,
        '"a"~' + "9" * 990,
        "published:" + "." * 990,
        "金*" * 500,
    ],
)
def test_nothing_takes_long(text: str) -> None:
    read(text)
    times = []
    for _ in range(3):
        started = process_time()
        read(text)
        times.append(process_time() - started)
    assert min(times) < 0.05


@pytest.mark.parametrize("words", [MOST_NEAR, MOST_NEAR + 1, 200])
@pytest.mark.parametrize("slop", [0, 1, WIDEST_SLOP, WIDEST_SLOP + 1])
def test_a_long_phrase_keeps_its_words_and_a_short_one_its_nearness(words: int, slop: int) -> None:
    text = " ".join(f"w{number}" for number in range(words))
    kept = min(slop, WIDEST_SLOP) if words <= MOST_NEAR else 0
    assert read(f'"{text}"~{slop}').query == Phrase(text, kept)
