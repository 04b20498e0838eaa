"""What every node of a query finds beyond single words, phrases and sets; on both stores alike."""

from itertools import product
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.query.ast import (
    All,
    And,
    Field,
    FieldName,
    Fuzzy,
    InStory,
    Leaf,
    Named,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Range,
    Text,
)
from indexer.store.port import Request, Selection, Store
from tests.contract.factories import NOON, article, entities, filled, found

LETTERS = "pqrst"
LETTERED = ["".join(letters) for size in (2, 3) for letters in product("pq", repeat=size)] + [
    "pqrs", "psrq", "prqs", "qpsr", "ptqrs", "pttq", "pttttttq", "qttp", "rqtp", "prtq", "sqttrp", "ttptqtrtst",
]  # fmt: skip
SPELT = ["kursk", "kurk", "kurks", "kurskx", "karsk", "kusrk", "ukrsk", "bursk", "ursk", "kkursk", "kuirsks", "kuxsxk"]
BOTH = "pq qp ppq pqp pqq qpp qpq qqp pqrs psrq prqs qpsr ptqrs pttq pttttttq qttp rqtp prtq sqttrp ttptqtrtst"
JANE = entities("person:jane smith", "place:new york")


@pytest.fixture(scope="module")
def press(shared_store: Store) -> Store:
    """Articles in groups; each is found under its group's name in `language`."""
    spelt = (article(f"spelt-{word}", "Title", body=f"over {word} today", language="spelt") for word in SPELT)
    lettered = (article(f"near-{word}", "Title", body=" ".join(word), language="near") for word in LETTERED)
    return filled(
        shared_store,
        *spelt,
        *lettered,
        article("troops", "Troops massing", body="The army moves", at=10, language="text"),
        article("trooper", "The army", summary="A trooper's running", body="covid-19 caf\u00e9", at=20,
                language="text"),
        article("troupe", "Dancing troupe", body="covid-20 \u5317\u4eac\u5927\u5b66 Z\u00fcrich", at=30,
                language="text"),
        article("x", "Elections", section="World News", source="kyivpost.com", language="en-GB", at=40,
                authors=("Ann Lee Jones", "Bob Stone"), labels=("Front Line", "Oil prices"),
                entities=(*JANE, *entities("organisation:nato", "other:nobel prize"))),
        article("y", "World", section="Business", source="bbc.co.uk", language="en", at=50,
                authors=("Bob Jones",), labels=("News",), body="Jane Smith of NATO in New York by Ann Lee",
                entities=entities("person:john smith", "person:jane doe", "place:kursk",
                                  "organisation:new york times")),
        article("z", "Nothing", section="Sport", language="de", at=60, entities=entities("organisation:nato")),
    )  # fmt: skip


