"""Upserts and deletions: read the current versions, decide, and write on condition that nobody else did meanwhile."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeVar

import orjson
from elasticsearch import Elasticsearch

from indexer.article import Article, Written, replaced, supersede_all
from indexer.errors import StoreRejected, StoreUnavailable
from indexer.store.document import from_document, to_document
from indexer.store.elasticsearch.failures import refused_item
from indexer.store.fields import encodable
from indexer.store.port import Json

MOST_DOCUMENTS: Final = 500
MOST_BYTES: Final = 5 * 1024 * 1024
PAUSES: Final = (0.0, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4)
"""Seconds before each attempt at what others changed, or at an index that a rebuild has just closed."""
SUSPICIOUS: Final = 0.8
"""A pause from which on it may be that the rebuild died."""

_CONFLICT: Final = 409
_CLOSED_TO_WRITING: Final = "index write (api)"


T = TypeVar("T")


class Stored(NamedTuple):
    """What is under an id: an article, or none, and the bulk action that replaces just this version of it."""

    article: Article | None
    action: Json


Decide = Callable[[Mapping[str, Article | None]], Mapping[str, Json]]
"""From the current articles by id to the documents that shall replace them."""


class Writer:
    """Writes articles through an alias. `reopen` lifts what a dead rebuild left in the way, if it did."""

    def __init__(self, client: Elasticsearch, alias: str, reopen: Callable[[], None]) -> None:
        self._client = client
        self._alias = alias
        self._reopen = reopen

    def upsert(self, articles: Sequence[Article]) -> list[Written]:
        return [written for batch in batched(articles, MOST_DOCUMENTS) for written in self._upsert(batch)]

    def revise(self, ids: Sequence[str], change: Callable[[Article], Article]) -> list[Written]:
        return [written for batch in batched(ids, MOST_DOCUMENTS) for written in self._revise(batch, change)]

    def delete(self, ids: Sequence[str]) -> list[bool]:
        return [deleted for batch in batched(ids, MOST_DOCUMENTS) for deleted in self._delete(batch)]

    def read(self, ids: Sequence[str]) -> dict[str, Stored]:
        """The current versions, at once after a write."""
        stored = {article_id: Stored(None, {"create": {"_id": article_id}}) for article_id in ids}
        askable = [article_id for article_id in stored if _is_unicode(article_id)]
        if askable:
            found = self._client.mget(index=self._alias, ids=askable).body["docs"]
            stored |= {document["_id"]: _stored(document) for document in found if _is_there(document)}
        return stored

    def _upsert(self, articles: Sequence[Article]) -> list[Written]:
        _check_ids(articles)
        verdicts: dict[int, Written] = {}

        def decide(current: Mapping[str, Article | None]) -> dict[str, Json]:
            arriving = {place: article for place, article in enumerate(articles) if article.id in current}
            stored = {article_id: article for article_id, article in current.items() if article}
            verdicts.update(zip(arriving, supersede_all(stored, list(arriving.values())), strict=True))
            kept = {verdicts[place].article.id: verdicts[place].article for place in arriving}
            return {id_: to_document(article) for id_, article in kept.items() if article != stored.get(id_)}

        self._settle([article.id for article in articles], decide)
        return [verdicts[place] for place in range(len(articles))]

    def _revise(self, ids: Sequence[str], change: Callable[[Article], Article]) -> list[Written]:
        verdicts: dict[str, Written] = {}

        def decide(current: Mapping[str, Article | None]) -> dict[str, Json]:
            for article_id in current:
                verdicts.pop(article_id, None)  # it may be gone since the last attempt
            now = {id_: replaced(article, change(article)) for id_, article in current.items() if article}
            verdicts.update(now)
            return {id_: to_document(one.article) for id_, one in now.items() if one.outcome != "unchanged"}

        self._settle(ids, decide)
        return [verdicts[article_id] for article_id in dict.fromkeys(ids) if article_id in verdicts]

    def _delete(self, ids: Sequence[str]) -> list[bool]:
        present: dict[str, bool] = {}

        def decide(current: Mapping[str, Article | None]) -> dict[str, Json]:
            present.update({article_id: article is not None for article_id, article in current.items()})
            return {article_id: tombstone(article_id) for article_id in current if present[article_id]}

        self._settle(ids, decide)
        return [present.pop(article_id, False) for article_id in ids]

    def _settle(self, ids: Iterable[str], decide: Decide) -> None:
        """Read, decide and write until every decision was made on what was there when it took effect."""
        waiting = list(dict.fromkeys(ids))
        for pause in PAUSES:
            time.sleep(pause)
            if pause >= SUSPICIOUS:
                self._reopen()
            stored = self.read(waiting)
            documents = decide({article_id: version.article for article_id, version in stored.items()})
            waiting = self._replace(stored, documents)
            if not waiting:
                return
        raise StoreUnavailable(f"{len(waiting)} articles could not be written: others write them, or a rebuild runs")

    def _replace(self, stored: Mapping[str, Stored], documents: Mapping[str, Json]) -> list[str]:
        """Write the documents over the versions read; the ids whose versions were no longer there."""
        actions = (serialise(stored[article_id].action, document) for article_id, document in documents.items())
        return send(self._client, self._alias, actions, require_alias=True)


def _check_ids(articles: Iterable[Article]) -> None:
    for article in articles:
        if not _is_unicode(article.id):
            raise StoreRejected(f"{article.id!a}: an id is Unicode text")


def tombstone(article_id: str) -> Json:
    """What stands in place of a deleted article."""
    return {"id": article_id}


def serialise(action: Json, document: Json) -> bytes:
    """Two lines of a bulk request. StoreRejected for what JSON cannot carry."""
    try:
        return orjson.dumps(action) + b"\n" + orjson.dumps(document)
    except TypeError as error:
        raise StoreRejected(f"{document['id']!a}: it cannot be written as JSON ({error})") from error


def send(client: Elasticsearch, index: str, actions: Iterable[bytes], *, require_alias: bool) -> list[str]:
    """Bulk requests of bounded size; the ids that are worth another attempt. Raises for any other failure."""
    lost = []
    for lines in bounded(actions):
        operations: Any = lines
        answer = client.bulk(index=index, operations=operations, require_alias=require_alias).body
        if answer["errors"]:
            lost += lost_items(answer)
    return lost


def bounded(actions: Iterable[bytes], most: int = MOST_BYTES) -> Iterator[list[bytes]]:
    """The actions in groups of at most so many bytes; a larger one stands alone."""
    group: list[bytes] = []
    size = 0
    for action in actions:
        if group and size + len(action) > most:
            yield group
            group, size = [], 0
        group.append(action)
        size += len(action)
    if group:
        yield group


def lost_items(answer: Json) -> list[str]:
    """The ids of a bulk answer that are worth another attempt. Raises for any other failure."""
    results = [result for item in answer["items"] for result in item.values() if "error" in result]
    for result in results:
        if not _worth_another(result):
            raise refused_item(result)
    return [result["_id"] for result in results]


def batched(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (items[start : start + size] for start in range(0, len(items), size))


def _worth_another(result: Json) -> bool:
    return result["status"] == _CONFLICT or _CLOSED_TO_WRITING in str(result["error"].get("reason"))


def _is_unicode(text: str) -> bool:
    return encodable(text) == text


def _is_there(document: Json) -> bool:
    if "error" in document:
        raise refused_item(document | {"status": 503})
    return bool(document["found"])


def _stored(document: Json) -> Stored:
    version = {"if_seq_no": document["_seq_no"], "if_primary_term": document["_primary_term"]}
    return Stored(article_of(document["_source"]), {"index": {"_id": document["_id"], **version}})


def article_of(source: Json) -> Article | None:
    """The article of a stored document; None for a tombstone."""
    return from_document(source) if "ranked_at" in source else None
