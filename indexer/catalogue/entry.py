"""What the catalogue says of one entity, and what it makes of one mention."""

from dataclasses import dataclass
from typing import NamedTuple

from nlp.mention import EntityType, Mention


@dataclass(frozen=True, slots=True)
class Entry:
    """One entity. The type is the first half of the id.

    `demonyms` are the adjectives and inhabitants that count for a place. `country` is the id of the country that a
    place lies in, `related` the ids of what it belongs to or stands for: the Kremlin to Russia, Savannah to Georgia.
    """

    id: str
    name: str
    type: EntityType
    short: str | None = None
    aliases: tuple[str, ...] = ()
    demonyms: tuple[str, ...] = ()
    country: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    related: tuple[str, ...] = ()

    @property
    def surfaces(self) -> tuple[str, ...]:
        """Every form that stands for it."""
        return self.name, *((self.short,) if self.short else ()), *self.aliases, *self.demonyms

    @property
    def belongs_to(self) -> tuple[str, ...]:
        """The ids of what it is a part of or stands for."""
        return *((self.country,) if self.country else ()), *self.related


class Identified(NamedTuple):
    """The entity that a mention is born as. `demonym`: by an adjective or inhabitant, all through the article."""

    mention: Mention
    entity: Entry
    demonym: bool