def ids(press: Store, query: Query, group: str | None = None) -> set[str]:
    """What a query finds, in one group, without the group's name."""
    matches = found(press, query, filters={"language": (group,)} if group else {})
    return {one.removeprefix(f"{group}-") for one in matches}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (Prefix("troop"), "troops trooper"),
        (Prefix("TROOP"), "troops trooper"),
        (Prefix("tro"), "troops trooper troupe"),
        (Prefix("troops"), "troops"),
        (Prefix("troopss"), ""),
        (Prefix("runn"), "trooper"),
        (Prefix("running"), "trooper"),
        (Prefix("danci"), "troupe"),
        (Prefix("mo"), "troops"),
        (Prefix("cafe"), "trooper"),
        (Prefix("CAF\u00c9"), "trooper"),
        (Prefix("zu"), "troupe"),
        (Prefix("\u5317"), "troupe"),
        (Prefix("\u5317\u4eac"), "troupe"),
        (Prefix("covid-1"), "trooper"),
        (Prefix("covid-2"), "troupe"),
        (Prefix("covi-2"), ""),
        (Prefix("19-cov"), "trooper"),
        (Prefix("trooper's"), "trooper"),
        (Prefix("trooper\u2019s"), "trooper"),
        (Prefix("tr.op"), ""),
        (Prefix("tr?op"), ""),
        (Prefix(".*"), ""),
        (Prefix("!!"), ""),
        (Prefix("x" * 201), ""),
        (Not(Prefix("troop")), "troupe"),
        (And((Prefix("ar"), Prefix("mov"))), "troops"),
        (Or((Prefix("danc"), Prefix("mov"))), "troops troupe"),
        (And((Prefix("!!"), Prefix("mov"))), "troops"),
        (Field("title", Prefix("arm")), "trooper"),
        (Field("title", Prefix("massin")), "troops"),
        (Field("title", Prefix("covid-1")), ""),
        (Not(Field("title", Prefix("arm"))), "troops troupe"),
    ],
)
def test_a_prefix_is_how_a_word_begins_as_written(press: Store, query: Query, expected: str) -> None:
    assert ids(press, query, "text") == set(expected.split())


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (Fuzzy("kursk"), "kursk kurk kurks kurskx karsk kusrk kkursk"),
        (Fuzzy("KURSK"), "kursk kurk kurks kurskx karsk kusrk kkursk"),
        (Fuzzy("kursks"), "kursk kurks kurskx kuirsks"),
        (Fuzzy("kurks"), "kursk kurk kurks"),
        (Fuzzy("kuirsk"), "kursk kuirsks"),
        (Fuzzy("bursk"), "bursk"),
        (Fuzzy("ukrsk"), "ukrsk ursk"),
        (Fuzzy("ursk"), "ursk ukrsk"),
        (Fuzzy("tday"), " ".join(SPELT)),
        (Fuzzy("otday"), ""),
        (Fuzzy("nothing"), ""),
        (Fuzzy("!!!"), ""),
        (Fuzzy("x" * 201), ""),
        (Fuzzy("today-kursk"), "kursk kurk kurks kurskx karsk kusrk kkursk"),
        (Fuzzy("tody-kursk"), "kursk kurk kurks kurskx karsk kusrk kkursk"),
        (Fuzzy("tod-kursk"), ""),
        (Not(Fuzzy("kursk")), "ukrsk bursk ursk kuirsks kuxsxk"),
        (And((Fuzzy("kursk"), Not(Fuzzy("kurks")))), "kurskx karsk kusrk kkursk"),
        (Or((Fuzzy("bursk"), Fuzzy("kuirsk"))), "bursk kursk kuirsks"),
        (And((Fuzzy("!!!"), Fuzzy("bursk"))), "bursk"),
        (Field("title", Fuzzy("kursk")), ""),
        (Field("title", Fuzzy("titel")), " ".join(SPELT)),
        (Field("title", Fuzzy("today")), ""),
    ],
)
def test_a_fuzzy_word_has_one_letter_added_dropped_changed_or_swapped(
    press: Store, query: Query, expected: str
) -> None:
    assert ids(press, query, "spelt") == set(expected.split())


@pytest.mark.parametrize(
    ("word", "expected"),
    [("z\u00fcrch", "troupe"), ("cafes", "trooper"), ("c\u00e4fe", "trooper"), ("\u5317", "troupe")],
)
def test_a_fuzzy_word_is_folded_first(press: Store, word: str, expected: str) -> None:
    assert ids(press, Fuzzy(word), "text") == {expected}


@pytest.mark.parametrize(
    ("near", "expected"),
    [
        (Phrase("p q"), "pq ppq pqp pqq qpq pqrs"),
        (Phrase("p q", 1), "pq ppq pqp pqq qpq pqrs prqs ptqrs ttptqtrtst"),
        (Phrase("q p", 1), "qp qpp qqp pqp qpq qpsr rqtp"),
        (Phrase("p q", 2), "pq ppq pqp pqq qp qpp qqp qpq pqrs prqs ptqrs qpsr psrq pttq prtq ttptqtrtst"),
        (Phrase("q p", 3), "pq ppq pqp pqq qp qpp qqp qpq pqrs prqs ptqrs qpsr qttp rqtp sqttrp ttptqtrtst"),
        (Phrase("p p"), "pp ppp ppq qpp"),
        (Phrase("p p", 1), "pp ppp ppq qpp pqp"),
        (Phrase("p p", 9), "pp ppp ppq qpp pqp"),
        (Phrase("t t t", 0), "pttttttq"),
        (Phrase("p q r s", 0), "pqrs"),
        (Phrase("p q r s", 1), "pqrs ptqrs"),
        (Phrase("r q p", 1), "rqtp"),
        (Phrase("r q p", 2), "rqtp pqrs"),
        (Phrase("p q r s", 5), "pqrs psrq prqs qpsr ptqrs sqttrp ttptqtrtst"),
        (Phrase("p q", 20), BOTH),
        (Phrase("p", 5), f"pp ppp {BOTH}"),
        (Phrase("!!!", 5), ""),
    ],
)
def test_near_words_are_so_many_moves_from_a_phrase(press: Store, near: Phrase, expected: str) -> None:
    assert ids(press, near, "near") == set(expected.split())


def near(text: str, words: str, slop: int) -> bool:
    """Each word, and each of the next three, as far from the other as `slop` moves allow."""
    return all(
        any(
            place != other and abs(other - place - 1) <= slop + second - first - 1
            for place, left in enumerate(text)
            for other, right in enumerate(text)
            if (left, right) == (words[first], words[second])
        )
        for first in range(len(words))
        for second in range(first + 1, min(first + 4, len(words)))
    )


