from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.errors import UnknownField
from indexer.query.ast import All, And, Not, Or, Phrase, Query, Text
from indexer.store.port import DEEPEST_RELEVANCE, Request, Response, Selection, Store
from tests.contract.factories import NOON, article, entities, filled, found

A, B, C = Text("alpha"), Text("beta"), Text("gamma")


def test_nothing_has_a_value_that_is_too_long_to_be_stored(shared_store: Store) -> None:
    selection = Selection(filters={"section": ("é" * 20_000,)})
    response = shared_store.search(Request(selection, facets={"section": 1}))
    assert (response.total, [value.count for value in response.facets["section"].values]) == (0, [0])


@pytest.fixture(scope="module")
def greek(shared_store: Store) -> Store:
    return filled(
        shared_store,
        article("a", "alpha"),
        article("ab", "alpha", summary="beta"),
        article("abc", "alpha", summary="beta", body="gamma delta"),
        article("c", "gamma beta alpha is a phrase", body="delta gamma"),
    )


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        (All(), "a ab abc c"),
        (A, "a ab abc c"),
        (Text("nothing"), ""),
        (And((A, B)), "ab abc c"),
        (And((A, C, B)), "abc c"),
        (Or((Text("nothing"), B)), "ab abc c"),
        (Not(B), "a"),
        (Not(Not(B)), "ab abc c"),
        (And((A, Not(B))), "a"),
        (And((Not(B), Not(Text("nothing")))), "a"),
        (Or((C, Not(B))), "a abc c"),
        (Not(Or((B, C))), "a"),
        (Not(And((A, B))), "a"),
        (And((Or((B, C)), Not(Phrase("gamma delta")))), "ab c"),
        (Phrase("gamma delta"), "abc"),
        (Phrase("delta gamma"), "c"),
        (Phrase("gamma beta alpha"), "c"),
        (Phrase("gamma alpha"), ""),
        (Phrase("alpha"), "a ab abc c"),
        (Phrase("alpha beta"), ""),
        (Text("gamma-delta"), "abc"),
        (Not(All()), ""),
    ],
)
def test_queries(greek: Store, query: Query, ids: str) -> None:
    assert found(greek, query) == set(ids.split())


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        (Text("!!!"), ""),
        (Phrase("... ---"), ""),
        (Not(Text("!!!")), ""),
        (And((Text("!!!"), Text("?"))), ""),
        (Or((Text("!!!"), Text("?"))), ""),
        (And((Text("!!!"), B)), "ab abc c"),
        (Or((Text("!!!"), B)), "ab abc c"),
        (And((B, Not(Text("!!!")))), "ab abc c"),
        (And((Text("!!!"), Not(B))), "a"),
    ],
)
def test_a_word_without_tokens_is_left_out_wherever_it_stands(greek: Store, query: Query, ids: str) -> None:
    assert found(greek, query) == set(ids.split())


@pytest.mark.parametrize(
    "word", ["", " ", "\x00", "\ud800", "*", "a*", "title:x", "[1 TO 2]", "~", "\\", '"', "a" * 9_999]
)
def test_no_word_is_an_error(greek: Store, word: str) -> None:
    for query in (Text(word), Phrase(word), Not(Text(word)), And((Text(word), A)), Or((A, Phrase(word)))):
        assert found(greek, query) <= {"a", "ab", "abc", "c"}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(word=st.text(min_size=1))
def test_no_text_whatever_is_an_error(greek: Store, word: str) -> None:
    greek.search(Request(Selection(And((Text(word), Phrase(word)))), sort="relevance"))


def test_a_word_in_the_title_weighs_more(store: Store) -> None:
    filled(
        store,
        article("body", "other words", body="storm hits"),
        article("summary", "other words", summary="storm hits"),
        article("title", "storm hits", body="other words"),
    )
    response = store.search(Request(Selection(Text("storm")), sort="relevance"))
    (title, *others) = [hit.score or 0.0 for hit in response.hits]
    assert response.hits[0].article.id == "title"
    assert title > others[0] == pytest.approx(others[1])
    assert others[1] > 0


def test_filters_and_spans_do_not_change_scores(store: Store) -> None:
    filled(store, article("a", "storm", section="World"), article("b", "storm storm surge", section="World"))
    plain = store.search(Request(Selection(Text("storm")), sort="relevance"))
    limited = Selection(Text("storm"), {"section": ("World",)}, NOON, NOON + 1)
    assert store.search(Request(limited, sort="relevance")).hits == plain.hits


def test_hits_by_time_have_no_score(greek: Store) -> None:
    for sort in ("newest", "oldest"):
        assert {hit.score for hit in greek.search(Request(Selection(A), sort=sort)).hits} == {None}


