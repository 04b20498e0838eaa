import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.query.ast import And, Not, Or, Query, Text
from indexer.store.port import Store
from tests.contract.factories import article, filled, found

WORDS = ("red", "green", "blue", "black")
PAINTS = {
    f"p{number}": frozenset(word for place, word in enumerate(WORDS) if number >> place & 1) for number in range(16)
}
QUERIES: st.SearchStrategy[Query] = st.recursive(
    st.sampled_from(WORDS).map(Text),
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: And(tuple(parts))),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: Or(tuple(parts))),
    ),
    max_leaves=6,
)


def matches(query: Query, words: frozenset[str]) -> bool:
    match query:
        case Text(word):
            return word in words
        case And(parts):
            return all(matches(part, words) for part in parts)
        case Or(parts):
            return any(matches(part, words) for part in parts)
        case Not(part):
            return not matches(part, words)
        case _:
            return True


@pytest.fixture(scope="module")
def painted(shared_store: Store) -> Store:
    articles = (article(name, "Paint", body=" ".join(sorted(words))) for name, words in PAINTS.items())
    return filled(shared_store, *articles)


@settings(max_examples=60, deadline=None)
@given(query=QUERIES)
def test_and_or_and_not_are_what_sets_say(painted: Store, query: Query) -> None:
    expected = {name for name, words in PAINTS.items() if matches(query, words)}
    assert found(painted, query) == expected
