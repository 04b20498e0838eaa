"""Which names mean the same entity: the countries, places, bodies and people that a newsroom names every day.

`entities.json` is its table, one entity a line, written for dateline: an id that stays, the name to show, the usual
abbreviation, and every other form under which news writes of it. Adjectives and inhabitants count for their country.
`ambiguous.json` lists the names that mean several of them, and the company by which each is told.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import resources
from typing import Any, Final

from indexer.catalogue.company import Candidate
from indexer.catalogue.entry import Entry, Identified
from indexer.catalogue.forms import loose
from indexer.catalogue.identifying import Identifying, in_reading_order
from indexer.catalogue.places import Places
from nlp.keys import fold
from nlp.mention import EntityType, Mention

__all__ = ["Catalogue", "Entry", "Identified"]

_LISTS: Final = ("aliases", "demonyms", "related")


class Catalogue:
    """Entries by the keys of their forms. ValueError where two entries claim one form and no row decides."""

    def __init__(self, entries: Iterable[Entry], ambiguous: Iterable[Mapping[str, Any]] = ()) -> None:
        self._by_id: dict[str, Entry] = {}
        self._by_key: dict[str, Entry] = {}
        self._by_loose_key: dict[str, Entry] = {}
        self._ambiguous: dict[str, tuple[Candidate | None, ...]] = {}
        self._places = Places()
        entries = list(entries)
        self._by_id = {entry.id: entry for entry in entries}
        if len(self._by_id) < len(entries):
            raise ValueError("an id is there twice")
        for row in ambiguous:
            self._add_ambiguous(row)
        for entry in entries:
            self._add(entry)

    @classmethod
    def load(cls) -> "Catalogue":
        """The catalogue that comes with dateline."""
        return cls(map(_entry, _table("entities.json")), _table("ambiguous.json"))

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._by_id.values())

    def get(self, entity_id: str | None) -> Entry | None:
        """The entry of an id."""
        return self._by_id.get(entity_id or "")

    def lookup(self, surface: str) -> Entry | None:
        """The entry that a form stands for where nothing else is known: "U.S.", "isw", "the Netherlands"."""
        key = fold(surface)
        return self._by_key.get(key) or self._by_loose_key.get(loose(key))

    def candidates(self, key: str) -> tuple[Candidate | None, ...]:
        """What a key can mean, the default first; None is what it says itself. Empty if it is not known."""
        if key in self._ambiguous:
            return self._ambiguous[key]
        entry = self._by_key.get(key) or self._by_loose_key.get(loose(key))
        return (Candidate(entry, is_default=True),) if entry else ()

    def towns(self, key: str) -> tuple[Entry, ...]:
        """The towns of a name that are not in the catalogue itself."""
        return self._places.bearers(key)

    def identify(self, mentions: Sequence[Mention]) -> list[Identified]:
        """The entity that each mention of one article is born as, in reading order."""
        return Identifying(self, in_reading_order(mentions)).identified()

    def _add_ambiguous(self, row: Mapping[str, Any]) -> None:
        candidates = tuple(
            Candidate(self._by_id[one["entity"]], frozenset(map(fold, one.get("company", ()))), is_default=place == 0)
            if one["entity"]
            else None
            for place, one in enumerate(row["candidates"])
        )
        for key in map(fold, row["names"]):
            self._ambiguous[key] = candidates
            if candidates[0]:
                self._by_key[key] = candidates[0].entry

    def _add(self, entry: Entry) -> None:
        for key in map(fold, entry.surfaces):
            if key not in self._ambiguous and self._by_key.setdefault(key, entry) is not entry:
                raise ValueError(f"{key!r} is claimed by {entry.id} and {self._by_key[key].id}")
            if key not in self._ambiguous:
                self._by_loose_key.setdefault(loose(key), entry)


def _table(name: str) -> list[dict[str, Any]]:
    table: list[dict[str, Any]] = json.loads(
        resources.files("indexer.catalogue").joinpath(name).read_text(encoding="utf-8")
    )
    return table


def _entry(row: dict[str, Any]) -> Entry:
    kind: EntityType = row["id"].split(":")[0]
    return Entry(**{**row, "type": kind, **{name: tuple(row.get(name, ())) for name in _LISTS}})
