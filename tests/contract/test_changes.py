from random import Random
from threading import Event, Thread

from indexer.article import Article
from indexer.store.port import Changes, Store
from tests.contract.conftest import Opener
from tests.contract.factories import article


def drained(store: Store, mark: str | None, limit: int = 7) -> tuple[dict[str, Article | None], str | None]:
    """What following from a mark to the end gives: the last state of each article that came."""
    state: dict[str, Article | None] = {}
    while True:
        items, following = store.changes(mark, limit)
        assert len(items) <= limit
        if not items:
            assert following == mark
            return state, mark
        state.update({item.id: item.article for item in items})
        mark = following


def test_before_the_first_change_there_is_no_mark(store: Store) -> None:
    assert store.changes(None, 10) == Changes((), None)


def test_writes_and_deletions_come_after_the_mark_before_them(store: Store) -> None:
    store.write([article("a"), article("b")])
    state, mark = drained(store, None)
    assert state == {"a": article("a"), "b": article("b")}
    assert mark is not None
    store.write([article("b", "Edited"), article("c")])
    store.delete(["a", "nobody"])
    assert drained(store, mark)[0] == {"a": None, "b": article("b", "Edited"), "c": article("c")}
    assert {id_: one.title for id_, one in drained(store, None)[0].items() if one} == {"b": "Edited", "c": "Title"}


def test_what_changes_nothing_is_no_change(store: Store) -> None:
    store.write([article("a")])
    _, mark = drained(store, None)
    store.write([article("a")])
    store.delete(["nobody"])
    assert store.changes(mark, 10) == Changes((), mark)


def test_an_article_deleted_and_written_again_comes_as_it_is(store: Store) -> None:
    store.write([article("a", "First")])
    _, mark = drained(store, None)
    store.delete(["a"])
    store.write([article("a", "Second")])
    assert drained(store, mark)[0] == {"a": article("a", "Second")}


def test_pages_of_any_size_lose_nothing(store: Store) -> None:
    batch = [article(f"id-{number}") for number in range(50)]
    store.write(batch)
    for limit in (1, 3, 50, 1_000):
        assert drained(store, None, limit)[0] == {one.id: one for one in batch}


def test_a_mark_is_good_in_another_process_and_after_a_rebuild_at_least_replayed(
    store: Store, open_again: Opener
) -> None:
    store.write([article("a")])
    _, mark = drained(store, None)
    other = open_again()
    other.write([article("b")])
    assert drained(other, mark)[0] == {"b": article("b")}
    store.rebuild()
    assert drained(store, mark)[0].get("b") == article("b")


def test_a_mark_of_another_store_starts_from_the_beginning(store: Store) -> None:
    assert store.changes("somewhere.17", 10) == Changes((), None)
    store.write([article("a")])
    for mark in ("somewhere.17", "nonsense", "", "{}", '{"index": "x", "shards": {"0": 5}}'):
        assert [item.id for item in store.changes(mark, 10).items] == ["a"]


def test_nothing_is_lost_while_many_write(store: Store, open_again: Opener) -> None:
    done = Event()
    followed: dict[str, Article | None] = {}

    def write(seed: int) -> None:
        random = Random(seed)  # noqa: S311 - only has to be varied
        own = open_again()
        for turn in range(12):
            ids = random.sample(range(40), 6)
            own.write([article(f"id-{number}", f"by {seed} in {turn}") for number in ids])
            own.delete([f"id-{random.randrange(40)}"])

    def follow() -> None:
        mark: str | None = None
        while True:
            last = done.is_set()
            state, mark = drained(store, mark)
            followed.update(state)
            if last:
                return

    reader = Thread(target=follow)
    writers = [Thread(target=write, args=(seed,)) for seed in range(4)]
    for thread in (reader, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    reader.join()
    ids = [f"id-{number}" for number in range(40)]
    assert [followed.get(one) for one in ids] == store.get(ids)
