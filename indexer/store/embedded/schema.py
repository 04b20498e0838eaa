"""Tantivy's schema and analyzers, made from `mappings/articles.json`."""

import json
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from typing import Any, Final

import orjson
import tantivy

import mappings
from indexer.store.port import Json

REVISION: Final = 1
"""Rises when code, not the mapping, changes what an index holds: indexes of another revision are rebuilt."""

_ONLY_STORED: Final = "id"
"""Everything else that is shown comes from SQLite."""

_FILTERS: Final = {"lowercase": tantivy.Filter.lowercase, "asciifolding": tantivy.Filter.ascii_fold}
_INDEX_OPTIONS: Final = {"docs": "basic", "positions": "position"}
_STEMMERS: Final = {"porter2": "english"}


@dataclass(frozen=True, slots=True)
class Fields:
    """The schema, its analyzers by name, a fingerprint of what both were made from, and where each value is indexed."""

    schema: tantivy.Schema
    analyzers: dict[str, tantivy.TextAnalyzer]
    fingerprint: str
    targets: dict[str, tuple[str, ...]]

    def register(self, index: tantivy.Index) -> tantivy.Index:
        """Tell an index its analyzers: they are per object and not kept on disk."""
        for name, analyzer in self.analyzers.items():
            index.register_tokenizer(name, analyzer)
        return index

    def indexed(self, document: bytes) -> str:
        """What Tantivy takes in of a stored document: its indexed fields, and the copies that the mapping asks for."""
        values: Json = orjson.loads(document)
        taken: dict[str, list[Any]] = {}
        for name, value in values.items():
            for target in self.targets.get(name, ()):
                taken.setdefault(target, []).extend(value if isinstance(value, list) else [value])
        return orjson.dumps(taken).decode()


def load_fields() -> Fields:
    mapping = mappings.load("articles")
    analysis = mapping["settings"]["analysis"]
    properties = mapping["mappings"]["properties"]
    return Fields(
        _schema(properties),
        {name: _analyzer(definition, analysis) for name, definition in analysis["analyzer"].items()},
        _fingerprint(mapping),
        {name: _targets(name, definition) for name, definition in properties.items()},
    )


def _targets(name: str, definition: Json) -> tuple[str, ...]:
    """The fields of the index that a field's value goes to: itself, if it is looked for, and its copies."""
    return (*([name] if _is_indexed(definition) else []), *definition.get("copy_to", ()))


def _is_indexed(definition: Json) -> bool:
    return bool(definition.get("index", True)) and definition["type"] != "object"


def _schema(properties: Json) -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name, definition in properties.items():
        if _is_indexed(definition):
            _add(builder, name, definition)
    return builder.build()


def _add(builder: tantivy.SchemaBuilder, name: str, definition: Json) -> None:
    match definition["type"]:
        case "keyword":
            builder.add_text_field(
                name, stored=name == _ONLY_STORED, fast=True, tokenizer_name="raw", index_option="basic"
            )
        case "text":
            option = _INDEX_OPTIONS[definition.get("index_options", "positions")]
            builder.add_text_field(name, tokenizer_name=definition["analyzer"], index_option=option)
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
