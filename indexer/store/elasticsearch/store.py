"""The Elasticsearch store: the articles' documents are the record of truth, and nothing is derived from them."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from math import inf
from typing import Any, Final
from zlib import crc32

import orjson
from elasticsearch import Elasticsearch, OrjsonSerializer

from indexer.article import Article, Written
from indexer.store.document import from_document
from indexer.store.elasticsearch import freshness, searching
from indexer.store.elasticsearch.address import parse_address
from indexer.store.elasticsearch.failures import check_response, in_words
from indexer.store.elasticsearch.following import read_changes
from indexer.store.elasticsearch.indices import Indices
from indexer.store.elasticsearch.leases import ElasticsearchLease, Leases
from indexer.store.elasticsearch.likeness import similar_body
from indexer.store.elasticsearch.rebuilding import rebuild, reopen
from indexer.store.elasticsearch.records import Records
from indexer.store.elasticsearch.writing import Writer, batched
from indexer.store.port import Changes, Hit, Json, Request, Response, Selection
from indexer.times import Millis

THREADS: Final = 40
PING_PATIENCE: Final = 3.0
"""Seconds: whoever asks how things are wants to hear of a node that stands still, not to wait for it."""
MOST_SPANS: Final = 10_000
REMEMBERED: Final = 1.0
"""Seconds: how often Elasticsearch itself lets what was written be found."""
_NEVER: Final[tuple[float, Millis | None]] = (-inf, None)


class ElasticsearchStore:
    """`indexer.store.port.Store` on a cluster, at `elasticsearch+http://host:9200/news`. Connects at the first call.

    `api_key` is an encoded API key; `ca` the path of a certificate authority that https hosts are trusted by, for
    one that the system does not know. `clock` counts seconds and never goes back; leases are measured by it.
    """

    def __init__(
        self,
        url: str,
        *,
        api_key: str | None = None,
        ca: str | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        address = parse_address(url)
        self._client = _connect(address.hosts, api_key, ca)
        self._address = address
        self._alias = address.articles
        self._indices = Indices(self._client, address)
        self._records = Records(self._client, address.records)
        self._leases = Leases(self._client, address.records, clock)
        self._clock = clock
        self._newest = _NEVER
        self._writer = Writer(self._client, address.articles, self._reopen)

    @in_words()
    def prepare(self) -> None:
        self._indices.prepare()

    @in_words()
    def ping(self) -> None:
        hurried = self._client.options(request_timeout=PING_PATIENCE)
        Indices(hurried, self._address).check()
        self._search(searching.count_body(Selection()), hurried)

    def close(self) -> None:
        self._client.close()

    @in_words()
    def write(self, articles: Sequence[Article]) -> list[Written]:
        return self._writer.upsert(articles)

    @in_words()
    def revise(self, ids: Sequence[str], change: Callable[[Article], Article]) -> list[Written]:
        return self._writer.revise(ids, change)

    @in_words()
    def delete(self, ids: Sequence[str]) -> list[bool]:
        return self._writer.delete(ids)

    @in_words()
    def refresh(self) -> None:
        check_response(self._client.indices.refresh(index=self._alias).body)
        self._newest = _NEVER

    def catch_up(self) -> int:
        return 0

    def behind(self) -> int:
        return 0

    @in_words()
    def rebuild(self) -> None:
        rebuild(self._client, self._indices, self._leases)

    @in_words()
    def get(self, ids: Sequence[str]) -> list[Article | None]:
        stored = self._writer.read(ids)
        return [stored[article_id].article for article_id in ids]

    @in_words()
    def search(self, request: Request) -> Response:
        answer = self._search(searching.search_body(request))
        again = searching.recount_body(request, answer)
        response = searching.read_response(request, answer, self._search(again) if again else None)
        if request.freshness and freshness.is_faint(answer):
            return replace(response, hits=freshness.look_back(self._search, request, request.freshness))
        return response

    @in_words()
    def similar(self, article: Article, selection: Selection, size: int) -> tuple[Hit, ...]:
        answer = self._search(similar_body(article, selection, size))
        return tuple(Hit(from_document(hit["_source"]), hit["_score"]) for hit in answer["hits"]["hits"])

    @in_words()
    def count(self, selection: Selection) -> int:
        total: int = self._search(searching.count_body(selection))["hits"]["total"]["value"]
        return total

    @in_words()
    def newest_arrival(self) -> Millis | None:
        """Every answer says it, and it would take each as long as its search: so it is asked for once a second."""
        now = self._clock()
        asked_at, newest = self._newest
        if now - asked_at >= REMEMBERED:
            newest = searching.read_newest(self._search(searching.newest_body()))
            self._newest = now, newest
        return newest

    @in_words()
    def histogram(self, selection: Selection, edges: Sequence[Millis]) -> list[int]:
        spans = batched(range(len(edges) - 1), MOST_SPANS)
        bodies = (searching.histogram_body(selection, edges[part[0] : part[-1] + 2]) for part in spans)
        return [count for body in bodies for count in searching.read_histogram(self._search(body))]

    @in_words()
    def changes(self, after: str | None, limit: int) -> Changes:
        return read_changes(self._client, self._indices.current(), after, limit)

    @in_words()
    def records(self, kind: str, *, after: str = "") -> dict[str, Json]:
        return self._records.of_kind(kind, after)

    @in_words()
    def put_record(self, kind: str, record_id: str, value: Json, *, only_new: bool = False) -> bool:
        return self._records.put(kind, record_id, value, only_new=only_new)

    @in_words()
    def drop_record(self, kind: str, record_id: str) -> bool:
        return self._records.drop(kind, record_id)

    @in_words()
    def lease(self, role: str) -> ElasticsearchLease | None:
        return self._leases.acquire(role)

    def _reopen(self) -> None:
        reopen(self._client, self._indices, self._leases)

    def _search(self, body: Json, client: Elasticsearch | None = None) -> Json:
        """The one place that searches articles: an answer that is not whole is an error."""
        # of a shard with copies the same one answers the same question, so that pages fit together
        preference = f"{crc32(orjson.dumps(body.get('query'))):x}"
        answer = (client or self._client).search(
            index=self._alias,
            body=body,
            search_type=searching.search_type(body),
            preference=preference,
            allow_partial_search_results=False,
        )
        return check_response(answer.body)


def _connect(hosts: Sequence[str], api_key: str | None, ca: str | None) -> Elasticsearch:
    options: dict[str, Any] = {"api_key": api_key} if api_key else {}
    if ca:
        options["ca_certs"] = ca
    return Elasticsearch(
        list(hosts),
        connections_per_node=THREADS,
        request_timeout=30,
        serializers={"application/json": OrjsonSerializer()},
        **options,
    )
