from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp import gazetteer
from nlp.lines import lines_of
from nlp.mention import Mention, Text
from nlp.resolve import resolve
from nlp.spans import TYPES, Found


def mentions(text: Text, **labels: str) -> dict[str, Mention]:
    """The mentions of a text in which a model reports every occurrence of names; spaces are written as _."""
    reported = {name.replace("_", " "): label for name, label in labels.items()}
    lines = lines_of(text)
    found = [
        [
            Found(start, start + len(name), label)
            for name, label in reported.items()
            for start in _starts(line.text, name)
        ]
        for line in lines
    ]
    return {mention.key: mention for mention in resolve(lines, found, gazetteer.load())}


def _starts(line: str, name: str) -> list[int]:
    return [place for place in range(len(line)) if line.startswith(name, place)]


def test_a_surname_is_the_person_named_in_full_wherever_that_stands() -> None:
    text = Text("Trump wins", "", "Donald Trump won.\nTrump\u2019s party cheered, Donald smiled. President Trump left.")
    found = mentions(text, Donald_Trump="PERSON", Trump="ORG", Donald="PERSON", President_Trump="PERSON")
    assert found["donald trump"] == Mention(
        "donald trump", "person", 5, "title", 0, ("Trump", "Donald Trump", "Donald"), None
    )
    assert set(found) == {"donald trump"}


def test_of_two_bearers_of_a_surname_the_last_one_named_counts() -> None:
    text = Text("", "", "Bill Clinton spoke. Clinton sat down. Hillary Clinton spoke. Clinton sat down.")
    found = mentions(text, Bill_Clinton="PERSON", Hillary_Clinton="PERSON", Clinton="PERSON")
    assert {key: mention.count for key, mention in found.items()} == {"bill clinton": 2, "hillary clinton": 2}


def test_the_first_of_two_surnames_is_the_person_too_and_a_nickname_is_no_part_of_the_name() -> None:
    text = Text("", "", 'Tom\u00e1s Ibarra Ruiz denied it. Ibarra left. Benjamin "Bibi" Netanyahu stayed.')
    found = mentions(text, Tomás_Ibarra_Ruiz="PERSON", Ibarra="PERSON", **{'Benjamin_"Bibi"_Netanyahu': "PERSON"})
    assert {key: one.count for key, one in found.items()} == {"tomas ibarra ruiz": 2, "benjamin netanyahu": 1}


def test_a_place_that_is_a_forename_is_one_before_a_person() -> None:
    found = mentions(Text("Israel Adesanya to fight in Perth", "", ""), Israel="GPE", Adesanya="PERSON", Perth="GPE")
    assert {key: one.type for key, one in found.items()} == {"israel adesanya": "person", "perth": "place"}
    found = mentions(Text("Israel, Adesanya and Austria", "", ""), Israel="GPE", Adesanya="PERSON", Austria="GPE")
    assert set(found) == {"israel", "adesanya", "austria"}


def test_a_place_is_no_surname() -> None:
    found = mentions(Text("", "", "Jack London was born far from London."), Jack_London="PERSON", London="GPE")
    assert {key: mention.type for key, mention in found.items()} == {"jack london": "person", "london": "place"}


def test_an_abbreviation_counts_for_the_name_that_the_text_gives_it() -> None:
    text = Text("", "", "The Institute for the Study of War (ISW) is worried.\nISW said so, said ISW.")
    found = mentions(text, War="ORG", ISW="ORG")
    assert found["institute for the study of war"] == Mention(
        "institute for the study of war", "organisation", 4, "body", 4, ("ISW", "Institute for the Study of War"), "ISW"
    )
    assert set(found) == {"institute for the study of war"}


def test_of_names_that_overlap_the_longest_counts() -> None:
    text = Text("", "", "The New York Times and Jackson New York said so.")
    found = mentions(text, New_York="GPE", New_York_Times="ORG", Jackson_New="PERSON")
    assert {key: mention.count for key, mention in found.items()} == {"new york times": 1, "jackson new": 1}


def test_a_definition_in_which_nothing_is_a_name_is_none() -> None:
    assert mentions(Text("", "", "Confidential Computing Things (CCT) help.")) == {}


