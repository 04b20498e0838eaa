import pytest
from elasticsearch import Elasticsearch
from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Article
from indexer.errors import StoreRejected, StoreUnavailable
from indexer.store.elasticsearch import writing
from indexer.store.elasticsearch.store import ElasticsearchStore
from indexer.store.elasticsearch.writing import bounded, lost_items, serialise
from indexer.store.port import Selection

pytestmark = pytest.mark.elasticsearch


def article(article_id: str, title: str = "Title", **fields: object) -> Article:
    return Article(**{"id": article_id, "title": title, "seen_at": 5, "ranked_at": 5} | fields)  # type: ignore[arg-type]


@given(st.lists(st.binary(max_size=20)), st.integers(1, 50))
def test_bulks_are_bounded_by_bytes_and_keep_everything(actions: list[bytes], most: int) -> None:
    groups = list(bounded(actions, most))
    assert [action for group in groups for action in group] == actions
    assert all(group and (len(group) == 1 or sum(map(len, group)) <= most) for group in groups)


def test_conflicts_are_worth_another_attempt_and_nothing_else_is() -> None:
    fine = {"index": {"_id": "a", "status": 200}}
    conflict = {"create": {"_id": "b", "status": 409, "error": {"type": "version_conflict", "reason": "exists"}}}
    closed = {
        "index": {
            "_id": "c",
            "status": 403,
            "error": {"type": "cluster_block_exception", "reason": "x/index write (api)"},
        }
    }
    assert lost_items({"items": [fine, conflict, closed]}) == ["b", "c"]
    bad = {"index": {"_id": "d", "status": 400, "error": {"type": "document_parsing_exception", "reason": "no"}}}
    with pytest.raises(StoreRejected, match=r"d: .*no"):
        lost_items({"items": [conflict, bad]})
    busy = {"index": {"_id": "e", "status": 429, "error": {"type": "es_rejected_execution_exception", "reason": "q"}}}
    with pytest.raises(StoreUnavailable):
        lost_items({"items": [busy]})


def test_numbers_that_json_cannot_carry_are_refused() -> None:
    with pytest.raises(StoreRejected, match="a1"):
        serialise({"index": {}}, {"id": "a1", "seen_at": 2**70})


def test_a_refused_article_is_named_and_the_others_are_written(store: ElasticsearchStore) -> None:
    immense = article("immense", section="x" * 40_000)
    with pytest.raises(StoreRejected, match=r"^immense: "):
        store.write([article("a"), immense, article("b")])
    assert store.get(["a", "immense", "b"]) == [article("a"), None, article("b")]


def test_what_does_not_change_is_not_written(store: ElasticsearchStore, client: Elasticsearch, prefix: str) -> None:
    store.write([article("a")])
    store.write([article("a", seen_at=9, ranked_at=9)])
    assert client.get(index=f"{prefix}-articles", id="a")["_version"] == 1


def test_a_deletion_leaves_a_tombstone(store: ElasticsearchStore, client: Elasticsearch, prefix: str) -> None:
    store.write([article("a")])
    store.delete(["a"])
    assert client.get(index=f"{prefix}-articles", id="a")["_source"] == {"id": "a"}


def test_another_writer_between_reading_and_writing_costs_a_second_look(
    store: ElasticsearchStore, client: Elasticsearch, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.write([article("a", "First", seen_at=3, ranked_at=3)])
    read = store._writer.read
    monkeypatch.setattr(store._writer, "read", lambda ids: meddle(read(ids)))
    left = [article("a", "Meddled", seen_at=3, ranked_at=3, modified_at=8), article("b", "Meddled")]

    def meddle(found: dict[str, writing.Stored]) -> dict[str, writing.Stored]:
        if left:
            monkeypatch.setattr(store._writer, "read", read)
            store.write([left.pop(), left.pop()])
        return found

    outcomes = [written.outcome for written in store.write([article("a", "Old", modified_at=7), article("b", "New")])]
    assert outcomes == ["unchanged", "changed"]
    assert [one.title for one in store.get(["a", "b"]) if one] == ["Meddled", "New"]


def test_an_index_closed_to_writing_is_waited_for_and_then_told(
    store: ElasticsearchStore, client: Elasticsearch, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "PAUSES", (0.0, 0.01))
    client.indices.add_block(index=f"{prefix}-articles", block="write")
    with pytest.raises(StoreUnavailable, match="1 articles could not be written"):
        store.write([article("a")])
    client.indices.put_settings(index=f"{prefix}-articles", settings={"index.blocks.write": None})
    assert [written.outcome for written in store.write([article("a")])] == ["new"]


def test_no_index_comes_into_being_by_writing(store: ElasticsearchStore, client: Elasticsearch, prefix: str) -> None:
    client.indices.delete(index=f"{prefix}-articles-1")
    with pytest.raises(StoreUnavailable, match="not there"):
        store.write([article("a")])
    with pytest.raises(StoreUnavailable, match="not there"):
        store.count(Selection())
    assert not client.indices.exists(index=f"{prefix}-articles")