def test_relevance_is_paged_by_offset(greek: Store) -> None:
    def page(offset: int, size: int) -> list[str]:
        response = greek.search(Request(Selection(A), sort="relevance", offset=offset, size=size))
        assert response.total == 4
        return [hit.article.id for hit in response.hits]

    assert page(0, 2) + page(2, 2) == page(0, 4)
    assert page(3, 5) == page(0, 4)[3:]
    assert page(4, 5) == page(DEEPEST_RELEVANCE, 10) == page(0, 0) == []


def test_filters_are_exact_any_value_of_a_field_and_all_fields(store: Store) -> None:
    filled(
        store,
        article("a", section="World", source="x.org", language="en", entities=entities("place:kursk", "person:jane")),
        article("b", section="World News", source="x.org", language="de", entities=entities("place:kursk")),
        article("c", section="Sport", source="y.org"),
        article("d"),
    )

    def filtered(**filters: tuple[str, ...]) -> set[str]:
        return found(store, All(), filters=filters)

    assert filtered(section=("World",)) == {"a"}
    assert filtered(section=("world",)) == set()
    assert filtered(section=("World", "Sport")) == {"a", "c"}
    assert filtered(section=("World", "World News"), language=("de", "fr")) == {"b"}
    assert filtered(entity=("place:kursk",)) == {"a", "b"}
    assert filtered(entity=("person:jane", "place:gaza")) == {"a"}
    assert filtered(source=("\ud800", "nowhere")) == set()
    assert filtered(section=()) == {"a", "b", "c", "d"}


def test_spans_are_half_open(store: Store) -> None:
    filled(store, *(article(f"{at}", at=at) for at in range(5)))
    assert found(store, All(), start=NOON + 1, end=NOON + 3) == {"1", "2"}
    assert found(store, All(), start=NOON + 3) == {"3", "4"}
    assert found(store, All(), end=NOON + 1) == {"0"}
    assert found(store, All(), start=NOON + 2, end=NOON + 2) == set()
    assert found(store, All(), start=NOON + 3, end=NOON + 1) == set()


def test_a_histogram_counts_between_its_edges(store: Store) -> None:
    filled(store, *(article(f"{at}", "even" if at % 2 == 0 else "odd", at=at) for at in range(10)))
    edges = [NOON - 5, NOON, NOON + 1, NOON + 5, NOON + 9, NOON + 50]
    assert store.histogram(Selection(), edges) == [0, 1, 4, 4, 1]
    assert store.histogram(Selection(Text("odd"), start=NOON + 2), edges) == [0, 0, 1, 2, 1]
    assert store.histogram(Selection(), edges[:1]) == store.histogram(Selection(), []) == []


def test_a_histogram_has_any_number_of_edges_and_any_time(store: Store) -> None:
    year_1000, year_9999 = -30_610_224_000_000, 253_402_300_799_999
    filled(store, article("old", ranked_at=year_1000), article("now", at=1), article("far", ranked_at=year_9999))
    edges = [year_1000, *range(NOON, NOON + 12_000), year_9999, year_9999 + 1]
    counts = store.histogram(Selection(), edges)
    assert (len(counts), sum(counts), counts[0], counts[2], counts[-1]) == (len(edges) - 1, 3, 1, 1, 1)


def test_an_empty_store_answers(store: Store) -> None:
    assert store.search(Request()) == Response((), 0)
    facets = store.search(Request(Selection(A), sort="relevance", facets={"section": 3})).facets
    assert [(facet.values, facet.more) for facet in facets.values()] == [((), False)]
    assert store.count(Selection()) == 0
    assert store.histogram(Selection(), [0, 1, 2]) == [0, 0]


def test_an_unknown_field_is_an_error_of_its_own(store: Store) -> None:
    with pytest.raises(UnknownField, match="colour"):
        store.search(Request(Selection(filters={"colour": ("red",)})))  # type: ignore[dict-item]
    with pytest.raises(UnknownField, match="body"):
        store.search(Request(facets={"body": 3}))  # type: ignore[dict-item]
    with pytest.raises(UnknownField, match="title"):
        store.count(Selection(filters={"title": ("x",)}))  # type: ignore[dict-item]


def test_the_newest_arrival_is_that_of_what_can_be_found(store: Store) -> None:
    assert store.newest_arrival() is None
    filled(store, article("a", at=5), article("b", at=3), replace(article("c", at=-9), seen_at=NOON + 1))
    assert store.newest_arrival() == NOON + 5
    filled(store, replace(article("late", at=-10), seen_at=NOON + 1_234_567))
    assert store.newest_arrival() == NOON + 1_234_567
    store.delete(["late", "a"])
    store.refresh()
    assert store.newest_arrival() == NOON + 3
    store.rebuild()
    assert store.newest_arrival() == NOON + 3
