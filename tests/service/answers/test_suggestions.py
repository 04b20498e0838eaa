"""What is suggested to editors, out of articles written for it."""

from collections.abc import Callable, Iterable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.article import Article
from indexer.catalogue.catalogue import Catalogue
from indexer.catalogue.entry import Entry
from indexer.decisions.names import Names
from nlp.keys import fold
from nlp.mention import EntityType, Mention
from service.answers.duplicates import one_edit_apart
from service.answers.errors import UnknownId
from service.answers.sightings import is_title_case
from service.answers.suggestion_models import Suggestion
from service.answers.suggestions import act_of, suggested

NAMES = Names(Catalogue.load())


def named(name: str, kind: EntityType = "person", *, headline: bool = False, short: str | None = None) -> Mention:
    return Mention(fold(name), kind, 1 if headline else 2, "title" if headline else "body", 0, (name,), short)


def article(
    number: int, mentions: Sequence[Mention], title: str = "A title of no meaning", source: str = "", body: str = ""
) -> Article:
    source = source or f"wire{number}.example"
    return Article(
        id=str(number),
        title=title,
        seen_at=number,
        ranked_at=number,
        mentions=tuple(mentions),
        source=source,
        body=body,
    )


def repeated(times: int, *mentions: Mention, start: int = 0) -> list[Article]:
    return [article(start + number, mentions) for number in range(times)]


OTHERS = [article(number, [named(f"Somebody Else {number}")]) for number in range(1_000, 1_040)]
COMPANY = (named("Tilda Quist"), named("Harbour Board", "organisation"))


def ids(articles: Iterable[Article]) -> list[str]:
    return [one.id for one in suggested([*articles, *OTHERS], NAMES)]


def the_only(articles: Iterable[Article]) -> Suggestion:
    (found,) = suggested([*articles, *OTHERS], NAMES)
    return found


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        (named("Quill Works", "other"), named("Quill Works", "organisation"), "the same name with another type"),
        (named("Marlo Anders Benck"), named("Benck Marlo Anders"), "the same words in another order"),
        (named("Benck"), named("Marlo Benck"), "the end of a longer name"),
        (named("Marlo"), named("Marlo Benck"), "the first name of a person"),
        (
            named("HQL", "organisation"),
            named("Harbour Quality League", "organisation"),
            "the initials of a longer name",
        ),
        (named("Marlo Banck"), named("Marlo Benck"), "one letter differs"),
    ],
)
def test_a_duplicate_is_found_by_how_it_is_written_and_its_company(one: Mention, other: Mention, reason: str) -> None:
    rarer = repeated(3, one, *COMPANY)
    found = the_only([*rarer, *repeated(5, other, *COMPANY, start=100)])
    assert (found.kind, found.reasons) == ("duplicate", [reason])
    assert [entity.articles for entity in found.entities] == [3, 5]
    assert found.act == {"act": "merge", "entity": found.entities[0].entity.id, "into": found.entities[1].entity.id}
    assert found.evidence.articles == found.evidence.sources == 3
    assert found.evidence.together == 0
    assert found.evidence.likeness
    assert found.evidence.likeness > 0.9


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (named("Benck"), named("Marlo Benck")),
        (named("Marlo Banck"), named("Marlo Benck")),
        (named("Quill Works", "other"), named("Quill Works", "organisation")),
    ],
)
def test_names_in_other_company_are_no_duplicates(one: Mention, other: Mention) -> None:
    apart = [article(200 + number, [other, named("Ottilie Rand")]) for number in range(5)]
    assert ids([*repeated(3, one, *COMPANY), *apart]) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (named("Orbit Phone 14", "other"), named("Orbit Phone 15", "other")),
        (named("Orbit Series S", "other"), named("Orbit Series X", "other")),
        (named("Lima", "place"), named("Leila de Lima")),
    ],
)
def test_numbers_letters_and_towns_in_names_are_not_mended(one: Mention, other: Mention) -> None:
    assert ids([*repeated(3, one, *COMPANY), *repeated(5, other, *COMPANY, start=100)]) == []


def test_a_name_much_more_frequent_than_its_longer_form_is_one_of_its_own() -> None:
    longer = repeated(2, named("Harbour Times", "organisation"), *COMPANY, start=100)
    assert ids([*repeated(8, named("Times", "organisation"), *COMPANY), *longer]) != []
    assert ids([*repeated(9, named("Times", "organisation"), *COMPANY), *longer]) == []


def test_two_names_of_the_catalogue_are_never_one() -> None:
    names = ("Harborough", "Harborouth")
    articles = [
        *repeated(3, named(names[0], "place"), *COMPANY),
        *repeated(5, named(names[1], "place"), *COMPANY, start=100),
        *OTHERS,
    ]
    known = [Entry(f"place:{name.lower()}", name, "place") for name in names]
    found = [suggested(articles, Names(Catalogue(known[:number]))) for number in (0, 1, 2)]
    assert [[one.id for one in each] for each in found] == [
        ["merge~place:harborough~place:harborouth"],
        ["merge~place:harborouth~place:harborough"],
        [],
    ]


