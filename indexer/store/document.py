"""The stored form of an article: the fields of `mappings/articles.json`, the same JSON in both stores."""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import fields as fields_of
from operator import attrgetter
from typing import Final, get_args

from indexer.article import Article, Entity, order_key
from indexer.store.port import Json
from nlp.mention import EntityType, Mention

TYPES: Final[tuple[EntityType, ...]] = get_args(EntityType)
_SCALARS: Final = (
    "id", "title", "seen_at", "ranked_at", "body", "summary", "url", "section", "source", "language",
    "published_at", "modified_at", "extractor", "projected", "grouped", "story",
)  # fmt: skip
_LISTS: Final = ("labels", "refs", "authors", "keys")
_FIELDS: Final = _SCALARS + _LISTS
_VALUES: Final = attrgetter(*_FIELDS)
_MENTION: Final = [field.name for field in fields_of(Mention)]
_ENTITY: Final = [field.name for field in fields_of(Entity)]


def to_document(article: Article) -> Json:
    """The document of an article. Fields without a value are left out, so that they are in no facet."""
    values = zip(_FIELDS, _VALUES(article), strict=True)
    document: Json = {name: value for name, value in values if value not in (None, "", ())}
    document["title"] = article.title
    document["key"] = order_key(article.id)
    if article.vector:
        document["vector"] = b64encode(article.vector).decode()
    if article.mentions:
        document["mentions"] = [_named(_MENTION, mention) for mention in article.mentions]
    if article.entities:
        document["entities"] = [_named(_ENTITY, entity) for entity in article.entities]
        document.update(entity_fields(article))
    return document


def entity_fields(article: Article) -> dict[str, list[str]]:
    """The ids of an article's entities under `entity`, and under the fields of their types the ids and the names."""
    fields = {"entity": [entity.id for entity in article.entities]}
    for entity in article.entities:
        fields.setdefault(entity.type, []).append(entity.id)
        fields.setdefault(f"{entity.type}_words", []).append(entity.name)
    return fields


def from_document(document: Json) -> Article:
    """The article of a document that `to_document` made."""
    fields: Json = {name: document[name] for name in _SCALARS if name in document}
    fields |= {name: tuple(document[name]) for name in _LISTS if name in document}
    return Article(
        **fields,
        vector=b64decode(document.get("vector", "")),
        mentions=tuple(_mention(mention) for mention in document.get("mentions", ())),
        entities=tuple(Entity(**entity) for entity in document.get("entities", ())),
    )


def _named(names: Sequence[str], thing: Mention | Entity) -> Json:
    """The fields of a thing by their names: all there are, as tuples and plain values, so quicker than `asdict`."""
    return {name: getattr(thing, name) for name in names}


def _mention(fields: Json) -> Mention:
    return Mention(**{**fields, "surfaces": tuple(fields["surfaces"])})
