"""The same search as the service's, asked of the engines themselves."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson
import tantivy
from elasticsearch import Elasticsearch

from indexer.query.parser import parse
from indexer.store.embedded.compile import compile_selection, scored
from indexer.store.embedded.folder import IndexFolder
from indexer.store.embedded.schema import load_fields
from indexer.store.fields import TEXT
from indexer.store.port import Request, Selection

PAGE = 11
MARKED = ("title", "body")
MARKS = {"require_field_match": False, "fields": {name: {} for name in MARKED}}


def words(text: str, operator: str) -> dict[str, Any]:
    """What dateline asks Elasticsearch for words, written out by hand: in the whole text, more in the title."""
    title = {"match": {"title": {"query": text, "boost": 0.3}}}
    return {"bool": {"must": [{"match": {"text": {"query": text, "operator": operator}}}], "should": [title]}}


class BareEmbedded:
    """Tantivy and SQLite without a store around them."""

    def __init__(self, folder: Path) -> None:
        self._fields = load_fields()
        index = IndexFolder(folder / "index", self._fields)
        mark = index.mark()
        if mark is None:
            raise RuntimeError(f"there is no index in {folder}")
        self._searcher = index.open(mark.generation).searcher()
        self._database = sqlite3.connect(folder / "articles.sqlite")

    def search(self, text: str, facets: Sequence[str]) -> None:
        request = Request(Selection(parse(text)), "relevance")
        query = compile_selection(request.selection, self._fields)
        found = self._searcher.search(scored(query, request, self._fields), PAGE).hits
        self._searcher.aggregate(
            query, {name: {"terms": {"field": name, "size": 500, "segment_size": 60_000}} for name in facets}
        )
        ids = [self._searcher.doc(address)["id"][0] for _, address in found]
        places = ",".join("?" * len(ids))
        rows = self._database.execute(f"SELECT document FROM articles WHERE id IN ({places})", ids).fetchall()
        documents = [orjson.loads(document) for (document,) in rows]
        snippets = tantivy.SnippetGenerator.create(self._searcher, query, self._fields.schema, TEXT)
        for document in documents:
            for name in MARKED:
                snippets.snippet_from_doc(tantivy.Document(**{TEXT: [document.get(name, "")]})).highlighted()


class BareElasticsearch:
    """One `_search`, with the server's own highlighter."""

    def __init__(self, store: str) -> None:
        base, _, name = store.removeprefix("elasticsearch+").rpartition("/")
        self._client = Elasticsearch(base)
        self._index = f"{name}-articles"

    def search(self, text: str, facets: Sequence[str]) -> None:
        body: dict[str, Any] = {
            "query": words(text, "and"),
            "aggs": {name: {"terms": {"field": name, "size": 11}} for name in facets},
            "highlight": MARKS,
            "size": PAGE,
            "track_total_hits": True,
        }
        self._client.search(index=self._index, request_cache=False, **body)
