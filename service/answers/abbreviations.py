"""Abbreviations that articles define, "Institute for the Study of War (ISW)", and that no name has yet. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from nlp.keys import fold
from service.answers.sightings import Name, Sightings

LEAST_SOURCES: Final = 3
MOSTLY: Final = 0.8
"""The least share of those who define an abbreviation that must mean the same by it."""


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """`short` is what articles of several sources call an entity."""

    entity: Name
    short: str
    articles: int
    sources: int


def abbreviations(seen: Sightings, is_taken: Callable[[str], bool]) -> list[Abbreviation]:
    """What enough sources define alike and means nothing yet; what most sources define first."""
    names = {name.id: name for name in seen.names}
    table = seen.shorts.groupby(["short", "id"]).agg(articles=("article", "nunique"), sources=("source", "nunique"))
    table["share"] = table["articles"] / table.groupby(level="short")["articles"].transform("sum")
    enough = table[(table["sources"] >= LEAST_SOURCES) & (table["share"] >= MOSTLY)].reset_index()
    ordered = enough.sort_values(["sources", "articles", "short"], ascending=[False, False, True])
    return [
        Abbreviation(names[row["id"]], row["short"], row["articles"], row["sources"])
        for row in ordered.to_dict("records")
        if not is_taken(row["short"]) and not _is_word(row["short"], seen)
    ]


def _is_word(short: str, seen: Sightings) -> bool:
    """Whether a name is spelt like it in other letters: "Arc" would become the Alliance for Responsible Citizenship."""
    key = fold(short)
    alike = (surface for name in seen.names if name.key == key for surface in name.surfaces if fold(surface) == key)
    return any(short not in surface for surface in alike)
