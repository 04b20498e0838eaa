"""Which of several entities a name means, by its type and by the company it keeps in the article."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from indexer.catalogue.entry import Entry
from nlp.mention import Mention

_SPEAKS: Final = 4
_BEARS: Final = 9
_TYPE: Final = 2


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity that a name can mean. `company` are the keys of the names that speak for it; `default` counts extra.

    `is_bearer`: it is a person whom the article names in full, and the name is the surname.
    """

    entry: Entry
    company: frozenset[str] = frozenset()
    is_default: bool = False
    is_bearer: bool = False


class Presence(NamedTuple):
    """What another name of the article brings: what it means, what that belongs to, and the keys it goes by."""

    id: str
    belongs_to: frozenset[str]
    keys: frozenset[str]


def chosen(mention: Mention, candidates: Sequence[Candidate], others: Sequence[Presence]) -> Candidate:
    """The candidate that the most speaks for; of equals the first."""
    return max(candidates, key=lambda candidate: _score(mention, candidate, others))


def _score(mention: Mention, candidate: Candidate, others: Sequence[Presence]) -> int:
    """Each name that speaks for the candidate, then its type, whether any is of its country, and being the default."""
    speaking = sum(_speaks_for(candidate, other) for other in others)
    country = any(_shares_country(candidate.entry, other) for other in others)
    is_apt = candidate.entry.type == mention.type and (speaking > 0 or candidate.is_default or mention.type != "person")
    bears = _BEARS if candidate.is_bearer else _SPEAKS
    return bears * speaking + _TYPE * is_apt + country + candidate.is_default


def _speaks_for(candidate: Candidate, other: Presence) -> bool:
    """It is the same entity, lies in it or beside it, or is named as its company."""
    entry = candidate.entry
    if other.id == entry.id or entry.id in other.belongs_to or not candidate.company.isdisjoint(other.keys):
        return True
    region = entry.related if entry.type == "place" else ()
    return other.id in region or not other.belongs_to.isdisjoint(region)


def _shares_country(entry: Entry, other: Presence) -> bool:
    countries = (entry.country,) if entry.type == "place" else entry.related
    return any(country == other.id or country in other.belongs_to for country in countries)
