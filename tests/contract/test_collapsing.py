"""A collapsed search shows the first article of each story, on every store, under every order."""

import random
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.query.ast import All, Query, Text
from indexer.store.port import Freshness, Hit, Request, Selection, Sort, Store
from indexer.times import DAY, HOUR
from service.answers.collapsing import collapsed, firsts, story_size
from tests.contract.factories import NOON, article, filled

NUMBER: Final = 300
ORDERS: Final[tuple[tuple[Sort, Query], ...]] = (
    ("newest", All()),
    ("oldest", Text("storm")),
    ("relevance", Text("storm")),
    ("fresh", Text("storm")),
)


@pytest.fixture(scope="module")
def told(shared_store: Store) -> Store:
    """Some are in no story, some in a story of few, most in one."""
    chance = random.Random(3)  # noqa: S311 - which articles, not which secrets
    stories = [*([""] * 20), *(f"s-{n}" for n in range(40)), *(["long"] * 80)]
    articles = [
        article(
            f"a-{n}", "Storm " * chance.randint(1, 5) + f"over town {n}", at=chance.randrange(30 * DAY) // HOUR * HOUR,
            story=story, grouped=story, section="World" if n % 3 else "Home",
        )
        for n, story in enumerate(chance.choices(stories, k=NUMBER))
    ]  # fmt: skip
    return filled(shared_store, *articles)


def request(
    sort: Sort, query: Query, *, offset: int = 0, size: int = NUMBER, sections: tuple[str, ...] = ()
) -> Request:
    freshness = Freshness(NOON + 30 * DAY, 7 * DAY) if sort == "fresh" else None
    selection = Selection(query, {"section": sections} if sections else {})
    return Request(selection, sort, size, offset=offset, facets={"section": 5}, freshness=freshness)


def shown(hits: tuple[Hit, ...] | list[Hit]) -> list[str]:
    return [hit.article.id for hit in hits]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    order=st.sampled_from(ORDERS),
    offset=st.integers(0, 60),
    size=st.integers(1, 60),
    sections=st.sampled_from([(), ("Home",)]),
)
def test_a_page_is_a_part_of_the_first_of_each_story(
    told: Store, order: tuple[Sort, Query], offset: int, size: int, sections: tuple[str, ...]
) -> None:
    everything = told.search(request(*order, sections=sections))
    expected = shown(firsts(everything.hits, set()))
    page = collapsed(told, request(*order, offset=offset, size=size, sections=sections))
    assert shown(page.hits) == expected[offset : offset + size]
    assert (page.total, page.facets) == (everything.total, everything.facets)


def test_all_stories_and_those_in_none_come_once(told: Store) -> None:
    hits = collapsed(told, request("newest", All())).hits
    stories = [hit.article.story for hit in hits if hit.article.story]
    everything = told.search(request("newest", All())).hits
    assert sorted(stories) == sorted({hit.article.story for hit in everything} - {""})
    assert {hit.article.id for hit in hits if not hit.article.story} == {
        hit.article.id for hit in everything if not hit.article.story
    }
    assert sum(story_size(told, Selection(), hit.article) for hit in hits) == NUMBER
