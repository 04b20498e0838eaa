"""The query language: what is read, what is refused and where, and that nothing makes `read` fail."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import InvalidQuery
from indexer.query.ast import All, And, Not, Or, Phrase, Query, Text, unparse
from indexer.query.parser import DEEPEST, LONGEST, MOST_WORDS, Match, parse, read

A, B, C, D = (Text(word) for word in "abcd")
MATCHES: tuple[Match, ...] = ("all", "any")


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
        ("title:kursk", Text("title:kursk")),
        ("kurs* kusrk~", And((Text("kurs*"), Text("kusrk~")))),
        ("O'Neill\u2019s", Text("O'Neill\u2019s")),
        ("Fish & Chips", And((Text("Fish"), Text("Chips")))),
        ("Russia - Ukraine", And((Text("Russia"), Text("Ukraine")))),
        ("--help", Text("--help")),
        ("金正恩", Text("金正恩")),
        ("a AND ...", A),
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
        ("NOT NOT a", "a word is missing before NOT", 5),
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
        ("kursk AND (troops -gaza", "kursk AND troops AND NOT gaza"),
        ("AND OR", "and AND or"),
        ("?!", ""),
        ('say -"north', "say AND north"),
        ("a " * LONGEST, " AND ".join("a" * MOST_WORDS)),
    ],
)
def test_rereads_what_is_broken(text: str, read_as: str) -> None:
    reading = read(text)
    assert reading.lenient
    assert reading.read_as == read_as


def test_rereading_honours_match() -> None:
    assert read("kursk (troops -gaza", "any").read_as == "(kursk OR troops) AND NOT gaza"


@given(st.text(max_size=60) | st.text('ab"“”„«»()- \nANDORT:*~\u2019\udcff', max_size=60), st.sampled_from(MATCHES))
def test_reads_any_text(text: str, match: Match) -> None:
    reading = read(text, match)
    assert reading.lenient == (reading.problem is not None)
    assert parse(reading.read_as, match=match) == reading.query


words = st.from_regex("[a-zé0-9金][a-z0-9:*~'\u2019.-]{0,6}", fullmatch=True)
leaves = st.builds(Text, words) | st.builds(
    lambda some: Phrase(" ".join(some)), st.lists(words, min_size=1, max_size=3)
)


def _grow(parts: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    several = st.lists(parts, min_size=2, max_size=3).map(tuple)
    return st.builds(And, several) | st.builds(Or, several) | st.builds(Not, parts)


@given(st.recursive(leaves, _grow, max_leaves=12), st.sampled_from(MATCHES))
def test_what_is_written_out_reads_the_same(query: Query, match: Match) -> None:
    assert parse(unparse(query), match=match) == query
