import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.catalogue.catalogue import Catalogue, Entry, Identified
from nlp.keys import fold, slug
from nlp.mention import EntityType, Mention, Part

CATALOGUE = Catalogue.load()


_PEOPLE = {"Scottie Pippen", "Jeff Bezos", "Denzel Washington", "Donald Trump"}


def mention(surface: str, kind: EntityType = "place", count: int = 1, part: Part = "title", offset: int = 0) -> Mention:
    return Mention(fold(surface), kind, count, part, offset, (surface,))


def identified(*mentions: Mention) -> dict[str, str]:
    """The entities of one article by the keys of their mentions."""
    return {one.mention.key: one.entity.id for one in CATALOGUE.identify(mentions)}


def alone(surface: str, kind: EntityType = "place") -> str:
    return CATALOGUE.identify([mention(surface, kind)])[0].entity.id


def test_every_entry_has_an_id_of_its_type_and_one_of_its_names_that_reads_as_ascii() -> None:
    for entry in CATALOGUE:
        kind, _, rest = entry.id.partition(":")
        assert kind == entry.type
        assert entry.id.isascii()
        names = [slug(surface.replace("'", "")) for surface in entry.surfaces]
        assert any(rest == name or rest.startswith(f"{name}-") for name in names), entry.id


def test_every_form_leads_to_its_entry_or_to_a_choice_that_has_it() -> None:
    for entry in CATALOGUE:
        for surface in entry.surfaces:
            candidates = CATALOGUE.candidates(fold(surface))
            assert entry in [candidate.entry for candidate in candidates if candidate], (entry.id, surface)


def test_whatever_an_entry_belongs_to_is_an_entry() -> None:
    assert [(entry.id, one) for entry in CATALOGUE for one in entry.belongs_to if CATALOGUE.get(one) is None] == []


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
        (["OECD", "O.E.C.D."], "Organisation for Economic Co-operation and Development"),
        (["Trump", "Donald J. Trump"], "Donald Trump"),
        (["Zelenskyy"], "Volodymyr Zelensky"),
        (["Ben Gvir", "Ben-Gvir"], "Itamar Ben-Gvir"),
        (["Polish Parliament", "Poland's Parliament"], "Parliament of Poland"),
        (["Russia's Defense Ministry", "Russian Ministry of Defence"], "Russian Defence Ministry"),
        (["Banxico", "Banco de México"], "Bank of Mexico"),
        (["DFB", "German FA"], "German Football Association"),
        (["LaLiga", "Spain's La Liga"], "La Liga"),
    ],
)
def test_forms_of_one_name(forms: list[str], name: str) -> None:
    assert {entry.name if (entry := CATALOGUE.lookup(form)) else form for form in forms} == {name}


def test_what_it_does_not_know() -> None:
    assert CATALOGUE.lookup("Jane Doe") is None


def test_mentions_come_back_in_reading_order() -> None:
    mentions = [
        mention("Oslo", part="body", offset=1),
        mention("Riga", part="title", offset=9),
        mention("Bern", part="summary", offset=0),
    ]
    assert [one.mention.key for one in CATALOGUE.identify(mentions)] == ["riga", "bern", "oslo"]


def test_a_demonym_counts_for_its_country_as_such() -> None:
    russian, russia = CATALOGUE.identify([mention("Russian", "other"), mention("Russia", part="body")])
    assert (russian.entity.id, russian.demonym) == ("place:russia", True)
    assert (russia.entity.id, russia.demonym) == ("place:russia", False)


def test_a_seat_of_power_is_an_entity_of_its_own_related_to_its_country() -> None:
    for surface, country in (("Kremlin", "russia"), ("No 10", "united-kingdom"), ("the Élysée", "france")):
        [(_, entity, _)] = CATALOGUE.identify([mention(surface, "organisation")])
        assert entity.type == "organisation"
        assert entity.related == (f"place:{country}",)


def test_a_discovered_name_is_its_type_and_slug() -> None:
    found = Mention("jane doe", "person", 4, "title", 0, ("DOE", "JANE DOE", "Jane Doe", "Doe"))
    body = Mention("grow more trees", "organisation", 2, "body", 0, ("GMT", "Grow More Trees"), "GMT")
    assert CATALOGUE.identify([found, body]) == [
        Identified(found, Entry("person:jane-doe", "Jane Doe", "person"), demonym=False),
        Identified(
            body, Entry("organisation:grow-more-trees", "Grow More Trees", "organisation", "GMT"), demonym=False
        ),
    ]