@pytest.mark.parametrize(
    ("mention", "reason"),
    [
        (named("He"), "a pronoun"),
        (named("Q", "other"), "a single letter"),
        (named("2023", "other"), "no letters"),
        (named("quibble", "other"), "never with a capital"),
        (named("Live Updates", "other"), "a word of headlines"),
        (named("Thursday", "other"), "a day or a month"),
        (named("Marlo Benck/Getty Images"), "a credit of a picture"),
    ],
)
def test_junk_is_told_by_its_words(mention: Mention, reason: str) -> None:
    found = the_only(repeated(3, mention))
    assert (found.kind, found.reasons) == ("junk", [reason])
    assert found.act == {"act": "hide", "entity": found.entities[0].entity.id}


def test_usual_words_in_headlines_with_capitals_all_over_are_junk() -> None:
    shouted = [
        article(number, [named("Ouster", headline=True)], title="Board Regrets Ouster Of Founder")
        for number in range(3)
    ]
    usual = [article(50 + number, (), body="The ouster came late.") for number in range(5)]
    assert ids([*shouted, *usual]) == ["hide~person:ouster"]
    assert ids([*shouted, *usual[:4]]) == []
    assert ids([*shouted, *usual, article(90, [named("Ouster")])]) == []


def test_what_the_catalogue_knows_is_never_junk() -> None:
    shouted = [
        article(number, [named("Turkey", "place", headline=True)], title="Holidays In Turkey Under Pressure")
        for number in range(3)
    ]
    assert ids([*shouted, *(article(50 + number, (), body="We eat turkey.") for number in range(9))]) == []


def defined(number: int, source: str, long: str = "Harbour Quality League") -> Article:
    return article(number, [named(long, "organisation", short="HQL")], source=source)


def test_an_abbreviation_that_three_sources_define_is_an_alias() -> None:
    articles = [defined(number, f"wire{number % 3}.example") for number in range(6)]
    (found,) = [one for one in suggested([*articles, *OTHERS], NAMES) if one.kind == "abbreviation"]
    assert found.id == "alias~organisation:harbour-quality-league~HQL"
    assert found.act == {"act": "alias", "entity": "organisation:harbour-quality-league", "surface": "HQL"}
    assert (found.evidence.articles, found.evidence.sources) == (6, 3)


@pytest.mark.parametrize(
    "articles",
    [
        [defined(number, f"wire{number % 2}.example") for number in range(6)],
        [
            *(defined(number, f"wire{number}.example") for number in range(3)),
            *(defined(9 + number, f"wire{number}.example", "House Quorum List") for number in range(3)),
        ],
    ],
    ids=["two sources", "two meanings"],
)
def test_an_abbreviation_of_few_or_with_two_meanings_is_none(articles: list[Article]) -> None:
    assert ids(articles) == []


def test_an_abbreviation_that_means_something_already_is_not_suggested() -> None:
    articles = [
        article(number, [named("North Atlantic Treatment Outfit", "organisation", short="NATO")]) for number in range(4)
    ]
    assert ids(articles) == []


def test_an_abbreviation_that_is_spelt_like_another_name_is_not_suggested() -> None:
    articles = [defined(number, f"wire{number}.example") for number in range(3)]
    assert ids(articles) == ["alias~organisation:harbour-quality-league~HQL"]
    assert ids([*articles, article(50, [named("HQL", "organisation")])]) == ids(articles)
    assert ids([*articles, article(50, [named("Hql", "organisation")])]) == []


def test_nothing_is_suggested_of_nothing() -> None:
    assert suggested([], NAMES) == []


@settings(deadline=None)
@given(st.lists(st.sampled_from([COMPANY, (named("Benck"),), (named("Marlo Benck"), *COMPANY)]), max_size=8))
def test_the_order_of_articles_does_not_matter(mentions: list[tuple[Mention, ...]]) -> None:
    articles = [article(number, each) for number, each in enumerate(mentions)]
    there, back = (suggested(each, NAMES) for each in (articles, articles[::-1]))
    assert [one.id for one in there] == [one.id for one in back]


_WORDS = st.text("abcd", max_size=6)


def edits(text: str) -> set[str]:
    letters = "abcd"
    cuts = [(text[:place], text[place:]) for place in range(len(text) + 1)]
    changed: list[Callable[[str, str], Iterable[str]]] = [
        lambda left, right: [left + right[1:]],
        lambda left, right: [left + letter + right for letter in letters],
        lambda left, right: [left + letter + right[1:] for letter in letters if right],
        lambda left, right: [left + right[1] + right[0] + right[2:]] if len(right) > 1 else [],
    ]
    return {other for left, right in cuts for change in changed for other in change(left, right)} - {text}


@given(_WORDS, _WORDS)
def test_one_edit_is_one_letter_added_left_out_changed_or_swapped(one: str, other: str) -> None:
    assert one_edit_apart(one, other) == (other in edits(one))


@pytest.mark.parametrize(
    ("title", "shouted"),
    [("Board Regrets Ouster of Founder", True), ("Board regrets the ouster of Founder", False), ("US, UK", False)],
)
def test_capitals_all_over(title: str, shouted: bool) -> None:  # noqa: FBT001 - a row of a table
    assert is_title_case(title) is shouted


@pytest.mark.parametrize("suggestion_id", ["", "merge", "merge~a", "merge~a~", "undo~7", "hide~a~b"])
def test_what_is_no_id_of_a_suggestion_is_unknown(suggestion_id: str) -> None:
    with pytest.raises(UnknownId):
        act_of(suggestion_id)
