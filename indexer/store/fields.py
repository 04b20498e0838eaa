"""What every store decides alike about the fields of a request."""

from collections.abc import Iterable
from typing import Final, cast, get_args

from indexer.errors import UnknownField
from indexer.store.document import FACETED_TYPES
from indexer.store.port import FacetField, FilterField, Selection

SEARCHED: Final = {"title": 2.0, "summary": 1.2, "body": 1.0}
"""The fields in which words are looked up, and how much a match in each weighs."""


def check_fields(selection: Selection, facets: Iterable[str] = ()) -> None:
    """UnknownField for a filter or a facet that there is not."""
    for names, known in ((selection.filters, get_args(FilterField)), (facets, get_args(FacetField))):
        for name in names:
            if name not in known:
                raise UnknownField(f"{name!r} is not one of the fields {', '.join(known)}.")


def filter_of(field: FacetField) -> FilterField:
    """The filter that choosing a value sets: persons, organisations and places are all entities."""
    return "entity" if field in FACETED_TYPES else cast("FilterField", field)


def chosen_values(selection: Selection, field: FacetField) -> tuple[str, ...]:
    """The values chosen in a facet. An entity's id begins with the type that it was born with."""
    values = dict.fromkeys(selection.filters.get(filter_of(field), ()))
    return tuple(value for value in values if field not in FACETED_TYPES or value.startswith(f"{field}:"))


def encodable(text: str) -> str:
    """The text with "?" in place of lone surrogates, which no stored text has and no store can take."""
    return text.encode(errors="replace").decode()
