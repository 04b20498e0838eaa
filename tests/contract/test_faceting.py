from collections import Counter
from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.query.ast import Text
from indexer.store.port import Facet, FacetField, FilterField, Request, Selection, Store
from tests.contract.factories import article, entities, filled

Counts = list[tuple[str, int]]


def facet(store: Store, field: FacetField, size: int, selection: Selection | None = None) -> Facet:
    return store.search(Request(selection or Selection(), size=1, facets={field: size})).facets[field]


def counts(one: Facet) -> Counts:
    return [(value.value, value.count) for value in one.values]


@pytest.fixture
def sections(store: Store) -> Store:
    amounts = {"World": 5, "Sport": 3, "Arts": 3, "Zoo": 3, "Éire": 3, "apple": 1}
    articles = [
        article(f"{name}-{n}", "Even" if n % 2 else "Odd", section=name)
        for name in amounts
        for n in range(amounts[name])
    ]
    return filled(store, *articles, article("none"))


def test_values_come_by_count_then_by_code_points(sections: Store) -> None:
    everything = [("World", 5), ("Arts", 3), ("Sport", 3), ("Zoo", 3), ("Éire", 3), ("apple", 1)]
    for size in range(8):
        one = facet(sections, "section", size)
        assert counts(one) == everything[:size]
        assert one.more == (size < len(everything))
        assert not any(value.selected for value in one.values)


def test_a_facet_counts_the_selection_only(sections: Store) -> None:
    even = facet(sections, "section", 3, Selection(Text("even")))
    assert (counts(even), even.more) == ([("World", 2), ("Arts", 1), ("Sport", 1)], True)
    nothing = facet(sections, "section", 3, Selection(Text("nothing")))
    assert (counts(nothing), nothing.more) == ([], False)
    assert counts(facet(sections, "language", 3)) == []


def test_choosing_a_value_keeps_the_counts_of_the_others(sections: Store) -> None:
    selection = Selection(filters={"section": ("Sport", "apple")})
    one = facet(sections, "section", 4, selection)
    assert counts(one) == [("Sport", 3), ("apple", 1), ("World", 5), ("Arts", 3)]
    assert [value.selected for value in one.values] == [True, True, False, False]
    assert one.more
    assert sections.count(selection) == 4


@pytest.mark.parametrize("size", [0, 1, 2])
def test_chosen_values_are_listed_even_if_they_are_more_than_wanted(sections: Store, size: int) -> None:
    one = facet(sections, "section", size, Selection(Text("even"), {"section": ("Nowhere", "apple", "Zoo")}))
    assert counts(one) == [("Zoo", 1), ("Nowhere", 0), ("apple", 0)]
    assert one.more


def test_all_values_chosen_leaves_no_more(sections: Store) -> None:
    names = ("World", "Arts", "Sport", "Zoo", "Éire", "apple")
    assert not facet(sections, "section", 3, Selection(filters={"section": names})).more


def test_filters_on_other_fields_count(store: Store) -> None:
    filled(
        store,
        article("a", section="World", source="x"),
        article("b", section="World", source="y"),
        article("c", section="Sport", source="y"),
    )
    selection = Selection(filters={"section": ("World",), "source": ("y",)})
    response = store.search(Request(selection, facets={"source": 5, "section": 5, "language": 5}))
    assert response.total == 1
    assert list(response.facets) == ["source", "section", "language"]
    assert counts(response.facets["section"]) == [("World", 1), ("Sport", 1)]
    assert counts(response.facets["source"]) == [("y", 1), ("x", 1)]


@pytest.fixture
def named(store: Store) -> Store:
    return filled(
        store,
        article("1", entities=entities("person:jane", "place:kursk", "organisation:isw")),
        article("2", entities=entities("person:jane", "place:gaza")),
        article("3", entities=entities("person:joe", "place:gaza", "other:g7")),
        article("4"),
    )


