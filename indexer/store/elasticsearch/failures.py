"""Elasticsearch's errors in the words of the port: one table for answers, bulk items and shards alike."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from elasticsearch import (
    ApiError,
    ConnectionTimeout,
    SerializationError,
    SSLError,
    TransportError,
    UnsupportedProductError,
)

from indexer.errors import StoreError, StoreRejected, StoreUnavailable
from indexer.store.port import Json

SOON: Final = 5.0
AFTER_SOMEBODY_ACTED: Final = 60.0

_BLOCKS: Final = {
    "flood-stage": "Elasticsearch's disk is full to its limit and its indices are read-only: free space on it",
    "index write (api)": "The index is closed to writing, by a rebuild: if none is running, run `dateline rebuild`",
    "no master": "The Elasticsearch cluster has no master",
    "not recovered": "The Elasticsearch cluster is starting",
}
_KINDS: Final = {
    "cluster_block_exception": ("Elasticsearch refuses to work on its indices", AFTER_SOMEBODY_ACTED),
    "index_not_found_exception": ("The index is not there: `dateline work` or `ingest` makes it", SOON),
    "no_shard_available_action_exception": ("A part of the index is not there yet", SOON),
    "unavailable_shards_exception": ("A part of the index is not there yet", SOON),
    "version_conflict_engine_exception": ("Others keep changing the same documents", SOON),
}
_STATUSES: Final = {
    401: ("Elasticsearch asks for a valid API key (DATELINE_ELASTICSEARCH_API_KEY)", AFTER_SOMEBODY_ACTED),
    403: ("Elasticsearch does not allow the API key to do this", AFTER_SOMEBODY_ACTED),
    408: ("Elasticsearch took too long", SOON),
    429: ("Elasticsearch has too much to do", SOON),
    500: ("Elasticsearch failed", SOON),
    502: ("Elasticsearch cannot be reached behind its proxy", SOON),
    503: ("Elasticsearch is not ready", SOON),
    504: ("Elasticsearch took too long", SOON),
}
_SILENCES: Final = {
    ConnectionTimeout: ("Elasticsearch did not answer in time", SOON),
    SSLError: ("Elasticsearch's certificate is not trusted (DATELINE_ELASTICSEARCH_CA)", AFTER_SOMEBODY_ACTED),
    SerializationError: ("What answers is not Elasticsearch", AFTER_SOMEBODY_ACTED),
    TransportError: ("Elasticsearch cannot be reached", SOON),
}


@contextmanager
def in_words() -> Iterator[None]:
    """Raise the port's errors for both families of the client's: it was answered (ApiError), or nobody answered."""
    try:
        yield
    except (ApiError, TransportError) as error:
        raise translated(error) from error


def translated(error: ApiError | TransportError) -> StoreError:
    if isinstance(error, UnsupportedProductError):
        return StoreUnavailable("What answers is not Elasticsearch.", AFTER_SOMEBODY_ACTED)
    if isinstance(error, ApiError):
        kind, reason = _cause(error.body)
        return refusal(error.meta.status, kind, reason)
    if isinstance(error, SerializationError) and error.message.startswith("Unable to serialize"):
        return StoreRejected("It cannot be written as JSON: it holds what is not Unicode text.")
    sentence, retry_after = next(words for family, words in _SILENCES.items() if isinstance(error, family))
    return StoreUnavailable(f"{sentence}: {error.message}", retry_after)


def refusal(status: int, kind: str, reason: str) -> StoreError:
    """The error for an HTTP status, a type and a reason as Elasticsearch gives them."""
    words = _block(reason) or _KINDS.get(kind) or _STATUSES.get(status)
    if words is None:
        return StoreRejected(f"Elasticsearch refused: {reason or kind or status}")
    sentence, retry_after = words
    return StoreUnavailable(f"{sentence}: {reason}" if reason else f"{sentence}.", retry_after)


def refused_item(item: Json) -> StoreError:
    """The error of one failed item of a bulk answer, naming its document."""
    error = item["error"]
    found = refusal(item["status"], error["type"], _deepest(error))
    if isinstance(found, StoreRejected):
        return StoreRejected(f"{item['_id']}: {found}")
    return found


def check_response(answer: Json) -> Json:
    """The answer, if it is whole: HTTP 200 with failed shards or a time-out is an error. StoreUnavailable."""
    if answer.get("timed_out"):
        raise StoreUnavailable("Elasticsearch took too long to answer in full")
    shards = answer.get("_shards", {})
    if shards.get("failed"):
        failures = shards.get("failures") or [{}]
        reason = failures[0].get("reason", {})
        raise StoreUnavailable(f"{shards['failed']} parts of the index failed: {_deepest(reason)}")
    return answer


def _block(reason: str) -> tuple[str, float] | None:
    if "blocked by" not in reason:
        return None
    return next(((words, AFTER_SOMEBODY_ACTED) for mark, words in _BLOCKS.items() if mark in reason), None)


def _cause(body: Any) -> tuple[str, str]:
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return "", str(error or body or "").strip()[:300]
    root = (error.get("root_cause") or [error])[0]
    return root.get("type") or error.get("type", ""), _deepest(error)


def _deepest(error: Json) -> str:
    """The reason at the bottom of a chain of causes, which is the one that says something."""
    root = (error.get("root_cause") or [error])[0]
    while isinstance(root.get("caused_by"), dict):
        root = root["caused_by"]
    return str(root.get("reason") or error.get("reason") or error.get("type", ""))