@settings(max_examples=60, deadline=None)
@given(words=st.text(LETTERS, min_size=2, max_size=5), slop=st.integers(1, 8))
def test_each_word_of_a_near_phrase_stands_near_the_next_ones(press: Store, words: str, slop: int) -> None:
    expected = {text for text in LETTERED if near(text, words, slop)}
    assert ids(press, Phrase(" ".join(words), slop), "near") == expected


def test_between_two_parts_of_a_text_lies_one_place(store: Store) -> None:
    filled(store, article("a", "the storm", body="surge", summary="hits"), article("b", body="surge after the storms"))
    assert found(store, Phrase("storm surge")) == set()
    assert found(store, Phrase("storm surge", 1)) == {"a"}
    assert found(store, Phrase("storm hits", 2)) == set()
    assert found(store, Phrase("storm hits", 3)) == {"a"}
    assert found(store, Phrase("storm surge", 4)) == {"a", "b"}
    assert found(store, Field("title", Phrase("storm surge", 20))) == set()


@pytest.mark.parametrize(
    ("field", "word", "expected"),
    [
        ("title", "election", "x"),
        ("title", "world", "y"),
        ("section", "world", "x"),
        ("section", "WORLD-News", "x"),
        ("section", "news-world", ""),
        ("section", "new", ""),
        ("source", "kyivpost.com", "x"),
        ("source", "kyivpost", "x"),
        ("source", "bbc", "y"),
        ("source", "co-bbc", ""),
        ("author", "jones", "x y"),
        ("author", "jone", ""),
        ("author", "ann-lee", "x"),
        ("author", "lee-bob", ""),
        ("author", "jones-bob", ""),
        ("label", "oil", "x"),
        ("label", "news", "y"),
        ("label", "line-oil", ""),
        ("language", "en", "x y"),
        ("language", "EN-gb", "x"),
        ("language", "gb", "x"),
        ("person", "smith", "x y"),
        ("person", "jane-smith", "x"),
        ("person", "nato", ""),
        ("person", "smith-jane", ""),
        ("organisation", "nato", "x z"),
        ("organisation", "new-york", "y"),
        ("place", "new-york", "x"),
        ("place", "york", "x"),
        ("entity", "york", "x y"),
        ("entity", "prize", "x"),
        ("entity", "jane-smith", "x"),
        ("entity", "smith-new", ""),
        ("entity", "!!!", ""),
        ("title", "!!!", ""),
    ],
)
def test_a_word_in_a_field(press: Store, field: FieldName, word: str, expected: str) -> None:
    assert ids(press, Field(field, Text(word))) == set(expected.split())


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (Field("author", Phrase("ann lee jones")), "x"),
        (Field("author", Phrase("ann jones")), ""),
        (Field("author", Phrase("ann jones", 1)), "x"),
        (Field("author", Phrase("jones lee", 2)), "x"),
        (Field("author", Phrase("bob jones", 1)), "y"),
        (Field("author", Phrase("jones bob", 1)), "x"),
        (Field("label", Phrase("line oil")), ""),
        (Field("label", Phrase("line oil", 1)), "x"),
        (Field("entity", Phrase("smith york", 20)), ""),
        (Field("person", Prefix("smi")), "x y"),
        (Field("person", Prefix("jane-smi")), "x y"),
        (Field("person", Prefix("jane-d")), "y"),
        (Field("person", Prefix("nat")), ""),
        (Field("source", Prefix("kyiv")), "x"),
        (Field("section", Prefix("spo")), "z"),
        (Field("label", Prefix("pric")), "x"),
        (Field("language", Prefix("e")), "x y"),
        (Field("entity", Prefix("yor")), "x y"),
        (Field("person", Fuzzy("smtih")), "x y"),
        (Field("place", Fuzzy("kurks")), "y"),
        (Field("entity", Fuzzy("nobell")), "x"),
        (Field("organisation", Fuzzy("anto")), ""),
        (Field("person", Prefix("!!")), ""),
        (And((Field("person", Text("smith")), Field("source", Text("bbc")))), "y"),
        (And((Field("person", Text("smith")), Not(Field("place", Text("kursk"))))), "x"),
        (Or((Field("section", Text("sport")), Field("label", Text("oil")))), "x z"),
        (And((Field("organisation", Text("nato")), Not(Field("person", Prefix("ja"))))), "z"),
        (And((Field("author", Text("!!!")), Field("section", Text("sport")))), "z"),
        (Named("organisation:nato"), "x z"),
        (Named("place:kursk"), "y"),
        (Named("place:Kursk"), ""),
        (Named("kursk"), ""),
        (Named("\ud800"), ""),
        (Named("\u00e9" * 20_000), ""),
        (And((Named("organisation:nato"), Named("person:jane smith"))), "x"),
        (Or((Text("nothing"), Named("place:kursk"))), "y z"),
        (And((Range(NOON + 40, None), Not(Named("organisation:nato")))), "y"),
        (Range(NOON + 40, NOON + 60), "x y"),
        (Range(NOON + 41, None), "y z"),
        (And((Range(NOON + 40, None), Range(None, NOON + 50))), "x"),
        (And((Range(NOON + 40, None), Not(Range(NOON + 50, NOON + 60)))), "x z"),
        (And((Range(NOON + 41, None), Or((Range(None, NOON + 51), Range(NOON + 70, None))))), "y"),
        (Range(NOON + 60, NOON + 60), ""),
        (Range(NOON + 60, NOON + 40), ""),
    ],
)
def test_fields_names_and_times(press: Store, query: Query, expected: str) -> None:
    assert ids(press, query) == set(expected.split())


