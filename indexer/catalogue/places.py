"""The towns of the world: where a name that the catalogue does not list lies, and which towns share a name.

`places.json` is made from GeoNames (CC BY 4.0) by `python -m indexer.catalogue.geonames`. It is read when an
unknown place is first met, so that a process that only answers questions never holds it.
"""

import json
from functools import cached_property
from importlib import resources
from typing import Any

from indexer.catalogue.entry import Entry


class Places:
    """Towns by the key of their name, the best known first."""

    def bearers(self, key: str) -> tuple[Entry, ...]:
        return tuple(_entry(name, row) for name, row in self._table.get(key, ()))

    @cached_property
    def _table(self) -> dict[str, list[tuple[str, list[Any]]]]:
        text = resources.files("indexer.catalogue").joinpath("places.json").read_text(encoding="utf-8")
        return {key: [(row[1], row) for row in rows] for key, rows in json.loads(text)["places"].items()}


def _entry(name: str, row: list[Any]) -> Entry:
    slug, _, country, region, latitude, longitude = row
    related = (f"place:{region}",) if region else ()
    return Entry(
        f"place:{slug}",
        name,
        "place",
        country=f"place:{country}",
        latitude=latitude,
        longitude=longitude,
        related=related,
    )
