"""Leases: documents that only their holder goes on changing.

A lease that nobody has renewed for `TTL` seconds, by the clock of whoever wants it, is free. No two machines' clocks
are compared; a process that wants a lease has to see it stand still for that long first.
"""

import logging
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from os import getpid
from typing import Final
from uuid import uuid4

from elasticsearch import ApiError, ConflictError, Elasticsearch, NotFoundError, TransportError

from indexer.store.elasticsearch.failures import in_words
from indexer.store.elasticsearch.records import document_id
from indexer.store.port import Json

TTL: Final = 15.0
KIND: Final = "lease"
_LOG = logging.getLogger(__name__)

Version = tuple[int, int]
"""Sequence number and primary term: what every change of a document changes."""


@dataclass(slots=True)
class ElasticsearchLease:
    """A lease that this process holds, as long as the document has the version that it last wrote."""

    client: Elasticsearch
    place: Json
    document: Json
    version: Version

    def renew(self) -> bool:
        with in_words():
            version = _replace(self.client, self.place, self.document, self.version)
        self.version = version or self.version
        return version is not None

    def release(self) -> None:
        """Give it back now, if that is possible; else it falls free by itself."""
        try:
            self.client.delete(**self.place, **_condition(self.version))
        except (ConflictError, NotFoundError):
            return
        except (ApiError, TransportError) as error:
            _LOG.warning("lease not released, it ends in %.0f s: %s", TTL, error)


class Leases:
    """Gives out leases kept in an index. `clock` counts seconds and never goes back."""

    def __init__(self, client: Elasticsearch, index: str, clock: Callable[[], float] = time.monotonic) -> None:
        # sent again, a write would conflict with itself
        self._client = client.options(max_retries=0)
        self._index = index
        self._clock = clock
        self._seen: dict[str, tuple[Version, float]] = {}

    def acquire(self, role: str) -> ElasticsearchLease | None:
        place = {"index": self._index, "id": document_id(KIND, role)}
        holder = f"{socket.gethostname()}:{getpid()}:{uuid4().hex[:8]}"
        document = {"kind": KIND, "id": role, "value": {"holder": holder}}
        version = self._create(place, document) or self._take_over(role, place, document)
        return ElasticsearchLease(self._client, place, document, version) if version else None

    def _create(self, place: Json, document: Json) -> Version | None:
        try:
            return _version(self._client.index(**place, document=document, op_type="create").body)
        except ConflictError:
            return None

    def _take_over(self, role: str, place: Json, document: Json) -> Version | None:
        """Replace a holder that has not moved since this process first saw it where it is."""
        try:
            current = _version(self._client.get(**place).body)
        except NotFoundError:
            return None
        seen, since = self._seen.get(role, (None, 0.0))
        if seen != current:
            self._seen[role] = (current, self._clock())
            return None
        if self._clock() - since < TTL:
            return None
        return _replace(self._client, place, document, current)


def _replace(client: Elasticsearch, place: Json, document: Json, version: Version) -> Version | None:
    try:
        return _version(client.index(**place, document=document, **_condition(version)).body)
    except ConflictError:
        return None


def _condition(version: Version) -> Json:
    return {"if_seq_no": version[0], "if_primary_term": version[1]}


def _version(answer: Json) -> Version:
    return answer["_seq_no"], answer["_primary_term"]
