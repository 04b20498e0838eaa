"""Which names are suggested for what has been typed so far."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Article, Entity
from indexer.store.port import Change
from indexer.times import DAY, HOUR, Millis
from nlp.mention import EntityType
from service.trends.arrays import Arrays
from service.trends.completion import FORGIVING, Completion, Completions
from service.trends.wording import words

NOW: Millis = 1_700_000_000_000
ALIASES = [("The Hague Court", "organisation:icc"), ("U.S.", "place:united-states"), ("nobody", "person:nobody")]


def _entity(name: str, kind: EntityType = "person", short: str | None = None, entity_id: str | None = None) -> Entity:
    return Entity(entity_id or f"{kind}:{name.lower().replace(' ', '-')}", name, kind, 1, short)


def _article(number: int, *entities: Entity) -> Article:
    return Article(id=f"a{number}", title="", seen_at=NOW - HOUR, ranked_at=NOW - HOUR, entities=entities)


TRUMP, MELANIA = _entity("Donald Trump"), _entity("Melania Trump")
ISW = _entity("Institute for the Study of War", "organisation", "ISW")
ICC = _entity("International Criminal Court", "organisation", "ICC", "organisation:icc")
US = _entity("United States", "place", "U.S.", "place:united-states")
ORBAN = _entity("Viktor Orbán")
ARTICLES = [
    *(_article(number, TRUMP, US) for number in range(3)),
    _article(3, MELANIA, ISW, US),
    _article(4, ICC, ORBAN, MELANIA),
]


def _arrays(*articles: Article) -> Arrays:
    arrays = Arrays(NOW - 150 * DAY)
    arrays.apply([Change(article.id, article) for article in articles])
    return arrays


@pytest.fixture(scope="module")
def completion() -> Completion:
    return Completions(ALIASES).at(_arrays(*ARTICLES).snapshot, NOW, whole=True)


def _names(completion: Completion, typed: str, limit: int = 10) -> list[str]:
    return [one.label.name for one in completion.complete(typed, limit)]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("don", ["Donald Trump"]),
        ("TRU", ["Donald Trump", "Melania Trump"]),
        ("trump", ["Donald Trump", "Melania Trump"]),
        ("melania t", ["Melania Trump"]),
        ("tr ", []),
        ("isw", ["Institute for the Study of War"]),
        ("study of w", ["Institute for the Study of War"]),
        ("hague", ["International Criminal Court"]),
        ("u.s", ["United States"]),
        ("orban", ["Viktor Orbán"]),
        ("Orbá", ["Viktor Orbán"]),
        ("nobody", []),
        ("", []),
        ("!!!", []),
        ("   ", []),
        (" don", ["Donald Trump"]),
    ],
)
def test_names_and_aliases_are_found_from_each_of_their_words_on(
    completion: Completion, typed: str, expected: list[str]
) -> None:
    assert _names(completion, typed) == expected


@pytest.mark.parametrize("typed", ["dnoald", "donld", "donnald", "domald", "ronald tr", "trumo", "institite for"])
def test_one_wrong_letter_is_forgiven(completion: Completion, typed: str) -> None:
    assert _names(completion, typed)


@pytest.mark.parametrize("typed", ["dmo", "dxnxld", "trxxp"])
def test_two_wrong_letters_or_one_of_few_are_not(completion: Completion, typed: str) -> None:
    assert not _names(completion, typed)


def test_what_was_typed_right_comes_before_what_was_meant_perhaps() -> None:
    few, many = _entity("Trumbo"), _entity("Trumpo")
    articles = [_article(0, few), *(_article(number, many) for number in range(1, 5))]
    completion = Completions(()).at(_arrays(*articles).snapshot, NOW, whole=True)
    assert _names(completion, "trumb") == ["Trumbo", "Trumpo"]


def test_the_most_named_come_first_and_no_more_than_wanted(completion: Completion) -> None:
    assert _names(completion, "trump", limit=1) == ["Donald Trump"]
    (first, second) = completion.complete("trump", 2)
    assert (first.articles, second.articles) == (3, 2)
    assert first.status is not None


def test_names_of_deleted_articles_go_and_new_ones_come_with_the_next_minute() -> None:
    arrays, completions = _arrays(*ARTICLES), Completions(ALIASES)
    assert _names(completions.at(arrays.snapshot, NOW, whole=True), "viktor")
    arrays.apply([Change("a4", None), Change("new", replace(_article(9, _entity("Viktoria")), id="new"))])
    assert _names(completions.at(arrays.snapshot, NOW, whole=True), "viktor") == ["Viktor Orbán"]
    assert _names(completions.at(arrays.snapshot, NOW + 60_000, whole=True), "viktor") == ["Viktoria"]


def test_names_are_complete_as_soon_as_everything_is_loaded() -> None:
    completions = Completions(())
    assert not _names(completions.at(_arrays().snapshot, NOW, whole=False), "don")
    assert _names(completions.at(_arrays(*ARTICLES).snapshot, NOW, whole=True), "don")


def test_a_compaction_changes_nothing() -> None:
    arrays, completions = _arrays(*ARTICLES), Completions(ALIASES)
    before = _names(completions.at(arrays.snapshot, NOW, whole=True), "tr")
    for _ in range(20):
        arrays.apply([Change(article.id, article) for article in ARTICLES])
    assert _names(completions.at(arrays.snapshot, NOW + 60_000, whole=True), "tr") == before


NAMES = st.lists(st.text(alphabet="abc ", min_size=1, max_size=8).filter(str.strip), min_size=1, max_size=8)


@given(NAMES, st.text(alphabet="abc ", min_size=1, max_size=5).filter(str.strip))
def test_every_name_that_begins_so_is_found_and_no_other_before_them(names: list[str], typed: str) -> None:
    entities = [_entity(name, "other", entity_id=f"other:{number}") for number, name in enumerate(names)]
    completion = Completions(()).at(_arrays(_article(0, *entities)).snapshot, NOW, whole=True)
    wanted = words(typed)[1 : None if typed[-1].isspace() else -1]
    right = {one.id for one in entities if f" {wanted}" in words(one.name)}
    found = [one.label.entity_id for one in completion.complete(typed, 10)]
    assert set(found[: len(right)]) == right
    if len(wanted.strip()) < FORGIVING:
        assert len(found) == len(right)