def test_entities_are_counted_once_an_article_and_by_type(named: Store) -> None:
    assert counts(facet(named, "person", 5)) == [("person:jane", 2), ("person:joe", 1)]
    assert counts(facet(named, "organisation", 5)) == [("organisation:isw", 1)]
    assert counts(facet(named, "place", 1)) == [("place:gaza", 2)]
    assert counts(facet(named, "other", 5)) == [("other:g7", 1)]
    assert counts(facet(named, "entity", 2)) == [("person:jane", 2), ("place:gaza", 2)]


def test_entity_facets_of_every_type_ignore_the_entity_filter(named: Store) -> None:
    selection = Selection(filters={"entity": ("place:kursk",)})
    response = named.search(Request(selection, facets={"entity": 3, "person": 2, "place": 2}))
    assert response.total == 1
    assert counts(response.facets["entity"]) == [("place:kursk", 1), ("person:jane", 2), ("place:gaza", 2)]
    assert counts(response.facets["person"]) == [("person:jane", 2), ("person:joe", 1)]
    assert counts(response.facets["place"]) == [("place:kursk", 1), ("place:gaza", 2)]
    assert [value.selected for value in response.facets["place"].values] == [True, False]


def test_a_chosen_entity_is_chosen_in_the_facet_of_the_type_that_it_was_given(store: Store) -> None:
    (jane,) = entities("person:jane")
    filled(store, article("1", entities=(replace(jane, type="other"),)), article("2", entities=entities("other:g7")))
    selection = Selection(filters={"entity": ("person:jane",)})
    found = store.search(Request(selection, facets={"other": 2, "place": 2, "organisation": 1})).facets
    assert counts(found["other"]) == [("person:jane", 1), ("other:g7", 1)]
    assert [value.selected for value in found["other"].values] == [True, False]
    assert found["place"].values == found["organisation"].values == ()


def test_an_edit_or_a_deletion_moves_the_counts(named: Store) -> None:
    named.write([article("1", entities=entities("person:joe"))])
    named.delete(["2"])
    named.refresh()
    assert counts(facet(named, "person", 5)) == [("person:joe", 2)]
    assert counts(facet(named, "place", 5)) == [("place:gaza", 1)]


def test_many_values_with_equal_counts_are_cut_by_code_point(store: Store) -> None:
    ids = [f"person:{number:05}" for number in range(5_000)]
    filled(
        store, *(article(f"a{start}", entities=entities(*ids[start : start + 500])) for start in range(0, 5_000, 500))
    )
    filled(store, article("b", entities=entities("person:04999", "person:03000")))
    one = facet(store, "person", 4)
    assert counts(one) == [("person:03000", 2), ("person:04999", 2), ("person:00000", 1), ("person:00001", 1)]
    assert one.more


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.lists(st.text("abé日\U0001f600", min_size=1, max_size=2), max_size=40),
    chosen=st.lists(st.text("abé日", min_size=1, max_size=2), max_size=3),
    size=st.integers(0, 6),
)
def test_facets_are_what_counting_says(store: Store, values: list[str], chosen: list[str], size: int) -> None:
    """In two batches, so that they stand in several segments."""
    run = uuid4().hex
    articles = [article(f"{run}-{n}", source=run, section=value) for n, value in enumerate(values)]
    filled(store, *articles[::2])
    filled(store, *articles[1::2])
    filters: dict[FilterField, tuple[str, ...]] = {"source": (run,), "section": tuple(chosen)}
    one = facet(store, "section", size, Selection(filters=filters))
    tally = Counter(values)
    picked = sorted(set(chosen), key=lambda value: (-tally[value], value))
    others = sorted(set(tally) - set(chosen), key=lambda value: (-tally[value], value))
    room = max(0, size - len(picked))
    assert counts(one) == [(value, tally[value]) for value in picked + others[:room]]
    assert one.more == (len(others) > room)
