"""Names in queries are widened to their entities, and nothing that was found is lost by that."""

import re
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.catalogue.catalogue import Catalogue
from indexer.query.ast import And, Field, Named, Not, Or, Phrase, Prefix, Query, Text, unparse
from indexer.query.names import understood
from indexer.query.parser import Match, parse
from nlp.mention import EntityType

CATALOGUE = Catalogue.load()
IDS = {
    "isw": "organisation:institute-for-the-study-of-war",
    "nk": "place:north-korea",
    "us": "place:united-states",
    "who": "organisation:world-health-organization",
}


@pytest.mark.parametrize(
    ("text", "widened", "entity"),
    [
        ("isw", "isw OR @isw", "isw"),
        ("ISW", "ISW OR @isw", "isw"),
        ('"north korea"', '"north korea" OR @nk', "nk"),
        ("north korea", "(north AND korea) OR @nk", "nk"),
        ("north AND korea", "(north AND korea) OR @nk", "nk"),
        ("north korea troops", "((north AND korea) OR @nk) AND troops", None),
        (
            "institute for the study of war isw",
            "((institute AND for AND the AND study AND of AND war) OR @isw) AND (isw OR @isw)",
            None,
        ),
        ("troops OR (isw retreat)", "troops OR ((isw OR @isw) AND retreat)", None),
        ("isw OR troops", "isw OR @isw OR troops", None),
        ("united OR states", "united OR states", None),
        ("isw -troops", "(isw OR @isw) AND NOT troops", None),
        ("troops -isw", "troops AND NOT isw", None),
        ("-isw", "NOT isw", None),
        ("us", "us", None),
        ("Us", "Us", None),
        ("US", "US OR @us", "us"),
        ("U.S.", "U.S. OR @us", "us"),
        ("the US", "(the AND US) OR @us", "us"),
        ("tell us", "tell AND us", None),
        ("who", "who", None),
        ("who's", "who's", None),
        ("WHO", "WHO OR @who", "who"),
        ("WHO's", "WHO's OR @who", "who"),
        ("place:us", "place:us OR @us", "us"),
        ("org:isw", "org:isw OR @isw", "isw"),
        ("entity:isw", "entity:isw OR @isw", "isw"),
        ('entity:"north korea"', 'entity:"north korea" OR @nk', "nk"),
        ("person:isw", "person:isw", None),
        ("title:isw", "title:isw", None),
        ("isw*", "isw*", None),
        ('"north korea"~2', '"north korea"~2', None),
        ("entity:place:north-korea", "@nk", None),
        ("zzz", "zzz", None),
        ("", "", None),
    ],
)
def test_what_is_understood(text: str, widened: str, entity: str | None) -> None:
    expected = re.sub(r"@(\w+)", lambda name: f"entity:{IDS[name[1]]}", widened)
    found = understood(parse(text), CATALOGUE.lookup)
    assert unparse(found.query) == expected
    assert found.entity_id == (entity and IDS[entity])


def test_words_of_which_any_count_are_a_name_together_too() -> None:
    found = understood(parse("north korea troops", match="any"), CATALOGUE.lookup, "any")
    assert unparse(found.query) == "north OR korea OR entity:place:north-korea OR troops"
    assert understood(parse("north korea", match="any"), CATALOGUE.lookup, "any").entity_id == "place:north-korea"


@dataclass(frozen=True)
class Known:
    id: str
    type: EntityType


WORDS = ("red", "green", "blue", "who", "WHO")
NAMES = {
    "red": Known("person:red", "person"),
    "red green": Known("place:rg", "place"),
    "green blue red": Known("organisation:gbr", "organisation"),
    "who": Known("organisation:who", "organisation"),
}
ids = st.sampled_from([known.id for known in NAMES.values()])
texts = st.builds(Text, st.sampled_from(WORDS))
leaves = (
    texts
    | st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(lambda words: Phrase(" ".join(words)))
    | st.builds(Prefix, st.sampled_from(["re", "gr"]))
    | ids.map(Named)
    | st.builds(Field, st.sampled_from(["person", "entity", "place", "title"]), texts)
)


def _grow(parts: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    several = st.lists(parts, min_size=2, max_size=4).map(tuple)
    return st.builds(And, several) | st.builds(Or, several) | st.builds(Not, parts)


def matches(query: Query, words: frozenset[str], named: frozenset[str]) -> bool:  # noqa: PLR0911 - one for each node
    """Whether an article is found that says these words, and names these entities."""
    match query:
        case Text(text) | Phrase(text):
            return text.lower() in words
        case Prefix(text):
            return any(word.startswith(text) for word in words)
        case Named(entity_id):
            return entity_id in named
        case Field(name, Text(word)):
            return name + word in words
        case And(parts):
            return all(matches(part, words, named) for part in parts)
        case Or(parts):
            return any(matches(part, words, named) for part in parts)
        case Not(part):
            return not matches(part, words, named)
        case _:
            return True


@settings(deadline=None)
@given(
    st.recursive(leaves, _grow, max_leaves=10),
    st.frozensets(st.sampled_from(["red", "green", "blue", "who", "red green", "personred", "placered", "titlered"])),
    st.frozensets(ids),
)
def test_nothing_is_lost_by_understanding(query: Query, words: frozenset[str], named: frozenset[str]) -> None:
    wider = understood(query, lambda name: NAMES.get(name.lower())).query
    assert not matches(query, words, named) or matches(wider, words, named)


@settings(deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=9), st.sampled_from(["all", "any"]))
def test_without_known_names_nothing_changes(words: list[str], match: Match) -> None:
    query = parse(" ".join(words), match=match)
    found = understood(query, lambda _: None)
    assert (found.query, found.entity_id) == (query, None)
