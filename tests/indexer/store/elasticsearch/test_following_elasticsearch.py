import json
from collections.abc import Callable
from threading import Thread

import pytest
from elasticsearch import Elasticsearch
from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Article
from indexer.errors import StoreUnavailable
from indexer.store.elasticsearch import following
from indexer.store.elasticsearch.following import Mark, fair_shares, read_mark
from indexer.store.elasticsearch.indices import Index
from indexer.store.elasticsearch.store import ElasticsearchStore

INDEX = Index("news-articles-1", "UUID", 3)


def articles(*numbers: int) -> list[Article]:
    return [Article(id=f"a{number}", title=f"Title {number}", seen_at=number, ranked_at=number) for number in numbers]


def followed(store: ElasticsearchStore, limit: int, mark: str | None = None) -> tuple[dict[str, Article | None], str]:
    latest: dict[str, Article | None] = {}
    while (page := store.changes(mark, limit)).items:
        assert len(page.items) <= limit
        latest |= {change.id: change.article for change in page.items}
        mark = page.mark
    assert page.mark == mark
    assert mark is not None
    return latest, mark


@given(st.dictionaries(st.integers(0, 9), st.integers(1, 100)), st.integers(0, 300))
def test_a_limit_is_shared_out_fairly(backlogs: dict[int, int], limit: int) -> None:
    shares = fair_shares(backlogs, limit)
    assert sum(shares.values()) == min(limit, sum(backlogs.values()))
    assert all(0 < share <= backlogs[shard] for shard, share in shares.items())
    if backlogs and limit:
        largest = max(backlogs.values())
        assert any(backlogs[shard] == largest for shard in shares)


@given(st.dictionaries(st.integers(0, 9), st.integers(0, 2**62), min_size=1))
def test_a_mark_is_read_as_it_was_written(shards: dict[int, int]) -> None:
    mark = Mark("UUID", shards)
    assert read_mark(mark.text, INDEX) == mark


@given(st.none() | st.text() | st.recursive(st.integers() | st.text(), st.lists).map(json.dumps))
def test_any_other_mark_is_the_beginning(text: str | None) -> None:
    assert read_mark(text, INDEX) == Mark("UUID", {})
    assert read_mark('{"index": "ANOTHER", "shards": {"0": 4}}', INDEX).text is None


@pytest.mark.elasticsearch
@pytest.mark.parametrize("limit", [1, 2, 7, 100])
def test_nothing_is_lost_over_shards(sharded: ElasticsearchStore, limit: int) -> None:
    sharded.write(articles(*range(20)))
    sharded.delete(["a3", "a4"])
    latest, mark = followed(sharded, limit)
    assert len(json.loads(mark)["shards"]) == 3
    assert latest == {one.id: None if one.id in {"a3", "a4"} else one for one in articles(*range(20))}
    sharded.write(articles(20, 4))
    assert followed(sharded, limit, mark)[0] == {one.id: one for one in articles(20, 4)}


@pytest.mark.elasticsearch
def test_no_shard_starves_while_another_is_written(sharded: ElasticsearchStore) -> None:
    sharded.write(articles(*range(30)))
    seen: set[str] = set()
    mark = None
    for turn in range(90):
        page = sharded.changes(mark, 1)
        seen |= {change.id for change in page.items}
        mark = page.mark
        sharded.write([Article(id="busy", title=str(turn), seen_at=0, ranked_at=0)])
    assert seen >= {one.id for one in articles(*range(30))}


@pytest.mark.elasticsearch
def test_what_comes_between_the_checkpoint_and_the_search_is_left_for_later(
    store: ElasticsearchStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.write(articles(1, 2))
    at_checkpoint: Callable[..., dict[int, int]] = following._checkpoints

    def checkpoints_then_a_write(client: Elasticsearch, index: Index) -> dict[int, int]:
        found = at_checkpoint(client, index)
        store.write([*articles(3), Article(id="a1", title="Changed", seen_at=1, ranked_at=1)])
        return found

    with monkeypatch.context() as patched:
        patched.setattr(following, "_checkpoints", checkpoints_then_a_write)
        first = store.changes(None, 100)
    assert {change.id for change in first.items} == {"a2"}
    assert {change.id for change in store.changes(first.mark, 100).items} == {"a1", "a3"}


@pytest.mark.elasticsearch
def test_a_follower_of_many_writers_ends_with_what_is_there(sharded: ElasticsearchStore) -> None:
    def write(start: int) -> None:
        for number in range(start, start + 12):
            sharded.write(articles(number, number + 1))
            sharded.delete([f"a{number - 3}"])

    writers = [Thread(target=write, args=(start,)) for start in (0, 8, 100)]
    for writer in writers:
        writer.start()
    latest: dict[str, Article | None] = {}
    mark = None
    while any(writer.is_alive() for writer in writers):
        page = sharded.changes(mark, 5)
        latest |= {change.id: change.article for change in page.items}
        mark = page.mark
    while (page := sharded.changes(mark, 5)).items:
        latest |= {change.id: change.article for change in page.items}
        mark = page.mark
    assert latest == dict(zip(latest, sharded.get(list(latest)), strict=True))
    assert sum(one is not None for one in latest.values()) == followed_count(sharded)


def followed_count(store: ElasticsearchStore) -> int:
    latest, _ = followed(store, 1_000)
    return sum(one is not None for one in latest.values())


@pytest.mark.elasticsearch
def test_an_index_without_all_its_shards_is_not_followed(
    sharded: ElasticsearchStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    current = sharded._indices.current()
    monkeypatch.setattr(sharded._indices, "current", lambda: Index(current.name, current.uuid, 4))
    with pytest.raises(StoreUnavailable, match="only 3 of 4"):
        sharded.changes(None, 10)
