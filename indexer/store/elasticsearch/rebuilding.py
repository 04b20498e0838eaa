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
    _copy_the_rest(client, current, successor, mark)
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
        if not lease.renew():
            raise StoreUnavailable("the rebuild stood still for too long, and another may have begun")
    return mark


def _copy_the_rest(client: Elasticsearch, current: Index, successor: str, mark: str | None) -> None:
    count = 1
    while count:
        mark, count = _copy_page(client, current, successor, mark)


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
        client.indices.put_settings(index=current.name, settings={"index.blocks.write": None})
    with contextlib.suppress(ApiError, TransportError):
        client.indices.delete(index=successor)
