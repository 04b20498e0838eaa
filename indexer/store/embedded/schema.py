"""Tantivy's schema and analyzers, made from `mappings/articles.json`."""

import json
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from typing import Any, Final

import tantivy

import mappings
from indexer.store.port import Json

REVISION: Final = 1
"""Rises when code, not the mapping, changes what an index holds: indexes of another revision are rebuilt."""

_ONLY_STORED: Final = "id"
"""Everything else that is shown comes from SQLite."""

_FILTERS: Final = {"lowercase": tantivy.Filter.lowercase, "asciifolding": tantivy.Filter.ascii_fold}
_STEMMERS: Final = {"porter2": "english"}


@dataclass(frozen=True, slots=True)
class Fields:
    """The schema, its analyzers by name, and a fingerprint of what both were made from."""

    schema: tantivy.Schema
    analyzers: dict[str, tantivy.TextAnalyzer]
    fingerprint: str

    def register(self, index: tantivy.Index) -> tantivy.Index:
        """Tell an index its analyzers: they are per object and not kept on disk."""
        for name, analyzer in self.analyzers.items():
            index.register_tokenizer(name, analyzer)
        return index


def load_fields() -> Fields:
    mapping = mappings.load("articles")
    analysis = mapping["settings"]["analysis"]
    return Fields(
        _schema(mapping["mappings"]["properties"]),
        {name: _analyzer(definition, analysis) for name, definition in analysis["analyzer"].items()},
        _fingerprint(mapping),
    )


def _schema(properties: Json) -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name, definition in properties.items():
        if definition.get("index", True) and definition["type"] != "object":
            _add(builder, name, definition)
    return builder.build()


def _add(builder: tantivy.SchemaBuilder, name: str, definition: Json) -> None:
    match definition["type"]:
        case "keyword":
            builder.add_text_field(
                name, stored=name == _ONLY_STORED, fast=True, tokenizer_name="raw", index_option="basic"
            )
        case "text":
            builder.add_text_field(name, tokenizer_name=definition["analyzer"])
        case "date" | "long":
            # Tantivy's own dates are cut to the second
            builder.add_integer_field(name, indexed=True, fast=True)


def _analyzer(definition: Json, analysis: Json) -> tantivy.TextAnalyzer:
    pattern = analysis["tokenizer"][definition["tokenizer"]]["pattern"]
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.regex(pattern))
    for name in definition["filter"]:
        builder = builder.filter(_filter(name, analysis["filter"]))
    return builder.build()


def _filter(name: str, custom: Json) -> tantivy.Filter:
    if name in _FILTERS:
        return _FILTERS[name]()
    definition: dict[str, Any] = custom[name]
    if definition["type"] == "length":
        return tantivy.Filter.remove_long(definition["max"] + 1)
    return tantivy.Filter.stemmer(_STEMMERS[definition["language"]])


def _fingerprint(mapping: Json) -> str:
    text = json.dumps([REVISION, version("tantivy"), mapping], sort_keys=True)
    return sha256(text.encode()).hexdigest()[:16]
