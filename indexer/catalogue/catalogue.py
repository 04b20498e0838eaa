"""Which names mean the same entity: the countries, places, bodies and people that a newsroom names every day.

`entities.json` is its table, one entity a line, written for dateline: an id that stays, the name to show, the usual
abbreviation, and every other form under which news writes of it. Adjectives and inhabitants count for their country.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from typing import Any, Final

from indexer.article import Entity
from nlp.keys import fold, slug
from nlp.mention import EntityType, Mention, Part

_PARTS: Final[dict[Part, int]] = {"title": 0, "summary": 1, "body": 2}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entity that the catalogue knows. The type is the first half of the id."""

    id: str
    name: str
    type: EntityType
    short: str | None = None
    aliases: tuple[str, ...] = ()

    @property
    def surfaces(self) -> tuple[str, ...]:
        """Every form that stands for it."""
        return self.name, *((self.short,) if self.short else ()), *self.aliases


class Catalogue:
    """Entries by the keys of their forms. ValueError where two entries claim one form."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._by_id: dict[str, Entry] = {}
        self._by_key: dict[str, Entry] = {}
        for entry in entries:
            self._add(entry)

    @classmethod
    def load(cls) -> "Catalogue":
        """The catalogue that comes with dateline."""
        table = json.loads(resources.files("indexer.catalogue").joinpath("entities.json").read_text(encoding="utf-8"))
        return cls(_entry(row) for row in table)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._by_id.values())

    def get(self, entity_id: str | None) -> Entry | None:
        """The entry of an id."""
        return self._by_id.get(entity_id or "")

    def lookup(self, surface: str) -> Entry | None:
        """The entry that a form stands for: "U.S.", "isw", "the Netherlands"."""
        return self._by_key.get(fold(surface))

    def project(self, mentions: Sequence[Mention]) -> tuple[Entity, ...]:
        """The entities of one article: most mentioned first, then the first to occur, then by id."""
        entities: dict[str, Entity] = {}
        for mention in sorted(mentions, key=_place):
            entity = self._entity(mention)
            known = entities.get(entity.id)
            entities[entity.id] = _added(known, entity) if known else entity
        places = {entity_id: place for place, entity_id in enumerate(entities)}
        return tuple(sorted(entities.values(), key=lambda entity: (-entity.count, places[entity.id])))

    def _add(self, entry: Entry) -> None:
        if self._by_id.setdefault(entry.id, entry) is not entry:
            raise ValueError(f"{entry.id} is there twice")
        for key in map(fold, entry.surfaces):
            if self._by_key.setdefault(key, entry) is not entry:
                raise ValueError(f"{key!r} is claimed by {entry.id} and {self._by_key[key].id}")

    def _entity(self, mention: Mention) -> Entity:
        entry = self._by_key.get(mention.key)
        if entry and not _is_namesake(mention, entry):
            return Entity(entry.id, entry.name, entry.type, mention.count, entry.short)
        name = _best_surface(mention)
        return Entity(f"{mention.type}:{slug(mention.key)}", name, mention.type, mention.count, mention.short)


def _entry(row: dict[str, Any]) -> Entry:
    kind: EntityType = row["id"].split(":")[0]
    return Entry(**{**row, "type": kind, "aliases": tuple(row.get("aliases", ()))})


def _is_namesake(mention: Mention, entry: Entry) -> bool:
    """A person called Jordan or Wagner, by one word, is not the country or the group; one called Hamas is Hamas."""
    if mention.type != "person" or entry.type == "person" or " " in mention.key:
        return False
    return entry.type == "place" or mention.key != fold(entry.name)


def _best_surface(mention: Mention) -> str:
    """The most frequent full form that is not all in capitals, if there is one."""
    full = [surface for surface in mention.surfaces if fold(surface) == mention.key] or list(mention.surfaces)
    return next((surface for surface in full if not surface.isupper()), full[0])


def _added(known: Entity, other: Entity) -> Entity:
    return replace(known, count=known.count + other.count, short=known.short or other.short)


def _place(mention: Mention) -> tuple[int, int, str]:
    return _PARTS[mention.part], mention.offset, mention.key