@pytest.mark.parametrize(
    "form", ["Inc.", "Ltd", "PLC", "AG", "Co.", "Corp.", "LLC", "SA", "NV", "GmbH", "GmbH & Co. KG"]
)
def test_the_legal_form_of_a_company_is_no_part_of_its_name(form: str) -> None:
    assert alone(f"Brenner Spielwaren {form}", "organisation") == "organisation:brenner-spielwaren"
    assert alone(f"Boeing {form}", "organisation") == "organisation:boeing"


def test_names_that_have_only_capitals_or_no_latin_letters() -> None:
    assert CATALOGUE.identify([mention("QXZ", "organisation")])[0].entity.name == "QXZ"
    assert alone("東京都庁", "organisation") == "organisation:東京都庁"
    assert alone("习近平", "person") == "person:xi-jinping"


def test_a_person_of_that_name_is_not_the_town() -> None:
    assert alone("Florence", "person") == "person:florence"
    assert alone("Wagner", "person") == "person:wagner"
    assert alone("Hamas", "person") == "organisation:hamas"
    assert alone("Jordan", "person") == alone("Jordan", "place") == "place:jordan"
    assert alone("Trump", "organisation") == "person:donald-trump"


@pytest.mark.parametrize(
    ("name", "kind", "company", "entity"),
    [
        ("Georgia", "place", ["Tbilisi"], "place:georgia"),
        ("Georgia", "place", ["Savannah"], "place:georgia-us"),
        ("Georgia", "place", ["US"], "place:georgia"),
        ("Paris", "place", ["US", "Washington", "New York"], "place:paris"),
        ("Paris", "place", ["Lamar County", "Texas"], "place:paris-texas"),
        ("Cambridge", "place", ["Boston"], "place:cambridge-massachusetts"),
        ("Springfield, Oregon", "place", [], "place:springfield-oregon"),
        ("Jordan", "person", ["Chicago", "Scottie Pippen"], "person:michael-jordan"),
        ("Congo", "place", ["Kinshasa"], "place:democratic-republic-of-the-congo"),
        ("Congo", "place", ["Brazzaville"], "place:republic-of-the-congo"),
        ("America", "place", ["Columbus"], "place:america"),
        ("America", "place", [], "place:united-states"),
        ("Amazon", "place", ["Brazil"], "place:amazon"),
        ("Amazon", "organisation", ["Jeff Bezos"], "organisation:amazon"),
        ("Washington", "place", ["Denzel Washington"], "person:denzel-washington"),
        ("Harris", "person", ["Donald Trump"], "person:kamala-harris"),
        ("Harris", "person", ["Oslo"], "person:harris"),
    ],
)
def test_an_ambiguous_name_is_decided_by_its_type_and_its_company(
    name: str, kind: EntityType, company: list[str], entity: str
) -> None:
    others = [mention(other, "person" if other in _PEOPLE else "place", part="body") for other in company]
    assert identified(mention(name, kind), *others)[fold(name)] == entity


def test_a_place_knows_its_country_and_where_it_is() -> None:
    for surface, country in (("Kursk", "place:russia"), ("Bordeaux", "place:france"), ("Manaus", "place:brazil")):
        [(_, entity, _)] = CATALOGUE.identify([mention(surface)])
        assert entity.country == country
        assert entity.latitude is not None
        assert entity.longitude is not None


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


_SURFACES = st.sampled_from(
    ["US", "U.S.", "American", "Kursk", "Jane Doe", "!!!", "Jordan", "ISW", "Łódź", "Georgia", "Washington", "Savannah"]
)
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
def test_every_mention_is_one_entity_whatever_the_order_they_come_in(mentions: list[Mention]) -> None:
    identified = CATALOGUE.identify(mentions)
    assert sorted(one.mention.key for one in identified) == sorted(one.key for one in mentions)
    assert CATALOGUE.identify(mentions[::-1]) == identified


def test_loading_is_quick_and_leaves_the_towns_for_later() -> None:
    started = time.perf_counter()
    catalogue = Catalogue.load()
    assert time.perf_counter() - started < 1
    assert "_table" not in vars(catalogue._places)
