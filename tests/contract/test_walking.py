from collections.abc import Sequence
from threading import Event, Thread
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.article import Article
from indexer.query.ast import Text
from indexer.store.port import Position, Request, Selection, Sort, Store
from tests.contract.factories import NOON, article, filled, walked


def in_order(articles: Sequence[Article], sort: Sort) -> list[str]:
    return [one.id for one in sorted(articles, key=lambda one: one.order, reverse=sort == "newest")]


@pytest.fixture
def tied(store: Store) -> tuple[Store, list[Article]]:
    """Fifty articles in six milliseconds, a hundred in one."""
    articles = [article(f"id-{number}", "Tied", at=number * number % 6) for number in range(50)]
    articles += [article(f"more-{number}", "Untied", at=3) for number in range(100)]
    return filled(store, *articles), articles


@pytest.mark.parametrize("sort", ["newest", "oldest"])
def test_a_walk_passes_every_article_once_in_order(tied: tuple[Store, list[Article]], sort: Sort) -> None:
    store, articles = tied
    for size in (1, 2, 7, 50, 150, 1_000):
        assert walked(store, sort, size) == in_order(articles, sort)


@pytest.mark.parametrize("sort", ["newest", "oldest"])
def test_every_page_says_the_total_of_the_whole_selection(tied: tuple[Store, list[Article]], sort: Sort) -> None:
    store, articles = tied
    selection = Selection(Text("tied"), start=NOON + 1)
    expected = [one for one in articles if one.title == "Tied" and one.ranked_at > NOON]
    assert walked(store, sort, 4, selection) == in_order(expected, sort)
    first = store.search(Request(selection, sort=sort, size=4))
    after = Position(*first.hits[-1].article.order)
    second = store.search(Request(selection, sort=sort, size=4, after=after))
    none = store.search(Request(selection, sort=sort, size=0))
    assert first.total == second.total == none.total == len(expected)
    assert none.hits == ()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    moments=st.lists(st.integers(0, 4), max_size=40),
    size=st.integers(1, 9),
    sort=st.sampled_from(["newest", "oldest"]),
)
def test_a_walk_is_exact_for_any_ties(store: Store, moments: list[int], size: int, sort: Sort) -> None:
    run = uuid4().hex
    articles = [article(f"{run}-{number}", at=at, section=run) for number, at in enumerate(moments)]
    filled(store, *articles)
    assert walked(store, sort, size, Selection(filters={"section": (run,)})) == in_order(articles, sort)


@pytest.mark.parametrize("sort", ["newest", "oldest"])
def test_a_walk_among_writers_passes_what_was_there_once(tied: tuple[Store, list[Article]], sort: Sort) -> None:
    store, articles = tied
    done = Event()

    def add() -> None:
        number = 0
        while not done.is_set():
            number += 1
            filled(store, *(article(f"new-{number}-{at}", "Tied", at=at) for at in range(6)))

    writer = Thread(target=add)
    writer.start()
    try:
        walks = [walked(store, sort, 7) for _ in range(3)]
    finally:
        done.set()
        writer.join()
    old = in_order(articles, sort)
    for ids in walks:
        assert len(set(ids)) == len(ids)
        assert [one for one in ids if not one.startswith("new-")] == old


def test_a_walk_goes_on_past_articles_deleted_on_the_way(tied: tuple[Store, list[Article]]) -> None:
    store, articles = tied
    ids = in_order(articles, "newest")
    store.delete(ids[:40])
    assert walked(store, "newest", 3)[-110:] == ids[40:]
    store.refresh()
    assert walked(store, "newest", 3) == ids[40:]