def test_before_a_moment_is_without_it(press: Store) -> None:
    assert ids(press, Range(None, NOON + 30), "text") == {"troops", "trooper"}
    assert ids(press, Not(Range(None, NOON + 30)), "text") == {"troupe"}


def test_what_was_found_by_an_old_version_is_not_found_any_more(store: Store) -> None:
    filled(store, article("a", "storm", section="World", entities=entities("person:jane")))
    filled(store, article("a", "calm", section="Sport", entities=entities("person:john")))
    for query in (Prefix("sto"), Fuzzy("storn"), Field("section", Text("world")), Named("person:jane")):
        assert found(store, query) == set()
    for query in (Prefix("cal"), Fuzzy("cslm"), Field("section", Text("sport")), Named("person:john")):
        assert found(store, query) == {"a"}


@pytest.mark.parametrize("query", [Prefix("troop"), Fuzzy("troops"), Field("title", Prefix("troo"))])
def test_prefixes_and_fuzzy_words_score_alike_for_all(press: Store, query: Query) -> None:
    hits = press.search(Request(Selection(query), sort="relevance")).hits
    assert {hit.score for hit in hits} == {1.0}


@pytest.mark.parametrize("limit", [Range(NOON, None), Range(None, NOON + 100)])
def test_a_range_does_not_change_scores(press: Store, limit: Range) -> None:
    plain = press.search(Request(Selection(Text("army")), sort="relevance")).hits
    within = press.search(Request(Selection(And((Text("army"), limit))), sort="relevance")).hits
    assert [(hit.article.id, hit.score) for hit in within] == [(hit.article.id, hit.score) for hit in plain]


LEAVES: list[Leaf] = [
    leaf
    for text in (
        "",
        " ",
        "\x00",
        "\ud800",
        "*",
        "[1 TO 2]",
        "a.*|b",
        "(",
        "\\",
        '"',
        "\U0001f600",
        "\u0301",
        "a" * 9_999,
    )
    for leaf in (Text(text), Phrase(text), Phrase(text, 3), Prefix(text), Fuzzy(text))
]


@pytest.mark.parametrize("leaf", LEAVES, ids=repr)
def test_no_leaf_is_an_error_anywhere(press: Store, leaf: Leaf) -> None:
    for name in get_args(FieldName):
        press.count(Selection(Or((Field(name, leaf), And((All(), Not(leaf)))))))


@settings(max_examples=40, deadline=None)
@given(text=st.text(min_size=1), slop=st.integers(0, 20), name=st.sampled_from(get_args(FieldName)))
def test_no_text_whatever_is_an_error_in_a_leaf(press: Store, text: str, slop: int, name: FieldName) -> None:
    leaves = (Phrase(f"{text} {text}", slop), Prefix(text), Fuzzy(text), Named(text))
    press.count(Selection(Or((*leaves, Field(name, Prefix(text)), Field(name, Phrase(text, slop))))))


def test_the_articles_of_a_story_are_found_by_its_exact_id(store: Store) -> None:
    url = "https://x.org/a?b=(1)"
    filled(
        store,
        article("a", "Kursk", story="a", grouped="a"),
        article("b", "Kursk", story="a", grouped="b"),
        article(url, story=url, grouped=url),
        article("c", "Kursk"),
    )
    assert found(store, InStory("a")) == {"a", "b"}
    assert found(store, InStory(url)) == {url}
    assert found(store, InStory("A")) == found(store, InStory("\ud800")) == set()
    assert found(store, And((Text("kursk"), Not(InStory("a"))))) == {"c"}
    assert found(store, Text("kursk"), filters={"story": ("a", url)}) == {"a", "b"}
