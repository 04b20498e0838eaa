"""What every store decides alike about the fields of a request."""

from collections.abc import Iterable
from typing import Final, cast, get_args

from indexer.errors import UnknownField
from indexer.query.ast import FieldName
from indexer.store.document import TYPES
from indexer.store.port import FacetField, FilterField, Selection

TEXT: Final = "text"
"""Where words and phrases are looked up: title, summary and body as one."""

WORDS: Final = "words"
"""Where words are looked up as they are written: for prefixes and fuzzy words in any part of the text."""

LOOKED_IN: Final[dict[FieldName, tuple[str, ...]]] = {
    "title": ("title",),
    "section": ("section_words",),
    "source": ("source_words",),
    "author": ("author_words",),
    "label": ("label_words",),
    "language": ("language_words",),
    "person": ("person_words",),
    "organisation": ("organisation_words",),
    "place": ("place_words",),
    "entity": ("person_words", "organisation_words", "place_words", "other_words"),
}
"""The fields of the index in which a field of a query is looked for."""

UNSTEMMED: Final = {"title": "title_words"}
"""Where prefixes and fuzzy words are looked for instead of a stemmed field."""


def check_fields(selection: Selection, facets: Iterable[str] = ()) -> None:
    """UnknownField for a filter or a facet that there is not."""
    for names, known in ((selection.filters, get_args(FilterField)), (facets, get_args(FacetField))):
        for name in names:
            if name not in known:
                raise UnknownField(f"{name!r} is not one of the fields {', '.join(known)}.")


def filter_of(field: FacetField) -> FilterField:
    """The filter that choosing a value sets: persons, organisations and places are all entities."""
    return "entity" if field in TYPES else cast("FilterField", field)


def chosen_values(selection: Selection, field: FacetField) -> tuple[str, ...]:
    """The values chosen for a facet."""
    return tuple(dict.fromkeys(selection.filters.get(filter_of(field), ())))


def is_listed(field: FacetField, value: str, count: int) -> bool:
    """Whether a facet lists a chosen value with such a count.

    An entity of another type is in no article of the facet; an id begins with the type that it was born with, which
    editors may have changed.
    """
    return count > 0 or field not in TYPES or value.startswith(f"{field}:")


def encodable(text: str) -> str:
    """The text with "?" in place of lone surrogates, which no stored text has and no store can take."""
    return text.encode(errors="replace").decode()
