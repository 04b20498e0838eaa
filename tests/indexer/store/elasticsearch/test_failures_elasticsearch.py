from typing import Any

import pytest
from elastic_transport import ApiResponseMeta, HttpHeaders, NodeConfig
from elasticsearch import (
    ApiError,
    AuthenticationException,
    AuthorizationException,
    BadRequestError,
    ConflictError,
    ConnectionError,  # noqa: A004 - the client's own
    ConnectionTimeout,
    NotFoundError,
    SerializationError,
    SSLError,
    TransportError,
    UnsupportedProductError,
)

from indexer.errors import StoreError, StoreRejected, StoreUnavailable
from indexer.store.elasticsearch.failures import check_response, in_words, refused_item, translated

FLOOD = (
    "index [news-articles-1] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark, "
    "index has read-only-allow-delete block];"
)
CLOSED = "index [news-articles-1] blocked by: [FORBIDDEN/8/index write (api)];"


def answered(status: int, kind: str, reason: str, family: type[ApiError] = ApiError) -> ApiError:
    error = {"type": kind, "reason": reason}
    return family(kind, meta(status), {"error": error | {"root_cause": [error]}, "status": status})


def meta(status: int) -> ApiResponseMeta:
    return ApiResponseMeta(status, "1.1", HttpHeaders(), 0.1, NodeConfig("http", "localhost", 9200))


@pytest.mark.parametrize(
    ("error", "family", "says"),
    [
        (ConnectionError("refused"), StoreUnavailable, "cannot be reached: refused"),
        (ConnectionTimeout("30 s"), StoreUnavailable, "did not answer in time"),
        (SSLError("self-signed"), StoreUnavailable, "not trusted .DATELINE_ELASTICSEARCH_CA"),
        (TransportError("whatever"), StoreUnavailable, "cannot be reached"),
        (SerializationError("Unable to deserialize as JSON: b'<html>'"), StoreUnavailable, "not Elasticsearch"),
        (SerializationError("Unable to serialize to JSON: '\\ud800'"), StoreRejected, "not Unicode"),
        (UnsupportedProductError("", meta(200), {}), StoreUnavailable, "not Elasticsearch"),
        (answered(401, "security_exception", "no", AuthenticationException), StoreUnavailable, "valid API key"),
        (answered(403, "security_exception", "no", AuthorizationException), StoreUnavailable, "does not allow"),
        (answered(429, "circuit_breaking_exception", "too large"), StoreUnavailable, "too much to do: too large"),
        (answered(429, "es_rejected_execution_exception", "queue"), StoreUnavailable, "too much to do: queue"),
        (answered(429, "cluster_block_exception", FLOOD), StoreUnavailable, "disk is full"),
        (answered(403, "cluster_block_exception", FLOOD), StoreUnavailable, "disk is full"),
        (answered(403, "cluster_block_exception", CLOSED), StoreUnavailable, "by a rebuild"),
        (answered(503, "cluster_block_exception", "blocked by: [no master];"), StoreUnavailable, "no master"),
        (answered(403, "cluster_block_exception", "blocked by: [other];"), StoreUnavailable, "refuses to work"),
        (answered(404, "index_not_found_exception", "no such index", NotFoundError), StoreUnavailable, "not there"),
        (answered(503, "no_shard_available_action_exception", ""), StoreUnavailable, "not there yet"),
        (answered(409, "version_conflict_engine_exception", "x", ConflictError), StoreUnavailable, "Others keep"),
        (answered(500, "null_pointer_exception", "oops"), StoreUnavailable, "failed: oops"),
        (ApiError("bad gateway", meta(502), "<html>bad gateway"), StoreUnavailable, "behind its proxy: <html>"),
        (ApiError("", meta(503), None), StoreUnavailable, "not ready"),
        (ApiError("", meta(504), {}), StoreUnavailable, "too long"),
        (answered(400, "parsing_exception", "unknown query", BadRequestError), StoreRejected, "unknown query"),
        (answered(413, "content_too_long", "100mb"), StoreRejected, "100mb"),
        (ApiError("teapot", meta(418), {}), StoreRejected, "418"),
    ],
)
def test_both_families_of_the_client_become_the_ports(error: Any, family: type[StoreError], says: str) -> None:
    with pytest.raises(family, match=says) as raised, in_words():
        raise error
    assert type(raised.value) is family
    assert raised.value.__cause__ is error


def test_only_what_time_alone_mends_is_tried_again_soon() -> None:
    soon, later = translated(ConnectionError("")), translated(answered(429, "cluster_block_exception", FLOOD))
    assert isinstance(soon, StoreUnavailable)
    assert isinstance(later, StoreUnavailable)
    assert soon.retry_after < later.retry_after


def test_the_deepest_cause_is_the_one_that_is_told() -> None:
    cause = {"type": "mapper", "reason": "failed", "caused_by": {"type": "x", "reason": "field [colour] is unknown"}}
    error = BadRequestError("mapper", meta(400), {"error": cause | {"root_cause": [cause]}})
    assert str(translated(error)) == "Elasticsearch refused: field [colour] is unknown"


def test_a_refused_item_names_its_document() -> None:
    item = {"_id": "a1", "status": 400, "error": {"type": "document_parsing_exception", "reason": "immense term"}}
    error = refused_item(item)
    assert isinstance(error, StoreRejected)
    assert str(error) == "a1: Elasticsearch refused: immense term"
    full = refused_item(item | {"status": 429, "error": {"type": "cluster_block_exception", "reason": FLOOD}})
    assert isinstance(full, StoreUnavailable)


WHOLE = {"took": 1, "timed_out": False, "_shards": {"total": 3, "successful": 3, "skipped": 0, "failed": 0}}
FAILED_SHARD = {
    "took": 1,
    "timed_out": False,
    "_shards": {
        "total": 3,
        "successful": 2,
        "skipped": 0,
        "failed": 1,
        "failures": [{"shard": 1, "index": "news", "reason": {"type": "circuit_breaking_exception", "reason": "heap"}}],
    },
}


def test_an_answer_that_is_not_whole_is_an_error() -> None:
    assert check_response(WHOLE) is WHOLE
    with pytest.raises(StoreUnavailable, match="too long"):
        check_response(WHOLE | {"timed_out": True})
    with pytest.raises(StoreUnavailable, match="1 parts of the index failed: heap"):
        check_response(FAILED_SHARD)
    with pytest.raises(StoreUnavailable, match="2 parts"):
        check_response({"_shards": {"failed": 2}})


def test_other_errors_pass() -> None:
    with pytest.raises(KeyError), in_words():
        raise KeyError
