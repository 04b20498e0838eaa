"""A new index of articles, made aside from the old one while it is read and written, and swapped in."""

import contextlib
import time
from typing import Final

from elasticsearch import ApiError, Elasticsearch, TransportError

from indexer.errors import StoreUnavailable
from indexer.store.document import to_document
from indexer.store.elasticsearch.failures import check_response
from indexer.store.elasticsearch.following import read_changes
from indexer.store.elasticsearch.indices import Index, Indices
from indexer.store.elasticsearch.leases import TTL, ElasticsearchLease, Leases
from indexer.store.elasticsearch.writing import send, serialise, tombstone
from indexer.store.port import Change, Json

PAGE: Final = 1_000
ROLE: Final = "rebuild"
GRACE: Final = 1.0
"""Seconds for searches that are under way in the old index to end."""


def rebuild(client: Elasticsearch, indices: Indices, leases: Leases) -> None:
    """Copy every article, and every tombstone, into a new index with today's mapping, and put it in place.

    Writers go on until the copy is level; for the last round they are held off, and then write to the new index.
    """
    lease = _wait_for_lease(leases)
    try:
        current = indices.current()
        successor = indices.create_beside(current)
        try:
            _copy(client, current, successor, lease)
        except BaseException:
            _abandon(client, current, successor)
            raise
        _swap(client, indices, current, successor)
        time.sleep(GRACE)
        client.indices.delete(index=current.name, ignore_unavailable=True)
    finally:
        lease.release()


def reopen(client: Elasticsearch, indices: Indices, leases: Leases) -> None:
    """Let writers go on if a rebuild died that held them off. It takes several calls to be sure of its death."""
    current = indices.current()
    leftovers = indices.leftovers(current)
    lease = leases.acquire(ROLE) if leftovers else None
    if lease is None:
        return
    try:
        # first, so that it cannot put its copy in place after all, without what is written from here on
        indices.remove(current, leftovers)
        _open(client, current)
    finally:
        lease.release()


def _wait_for_lease(leases: Leases) -> ElasticsearchLease:
    """The lease, also where a rebuild that died had it: that takes as long as it takes to be sure of it."""
    end = time.monotonic() + TTL + 2
    while time.monotonic() < end:
        lease = leases.acquire(ROLE)
        if lease:
            return lease
        time.sleep(0.5)
    raise StoreUnavailable("another rebuild is running", retry_after=60)


def _copy(client: Elasticsearch, current: Index, successor: str, lease: ElasticsearchLease) -> None:
    mark = _copy_until_level(client, current, successor, lease)
    client.indices.add_block(index=current.name, block="write")
    _copy_the_rest(client, current, successor, mark, lease)
    check_response(client.indices.refresh(index=successor).body)


def _swap(client: Elasticsearch, indices: Indices, current: Index, successor: str) -> None:
    """Where no answer comes the swap may have happened, or may be about to: then neither index is touched."""
    try:
        indices.swap(current, successor)
    except ApiError:
        if indices.current() == current:
            _abandon(client, current, successor)
        raise


def _copy_until_level(client: Elasticsearch, current: Index, successor: str, lease: ElasticsearchLease) -> str | None:
    mark, count = None, PAGE
    while count >= PAGE // 2:
        mark, count = _copy_page(client, current, successor, mark)
        _renew(lease)
    return mark


def _copy_the_rest(
    client: Elasticsearch, current: Index, successor: str, mark: str | None, lease: ElasticsearchLease
) -> None:
    count = 1
    while count:
        mark, count = _copy_page(client, current, successor, mark)
        _renew(lease)


def _renew(lease: ElasticsearchLease) -> None:
    if not lease.renew():
        raise StoreUnavailable("the rebuild stood still for too long, and another may have begun")


def _copy_page(client: Elasticsearch, current: Index, successor: str, mark: str | None) -> tuple[str | None, int]:
    page = read_changes(client, current, mark, PAGE)
    actions = (serialise({"index": {"_id": change.id}}, _document(change)) for change in page.items)
    if send(client, successor, actions, require_alias=False):
        raise StoreUnavailable(f"{successor} is written by somebody else: the rebuild was given up")
    return page.mark, len(page.items)


def _document(change: Change) -> Json:
    return to_document(change.article) if change.article else tombstone(change.id)


def _abandon(client: Elasticsearch, current: Index, successor: str) -> None:
    """Leave the old index as it was. What cannot be undone now is undone by the next rebuild."""
    with contextlib.suppress(ApiError, TransportError):
        _open(client, current)
    with contextlib.suppress(ApiError, TransportError):
        client.indices.delete(index=successor)


def _open(client: Elasticsearch, index: Index) -> None:
    client.indices.put_settings(index=index.name, settings={"index.blocks.write": None})