@pytest.mark.parametrize(
    ("title", "summary", "reported", "expected"),
    [
        (
            "Court and Panel Accuse Israel of War Crimes in Gaza Displacement",
            "They accuse Israel of war crimes and of the displacement of people.",
            {"Israel_of_War_Crimes": "ORG", "Gaza_Displacement": "PERSON"},
            {"israel": 2, "gaza": 1},
        ),
        (
            "OECD Reports Record Immigration Levels",
            "The OECD reports that immigration reached record levels.",
            {"OECD_Reports_Record_Immigration_Levels": "ORG", "The_OECD": "ORG"},
            {"oecd": 2},
        ),
        (
            "Implications of the North Korean Troop Deployment",
            "The deployment of North Korean troops goes on.",
            {"North_Korean_Troop": "ORG"},
            {"north korean": 2},
        ),
        (
            "Supreme Court Hears Apple",
            "The court is supreme, but Apple is not.",
            {"Supreme_Court": "ORG", "Apple": "ORG"},
            {"apple": 2},
        ),
        (
            "Supreme Court Hears Apple",
            "The court heard a lawyer of Apple at length.",
            {"Supreme_Court": "ORG", "Apple": "ORG"},
            {"supreme court": 1, "apple": 2},
        ),
        (
            "Actor Burt Young Dead At 83",
            "Burt Young has died.",
            {"Burt_Young": "PERSON", "Burt_Young_Dead": "PERSON"},
            {"burt young": 2},
        ),
        ("Bread Pitt Buys Bakery", "", {"Bread_Pitt": "PERSON"}, {"bread pitt": 1}),
    ],
)
def test_prose_corrects_headlines(title: str, summary: str, reported: dict[str, str], expected: dict[str, int]) -> None:
    found = mentions(Text(title, summary, ""), **reported)
    assert {key: mention.count for key, mention in found.items()} == expected


def test_a_name_known_from_one_place_is_counted_everywhere() -> None:
    text = Text("Hamas Says No", "", "Talks with Hamas failed.")
    lines = lines_of(text)
    found = resolve(lines, [[], [Found(11, 16, "ORG")]], gazetteer.load())
    assert [(mention.key, mention.count, mention.part, mention.offset) for mention in found] == [
        ("hamas", 2, "title", 0)
    ]


def test_the_gazetteer_puts_places_right() -> None:
    found = mentions(Text("", "", "Troops in Kursk wait; Jordan scores."), Kursk="PRODUCT", Jordan="PERSON")
    assert {key: mention.type for key, mention in found.items()} == {"kursk": "place", "jordan": "person"}


def test_words_that_never_are_names_are_none() -> None:
    text = Text("", "", "On Monday He met AI in May, and \u201cThe Guardian's\u201d man.")
    found = mentions(text, Monday="EVENT", He="PERSON", AI="ORG", May="PERSON", The_Guardian="ORG", man="PERSON")
    assert {key: mention.surfaces for key, mention in found.items()} == {"guardian": ("Guardian",)}


def test_of_a_name_with_a_prefix_the_name_counts() -> None:
    found = mentions(Text("", "", "A pro-Kurdish, anti-social party"), **{"pro-Kurdish": "NORP", "anti-social": "NORP"})
    assert {key: mention.offset for key, mention in found.items()} == {"kurdish": 6}


def test_labels_that_are_no_entities_are_left_out() -> None:
    assert mentions(Text("", "", "Shown on Friday in Quux"), Friday="DATE", Quux="WORK_OF_ART") == {}


_WORDS = st.sampled_from(
    ["Anna", "Berg", "Kursk", "Anna Berg", "(AB)", "of", "war", "Institute", "\n", "US", "the", "."]
)


@given(st.lists(_WORDS, max_size=25).map(" ".join), st.data())
def test_mentions_are_facts_about_the_text(body: str, data: st.DataObject) -> None:
    lines = lines_of(Text("", "", body))
    found = [data.draw(st.lists(_reports(len(line.text)), max_size=4)) for line in lines]
    mentions = resolve(lines, found, gazetteer.load())
    assert max(Counter(mention.key for mention in mentions).values(), default=1) == 1
    for mention in mentions:
        assert mention.count >= len(mention.surfaces) >= 1
        assert "\n" not in "".join(mention.surfaces)
        assert any(body.startswith(surface, mention.offset) for surface in mention.surfaces)
    assert sorted(mention.offset for mention in mentions) == [mention.offset for mention in mentions]


def _reports(length: int) -> st.SearchStrategy[Found]:
    ends = st.tuples(st.integers(0, length), st.integers(0, length), st.sampled_from([*TYPES, "DATE"]))
    return ends.map(lambda drawn: Found(min(drawn[:2]), max(drawn[:2]), drawn[2]))


def test_a_full_name_whose_surname_speaks_is_a_person() -> None:
    text = Text("", "", "Florence Adeyemi fell once. Adeyemi trains in Leeds.")
    found = mentions(text, Florence_Adeyemi="GPE", Leeds="GPE")
    assert (found["florence adeyemi"].type, found["florence adeyemi"].count) == ("person", 2)


def test_initials_and_double_surnames_belong_to_the_name() -> None:
    text = Text("", "", "Michael B. Jordan met Jean-Luc Mbeki-Tandu there.")
    assert set(mentions(text, Jordan="PERSON", **{"Jean-Luc_Mbeki": "PERSON"})) == {
        "michael b. jordan", "jean-luc mbeki-tandu",
    }  # fmt: skip


def test_a_word_in_title_case_that_the_prose_does_not_name_is_no_name() -> None:
    text = Text("Polish Your Shoes", "", "A careers adviser explains what counts.")
    assert mentions(text, Polish="NORP") == {}
    text = Text("Visa Rules Eased", "", "Nurses need no job offer before they travel.")
    assert mentions(text, Visa="ORG") == {}
    text = Text("Polish Voters Return", "", "The second round is close.")
    assert set(mentions(text, Polish="NORP")) == {"polish"}
