import time
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Entity
from indexer.catalogue.catalogue import Catalogue, Entry
from nlp.keys import fold, slug
from nlp.mention import EntityType, Mention, Part

CATALOGUE = Catalogue.load()


def mention(surface: str, kind: EntityType = "place", count: int = 1, part: Part = "title", offset: int = 0) -> Mention:
    return Mention(fold(surface), kind, count, part, offset, (surface,))


def ids(mentions: Sequence[Mention]) -> list[str]:
    return [entity.id for entity in CATALOGUE.project(mentions)]


def test_every_entry_has_an_id_of_its_type_and_name_that_reads_as_ascii() -> None:
    for entry in CATALOGUE:
        assert entry.id == f"{entry.type}:{slug(entry.name)}"
        assert entry.id.isascii()
        assert all(CATALOGUE.lookup(surface) is entry for surface in entry.surfaces)
        assert entry.type in {"person", "organisation", "place"}


@pytest.mark.parametrize(
    ("forms", "name"),
    [
        (["US", "U.S.", "USA", "the United States", "America", "Americans"], "United States"),
        (["UK", "Britain", "British", "Great Britain's"], "United Kingdom"),
        (["Russian", "Russians", "Russian Federation", "RUSSIA"], "Russia"),
        (["DPRK", "North Korean"], "North Korea"),
        (["Gaza Strip", "Gazans"], "Gaza"),
        (["Palestinians"], "Palestine"),
        (["UN", "U.N.", "the United Nations"], "United Nations"),
        (["ISW"], "Institute for the Study of War"),
        (["HRW"], "Human Rights Watch"),
        (["OECD"], "Organisation for Economic Co-operation and Development"),
        (["Trump", "Donald J. Trump"], "Donald Trump"),
        (["Zelenskyy"], "Volodymyr Zelensky"),
    ],
)
def test_forms_of_one_name(forms: list[str], name: str) -> None:
    assert {entry.name if (entry := CATALOGUE.lookup(form)) else form for form in forms} == {name}


def test_what_it_does_not_know() -> None:
    assert CATALOGUE.lookup("Jane Doe") is None


def test_two_forms_of_one_entity_are_added_up() -> None:
    mentions = [mention("Russian", "other", 2, "body", 7), mention("Russia", count=3), mention("Kursk", count=4)]
    assert CATALOGUE.project(mentions) == (
        Entity("place:russia", "Russia", "place", 5),
        Entity("place:kursk", "Kursk", "place", 4),
    )


def test_the_order_is_by_count_then_first_occurrence() -> None:
    mentions = [
        mention("Oslo", part="body", offset=1),
        mention("Riga", part="title", offset=9),
        mention("Bern", part="summary", offset=0),
        mention("Bonn", count=2, part="body", offset=99),
    ]
    assert ids(mentions) == ["place:bonn", "place:riga", "place:bern", "place:oslo"]


def test_a_discovered_name_is_its_type_and_slug() -> None:
    found = Mention("jane doe", "person", 4, "title", 0, ("DOE", "JANE DOE", "Jane Doe", "Doe"))
    body = Mention("grow more trees", "organisation", 2, "body", 0, ("GMT", "Grow More Trees"), "GMT")
    assert CATALOGUE.project([found, body]) == (
        Entity("person:jane-doe", "Jane Doe", "person", 4),
        Entity("organisation:grow-more-trees", "Grow More Trees", "organisation", 2, "GMT"),
    )


def test_names_that_have_only_capitals_or_no_latin_letters() -> None:
    assert CATALOGUE.project([mention("QXZ", "organisation")])[0].name == "QXZ"
    assert ids([mention("東京都庁", "organisation")]) == ["organisation:東京都庁"]
    assert ids([mention("习近平", "person")]) == ["person:xi-jinping"]


def test_a_person_of_that_name_is_not_the_country() -> None:
    assert ids([mention("Jordan", "person")]) == ["person:jordan"]
    assert ids([mention("Wagner", "person")]) == ["person:wagner"]
    assert ids([mention("Hamas", "person")]) == ["organisation:hamas"]
    assert ids([mention("Jordan", "place")]) == ["place:jordan"]
    assert ids([mention("Trump", "organisation")]) == ["person:donald-trump"]


@pytest.mark.parametrize(
    "entries",
    [
        [Entry("place:a", "A", "place"), Entry("place:a", "B", "place")],
        [Entry("place:a", "A", "place", aliases=("X",)), Entry("place:b", "B", "place", short="x")],
    ],
)
def test_contradicting_entries_are_refused(entries: list[Entry]) -> None:
    with pytest.raises(ValueError, match=r"twice|claimed"):
        Catalogue(entries)


_SURFACES = st.sampled_from(["US", "U.S.", "American", "Kursk", "Jane Doe", "!!!", "Jordan", "ISW", "Łódź"])
_KINDS: list[EntityType] = ["person", "organisation", "place", "other"]
_PARTS: list[Part] = ["title", "summary", "body"]
_MENTIONS = st.lists(
    st.builds(
        mention, _SURFACES, st.sampled_from(_KINDS), st.integers(1, 5), st.sampled_from(_PARTS), st.integers(0, 50)
    ),
    max_size=8,
    unique_by=lambda found: found.key,
)


@given(_MENTIONS)
def test_projection_keeps_every_occurrence_under_one_id_in_one_order(mentions: list[Mention]) -> None:
    entities = CATALOGUE.project(mentions)
    assert sum(entity.count for entity in entities) == sum(found.count for found in mentions)
    assert len({entity.id for entity in entities}) == len(entities)
    assert [entity.count for entity in entities] == sorted((entity.count for entity in entities), reverse=True)
    assert CATALOGUE.project(mentions[::-1]) == entities


def test_loading_is_quick() -> None:
    started = time.perf_counter()
    Catalogue.load()
    assert time.perf_counter() - started < 1
