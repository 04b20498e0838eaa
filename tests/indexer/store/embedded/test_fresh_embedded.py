"""The first articles under `fresh` are those that scoring every single one gives, in that order."""

from collections.abc import Iterator
from math import inf, log2
from random import Random
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tantivy import DocAddress, Searcher

from indexer.article import Article
from indexer.query.ast import All, And, Not, Or, Prefix, Query, Range, Text
from indexer.store.embedded import fresh, pages
from indexer.store.embedded.store import EmbeddedStore
from indexer.store.port import Freshness, Position, Request, Selection
from tests.contract.factories import NOON, article, filled

HOUR = 3_600_000
DAY = 24 * HOUR
QUERIES: dict[str, Query] = {
    "a word": Text("storm"),
    "words": Or((Text("storm"), Text("surge"), Text("calm"))),
    "a rare word": Text("gale"),
    "scores that are all alike": Prefix("sto"),
    "no scores": Range(None, NOON),
    "some scores": Or((Text("gale"), Range(NOON - DAY, None))),
    "everything": All(),
    "not": And((Text("calm"), Not(Text("gale")))),
}


def scattered(number: int, random: Random) -> Article:
    """In crowded and lonely milliseconds of some hours and a year, and some of the future."""
    age = random.choice([0, 1, random.randrange(5), random.randrange(DAY), random.randrange(365 * DAY), -DAY, -HOUR])
    words = random.choices(["storm", "surge", "calm", "gale", "x", "y"], [5, 3, 5, 0.1, 9, 9], k=8)
    return article(f"a{number}", body=" ".join(words), at=-age)


@pytest.fixture(scope="module")
def stormy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedStore]:
    random = Random(7)  # noqa: S311 - only has to be varied
    store = EmbeddedStore(tmp_path_factory.mktemp("fresh"))
    store.prepare()
    for first in (0, 450):
        filled(store, *(scattered(number, random) for number in range(first, first + 450)))
    yield store
    store.close()


def strength(score: float | None, ranked_at: int, freshness: Freshness) -> float:
    """The logarithm of a faded score."""
    return log2(score) - max(0, freshness.now - ranked_at) / freshness.half_life if score else -inf


class Case(NamedTuple):
    """A question, and how many articles are looked at first."""

    query: str
    freshness: Freshness
    size: int
    offset: int
    look: int


CASES = st.builds(
    Case,
    st.sampled_from(sorted(QUERIES)),
    st.builds(
        Freshness,
        st.one_of(st.just(NOON), st.integers(NOON - 400 * DAY, NOON + 400 * DAY)),
        st.one_of(st.sampled_from([HOUR, DAY, 7 * DAY]), st.integers(HOUR, 365 * DAY)),
    ),
    size=st.integers(1, 60),
    offset=st.sampled_from([0, 0, 0, 10, 400]),
    look=st.sampled_from([1, 5, 40, 200]),
)


@settings(max_examples=150, deadline=None)
@given(case=CASES)
def test_fresh_is_what_scoring_everything_gives(stormy: EmbeddedStore, case: Case) -> None:
    selection, freshness = Selection(QUERIES[case.query]), case.freshness
    every = stormy.search(Request(selection, sort="relevance", size=1_000)).hits
    faded = [
        (strength(hit.score, hit.article.ranked_at, freshness), hit.article.order, hit.article.id) for hit in every
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fresh, "_LOOK", case.look)
        request = Request(selection, sort="fresh", size=case.size, offset=case.offset, freshness=freshness)
        hits = stormy.search(request).hits
    best = sorted(faded, reverse=True)[case.offset : case.offset + case.size]
    assert [hit.article.id for hit in hits] == [article_id for _, _, article_id in best]
    assert [hit.score for hit in hits] == [2.0**one for one, _, _ in best]


def test_few_articles_are_looked_at(stormy: EmbeddedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at = []

    def positions(searcher: Searcher, addresses: list[DocAddress]) -> list[Position]:
        looked_at.extend(addresses)
        return pages.positions(searcher, addresses)

    monkeypatch.setattr(fresh, "positions", positions)
    monkeypatch.setattr(fresh, "_LOOK", 20)
    request = Request(Selection(Text("storm")), sort="fresh", size=5, freshness=Freshness(NOON, DAY))
    assert stormy.search(request).total > 500
    assert 20 < len(looked_at) < 100
