"""The small documents around the articles."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Final

from elasticsearch import ConflictError, Elasticsearch, NotFoundError

from indexer.store.elasticsearch.failures import check_response
from indexer.store.port import Json

PAGE: Final = 1_000


def document_id(kind: str, record_id: str) -> str:
    """A record's id may be longer than Elasticsearch allows, an address for instance."""
    return sha256(f"{kind}\0{record_id}".encode()).hexdigest()


class Records:
    """Documents by kind and id, in an index of their own."""

    def __init__(self, client: Elasticsearch, index: str) -> None:
        # a create that was sent again would meet the document that it made the first time
        self._once = client.options(max_retries=0)
        self._client = client
        self._index = index

    def of_kind(self, kind: str, after: str) -> dict[str, Json]:
        check_response(self._client.indices.refresh(index=self._index).body)
        return {hit["_source"]["id"]: hit["_source"]["value"] for hit in self._hits(kind, after)}

    def put(self, kind: str, record_id: str, value: Json, *, only_new: bool) -> bool:
        place: Json = {"index": self._index, "id": document_id(kind, record_id)}
        document = {"kind": kind, "id": record_id, "value": value}
        if not only_new:
            self._client.index(**place, document=document)
            return True
        try:
            self._once.index(**place, document=document, op_type="create")
        except ConflictError:
            return False
        return True

    def drop(self, kind: str, record_id: str) -> bool:
        try:
            self._client.delete(index=self._index, id=document_id(kind, record_id))
        except NotFoundError:
            return False
        return True

    def _hits(self, kind: str, after: str) -> Iterator[Json]:
        place = [after]
        while True:
            answer = self._client.search(
                index=self._index,
                query={"term": {"kind": kind}},
                sort=[{"id": "asc"}],
                size=PAGE,
                search_after=place,
                allow_partial_search_results=False,
            )
            page: list[Json] = check_response(answer.body)["hits"]["hits"]
            yield from page
            if len(page) < PAGE:
                return
            place = page[-1]["sort"]
