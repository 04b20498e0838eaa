import logging

import pytest
from elasticsearch import Elasticsearch

from indexer.errors import StoreUnavailable
from indexer.store.elasticsearch.leases import TTL
from indexer.store.elasticsearch.store import ElasticsearchStore
from tests.indexer.store.elasticsearch.conftest import Opener

pytestmark = pytest.mark.elasticsearch


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_a_dead_holders_lease_falls_free_once_it_was_seen_to_stand_still(
    store: ElasticsearchStore, open_again: Opener
) -> None:
    clock = Clock()
    other = open_again(clock=clock)
    dead = store.lease("worker")
    assert dead is not None
    assert other.lease("worker") is None
    clock.now += TTL - 0.1
    assert other.lease("worker") is None
    clock.now += 0.2
    taken = other.lease("worker")
    assert taken is not None
    assert not dead.renew()
    dead.release()
    assert taken.renew()


def test_a_lease_that_moves_stays_with_its_holder(store: ElasticsearchStore, open_again: Opener) -> None:
    clock = Clock()
    other = open_again(clock=clock)
    lease = store.lease("worker")
    assert lease is not None
    for _ in range(4):
        assert other.lease("worker") is None
        assert lease.renew()
        clock.now += TTL - 1


def test_of_two_that_take_over_one_wins(store: ElasticsearchStore, open_again: Opener) -> None:
    clock = Clock()
    others = [open_again(clock=clock) for _ in range(3)]
    assert store.lease("worker") is not None
    assert [other.lease("worker") for other in others] == [None] * 3
    clock.now += TTL
    assert sum(other.lease("worker") is not None for other in others) == 1


def test_a_lease_can_be_let_go_of_while_the_store_is_away(
    store: ElasticsearchStore, client: Elasticsearch, prefix: str, caplog: pytest.LogCaptureFixture
) -> None:
    lease = store.lease("worker")
    assert lease is not None
    client.indices.add_block(index=f"{prefix}-records", block="write")
    with pytest.raises(StoreUnavailable):
        lease.renew()
    with caplog.at_level(logging.WARNING):
        lease.release()
    assert "lease not released" in caplog.text
