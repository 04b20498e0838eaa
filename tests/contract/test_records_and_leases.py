from concurrent.futures import ThreadPoolExecutor

import pytest

from indexer.errors import StoreRejected
from indexer.store.port import Store
from tests.contract.conftest import Opener


def test_records_are_kept_by_kind_and_id(store: Store) -> None:
    assert store.records("feed") == {}
    assert store.put_record("feed", "b", {"url": "https://é.example", "every": 60, "health": None, "tags": [1, "x"]})
    assert store.put_record("feed", "a", {})
    assert store.put_record("mark", "a", {"at": 1.5})
    assert store.records("feed") == {
        "a": {},
        "b": {"url": "https://é.example", "every": 60, "health": None, "tags": [1, "x"]},
    }
    assert store.records("mark") == {"a": {"at": 1.5}}


def test_records_are_read_in_order_from_an_id_on(store: Store) -> None:
    for record_id in ("00000002", "00000010", "00000001"):
        store.put_record("decision", record_id, {"is": record_id})
    assert list(store.records("decision")) == ["00000001", "00000002", "00000010"]
    assert list(store.records("decision", after="00000001")) == ["00000002", "00000010"]
    assert store.records("decision", after="00000010") == {}


def test_a_record_is_replaced_and_dropped(store: Store) -> None:
    store.put_record("feed", "a", {"n": 1, "old": True})
    assert store.put_record("feed", "a", {"n": 2})
    assert store.records("feed") == {"a": {"n": 2}}
    assert store.drop_record("feed", "a")
    assert not store.drop_record("feed", "a")
    assert not store.drop_record("mark", "a")
    assert store.records("feed") == {}


def test_only_a_new_record_is_written_where_that_is_asked(store: Store) -> None:
    assert store.put_record("decision", "1", {"by": "first"}, only_new=True)
    assert not store.put_record("decision", "1", {"by": "second"}, only_new=True)
    assert store.records("decision") == {"1": {"by": "first"}}
    store.drop_record("decision", "1")
    assert store.put_record("decision", "1", {"by": "third"}, only_new=True)


def test_of_many_who_want_to_be_new_one_is(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        took = list(pool.map(lambda who: store.put_record("d", "1", {"who": who}, only_new=True), range(8)))
    assert took.count(True) == 1
    assert store.records("d") == {"1": {"who": took.index(True)}}


def test_any_text_can_be_a_record_id(store: Store) -> None:
    ids = ["a/b?c#d", "日本", "x" * 300, "https://example.org/feed?x=1&y=é", "."]
    for record_id in ids:
        store.put_record("feed", record_id, {"is": record_id})
    assert store.records("feed") == {record_id: {"is": record_id} for record_id in ids}
    assert [store.drop_record("feed", record_id) for record_id in ids] == [True] * len(ids)


def test_more_records_than_fit_one_answer(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: store.put_record("feed", f"{n}", {"n": n}), range(300)))
    assert store.records("feed") == {f"{n}": {"n": n} for n in range(300)}


def test_a_record_that_is_not_unicode_is_refused(store: Store) -> None:
    with pytest.raises(StoreRejected):
        store.put_record("feed", "a", {"x": "\ud800"})
    assert store.records("feed") == {}


def test_a_role_has_one_holder(store: Store, open_again: Opener) -> None:
    other = open_again()
    lease = store.lease("worker")
    assert lease is not None
    assert lease.renew()
    assert other.lease("worker") is None
    assert other.lease("another") is not None
    lease.release()
    lease.release()
    assert not lease.renew()
    taken = other.lease("worker")
    assert taken is not None
    assert taken.renew()
    assert store.lease("worker") is None
    lease.release()
    assert taken.renew()
