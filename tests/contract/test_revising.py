from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from indexer.article import Article
from indexer.errors import StoreRejected
from indexer.store.port import Request, Selection, Store
from nlp.mention import Mention
from tests.contract.factories import NOON, article, entities, filled, found


def label(text: str) -> Callable[[Article], Article]:
    """Adds one label."""
    return lambda one: replace(one, labels=(*one.labels, text))


def test_a_revision_replaces_what_is_stored_by_a_function_of_it(store: Store) -> None:
    store.write([article("a", labels=("x",)), article("b")])
    written = store.revise(["b", "nobody", "a", "b"], label("y"))
    assert [(one.outcome, one.article.id, one.article.labels) for one in written] == [
        ("changed", "b", ("y",)),
        ("changed", "a", ("x", "y")),
    ]
    assert store.get(["b", "a"]) == [one.article for one in written]
    store.refresh()
    assert found(store, "title") == {"a", "b"}


def test_what_a_revision_leaves_as_it_was_is_not_written(store: Store) -> None:
    store.write([article("a"), article("b", projected="1@x")])
    mark = store.changes(None, 10).mark
    assert [one.outcome for one in store.revise(["a", "b"], lambda one: one)] == ["unchanged"] * 2
    (only_stamped,) = store.revise(["b"], lambda one: replace(one, projected="2@x"))
    assert (only_stamped.outcome, only_stamped.article.projected) == ("unchanged", "1@x")
    assert store.changes(mark, 10).items == ()
    assert store.revise([], label("x")) == []


def test_a_revision_does_not_bring_a_deleted_article_back(store: Store) -> None:
    store.write([article("a")])
    store.delete(["a"])
    assert store.revise(["a"], label("x")) == []
    assert store.get(["a"]) == [None]


def test_a_revision_moves_no_article_in_time(store: Store) -> None:
    store.write([article("a")])
    (written,) = store.revise(["a"], lambda one: replace(one, title="New", seen_at=0, ranked_at=0))
    assert written.article == article("a", "New")


def test_a_revision_that_cannot_be_stored_changes_nothing(store: Store) -> None:
    store.write([article("a")])
    with pytest.raises(StoreRejected):
        store.revise(["a"], lambda one: replace(one, title="half \ud83d"))
    assert store.get(["a"]) == [article("a")]


def test_what_many_revise_at_once_loses_nothing(store: Store) -> None:
    ids = [f"id-{number}" for number in range(30)]
    store.write([article(one) for one in ids])

    def work(worker: int) -> None:
        for turn in range(3):
            store.revise(ids, label(f"{worker}.{turn}"))
            store.write([article(f"other-{worker}-{turn}")])

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, range(3)))
    expected = {f"{worker}.{turn}" for worker in range(3) for turn in range(3)}
    for one in store.get(ids):
        assert one
        assert sorted(one.labels) == sorted(expected)


def test_as_many_as_there_are_can_be_revised_together(store: Store) -> None:
    batch = [article(f"id-{number}", at=number) for number in range(1_200)]
    store.write(batch)
    written = store.revise([one.id for one in batch], label("x"))
    assert [one.article for one in written] == [replace(one, labels=("x",)) for one in batch]


def test_articles_are_found_by_their_keys(store: Store) -> None:
    filled(store, article("a", keys=("jane doe", "person:jane-doe")), article("b", keys=("jane-doe",)), article("c"))

    def with_keys(*keys: str) -> set[str]:
        response = store.search(Request(Selection(filters={"keys": keys})))
        assert response.total == store.count(Selection(filters={"keys": keys}))
        return {hit.article.id for hit in response.hits}

    assert with_keys("jane-doe", "person:jane-doe") == {"a", "b"}
    assert with_keys("jane doe", "nobody") == {"a"}
    assert with_keys("jane", "Jane Doe") == set()


def test_a_projection_by_fewer_decisions_does_not_replace_one_by_more(store: Store) -> None:
    jane = (Mention("jane doe", "person", 1, "title", 0, ("Jane Doe",)),)
    newer = article("a", mentions=jane, entities=entities("person:jane"), projected="12@x")
    older = replace(newer, entities=entities("person:jane-doe"), projected="9@x")
    store.write([newer])
    assert [one.outcome for one in store.write([older])] == ["unchanged"]
    (edited,) = store.write([replace(older, title="New")])
    assert edited.article == replace(newer, title="New")
    other = replace(older, mentions=(*jane, Mention("x", "other", 1, "title", 9, ("X",))), seen_at=NOON)
    assert store.write([other])[0].article == other


def test_the_same_projection_by_more_decisions_changes_nothing(store: Store) -> None:
    one = article("a", entities=entities("person:jane"), projected="9@x")
    store.write([one])
    assert [written.outcome for written in store.write([replace(one, projected="12@x")])] == ["unchanged"]
    assert store.get(["a"]) == [one]
