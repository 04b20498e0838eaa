from dataclasses import replace
from threading import Barrier, Thread

import pytest

from indexer.article import Article
from indexer.errors import StoreRejected
from indexer.store.port import Store
from nlp.mention import Mention
from tests.contract.factories import NOON, article, entities, filled, found

WHOLE = Article(
    id="whole",
    title="Kursk: ⟨what we know⟩",
    seen_at=NOON + 5,
    ranked_at=NOON - 7,
    body="Body.\n\nSecond paragraph \U0001f600 \x00 end",
    summary="Summary",
    url="https://example.org/?a=1&b=2",
    section="World",
    labels=("Russia", "Ukraine"),
    source="example.org",
    refs=("ANSA",),
    authors=("Jane Doe", "J. Roe"),
    language="en",
    published_at=NOON - 7,
    modified_at=NOON + 1,
    extractor="test/1",
    mentions=(
        Mention("kursk", "place", 2, "title", 0, ("Kursk", "KURSK")),
        Mention("institute for the study of war", "organisation", 1, "body", 3, ("Institute",), "ISW"),
    ),
    entities=entities("place:kursk", "organisation:isw", "other:g7"),
    keys=("kursk", "place:kursk"),
    projected="17@0a1b2c",
    vector=bytes(range(256)),
    grouped="a0",
    story="a1",
)


def outcomes(store: Store, *articles: Article) -> list[str]:
    return [written.outcome for written in store.write(articles)]


def test_what_was_written_is_read_back_whole_and_at_once(store: Store) -> None:
    bare = Article(id="bare", title="", seen_at=0, ranked_at=0)
    assert [written.article for written in store.write([WHOLE, bare])] == [WHOLE, bare]
    assert store.get(["bare", "whole"]) == [bare, WHOLE]


def test_get_keeps_the_order_and_the_gaps_of_the_ids(store: Store) -> None:
    store.write([article("a"), article("b")])
    read = store.get(["b", "nobody", "a", "b"])
    assert [one.id if one else None for one in read] == ["b", None, "a", "b"]
    assert store.get([]) == []


def test_the_same_article_twice_changes_nothing(store: Store) -> None:
    assert outcomes(store, WHOLE) == ["new"]
    assert outcomes(store, WHOLE) == ["unchanged"]


def test_the_last_to_arrive_wins_and_first_sight_is_kept(store: Store) -> None:
    store.write([article("a", "Old", at=10)])
    (written,) = store.write([article("a", "New", at=20)])
    assert written.outcome == "changed"
    assert store.get(["a"]) == [written.article] == [article("a", "New", at=10)]


def test_an_older_modification_does_not_replace_a_newer_one(store: Store) -> None:
    store.write([article("a", "Newer", modified_at=NOON + 2)])
    (written,) = store.write([article("a", "Older", modified_at=NOON + 1)])
    assert (written.outcome, written.article.title) == ("unchanged", "Newer")
    assert outcomes(store, article("a", "No modification known")) == ["changed"]
    assert outcomes(store, article("a", "Older again", modified_at=NOON + 1)) == ["changed"]


def test_an_id_twice_in_a_batch_is_written_twice_in_its_order(store: Store) -> None:
    batch = [article("a", "One"), article("b"), article("a", "Two"), article("a", "Two")]
    assert outcomes(store, *batch) == ["new", "new", "changed", "unchanged"]
    assert store.get(["a"]) == [article("a", "Two")]
    assert found(filled(store), "two") == {"a"}
    assert found(store, "one") == set()


def test_an_edit_is_found_by_its_new_text_only(store: Store) -> None:
    filled(store, article("a", "Aardvark"))
    filled(store, article("a", "Bison"))
    assert (found(store, "aardvark"), found(store, "bison")) == (set(), {"a"})


def test_a_deleted_article_is_gone(store: Store) -> None:
    filled(store, article("a"), article("b"))
    assert store.delete(["a", "nobody", "a"]) == [True, False, False]
    assert store.get(["a", "b"]) == [None, article("b")]
    store.refresh()
    assert found(store, "title") == {"b"}


def test_a_deleted_article_can_come_back_as_a_new_one(store: Store) -> None:
    filled(store, article("a", "First", at=1, modified_at=NOON + 9))
    store.delete(["a"])
    assert outcomes(store, article("a", "Second", at=2, modified_at=NOON)) == ["new"]
    store.refresh()
    assert store.get(["a"]) == [article("a", "Second", at=2, modified_at=NOON)]
    assert (found(store, "first"), found(store, "second")) == (set(), {"a"})


def test_any_text_can_be_an_id(store: Store) -> None:
    ids = ["é/ü", "日本語", "a b", "%2F?&#", "'; --", "x" * 200, "\U0001f600", ".", "nul\0"]
    batch = [article(article_id) for article_id in ids]
    assert outcomes(store, *batch) == ["new"] * len(ids)
    assert outcomes(store, *batch) == ["unchanged"] * len(ids)
    assert store.get(ids) == batch
    assert found(filled(store), "title") == set(ids)
    assert store.delete(ids) == [True] * len(ids)


def test_a_batch_of_any_size_is_written(store: Store) -> None:
    batch = [article(f"id-{number}", at=number) for number in range(3_000)]
    assert set(outcomes(store, *batch)) == {"new"}
    assert set(outcomes(store, *batch)) == {"unchanged"}
    assert store.get([one.id for one in batch]) == batch
    assert outcomes(store) == []
    assert store.delete([]) == []


def test_text_that_is_not_unicode_is_refused_and_nothing_else_is(store: Store) -> None:
    with pytest.raises(StoreRejected):
        store.write([article("a", "half \ud83d")])
    with pytest.raises(StoreRejected):
        store.write([article("\udcff")])
    assert store.get(["a", "\udcff"]) == [None, None]
    assert store.delete(["\udcff"]) == [False]
    assert outcomes(store, article("a")) == ["new"]


def test_threads_that_write_the_same_articles_agree_on_who_was_first(store: Store) -> None:
    batch = [article(f"id-{number}") for number in range(20)]
    results: list[list[str]] = []
    start = Barrier(4)

    def write(writer: int) -> None:
        start.wait()
        results.append(outcomes(store, *(replace(one, seen_at=NOON + writer) for one in batch)))

    threads = [Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for ofone in zip(*results, strict=True):
        assert sorted(ofone) == ["new", "unchanged", "unchanged", "unchanged"]
    assert found(filled(store), "title") == {one.id for one in batch}


def test_an_edit_leaves_an_article_in_its_story(store: Store) -> None:
    store.write([article("a", grouped="f", story="g")])
    (edited,) = store.write([article("a", "Other words")])
    assert (edited.article.grouped, edited.article.story) == ("f", "g")
    (moved,) = store.write([article("a", "Other words", grouped="h", story="h")])
    assert store.get(["a"]) == [moved.article] == [article("a", "Other words", grouped="h", story="h")]
