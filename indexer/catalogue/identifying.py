"""The mentions of one article and what they mean, each judged by the others."""

from collections.abc import Iterator, Sequence
from typing import Final, Protocol

from indexer.catalogue.company import Candidate, Presence, chosen
from indexer.catalogue.entry import Entry, Identified
from indexer.catalogue.forms import bare_company, others_of
from nlp.keys import fold, slug
from nlp.mention import Mention, Part

_PARTS: Final[dict[Part, int]] = {"title": 0, "summary": 1, "body": 2}
_LONGEST_WITHIN: Final = 3


class Known(Protocol):
    """What is known of names."""

    def candidates(self, key: str) -> tuple[Candidate | None, ...]: ...

    def towns(self, key: str) -> tuple[Entry, ...]: ...


def in_reading_order(mentions: Sequence[Mention]) -> list[Mention]:
    return sorted(mentions, key=lambda mention: (_PARTS[mention.part], mention.offset, mention.key))


class Identifying:
    """One article. What is plain is settled first; what is not then by that, and once more by everything."""

    def __init__(self, known: Known, mentions: Sequence[Mention]) -> None:
        self._known = known
        self._mentions = mentions
        self._people = [mention for mention in mentions if mention.type == "person" and " " in mention.key]

    def identified(self) -> list[Identified]:
        options = [self._options(mention) for mention in self._mentions]
        settled = [one[0].entry if len(one) == 1 else None for one in options]
        for _ in range(2):
            settled = self._settled(options, settled)
        return [
            Identified(mention, entry, demonym=_is_demonym(mention, entry))
            for mention, entry in zip(self._mentions, settled, strict=True)
            if entry
        ]

    def _settled(self, options: Sequence[Sequence[Candidate]], before: Sequence[Entry | None]) -> list[Entry | None]:
        """What each mention means, by what the others were taken for before."""
        if all(len(one) == 1 for one in options):
            return list(before)
        company = [list(self._presences(*pair)) for pair in zip(self._mentions, before, strict=True)]
        return [
            one[0].entry if len(one) == 1 else self._chosen(place, one, company).entry
            for place, one in enumerate(options)
        ]

    def _chosen(self, place: int, options: Sequence[Candidate], company: Sequence[Sequence[Presence]]) -> Candidate:
        mention = self._mentions[place]
        others = [presence for number, one in enumerate(company) if number != place for presence in one]
        return chosen(mention, options, [*others, *self._within(mention.key.partition(", ")[2])])

    def _options(self, mention: Mention) -> list[Candidate]:
        """What a mention can mean, the default first: never empty."""
        found = _discovered(mention, self._known)
        known = self._candidates(mention)
        if not known:
            return found
        options = [candidate or _as_default(found[0]) for candidate in known]
        if None not in known and _is_namesake(mention, options):
            options = [_as_default(found[0]), *options]
        return [*options, *self._bearers(mention)]

    def _candidates(self, mention: Mention) -> tuple[Candidate | None, ...]:
        """What is known under the keys of a mention, and the towns of that name."""
        for key in (*others_of(mention.key, mention.type), mention.key.partition(", ")[0]):
            if known := self._known.candidates(key):
                return *known, *(self._namesakes(key, known) if mention.type != "person" else ())
        return ()

    def _namesakes(self, key: str, known: Sequence[Candidate | None]) -> Iterator[Candidate]:
        """The towns of a name, if it is one of places."""
        if any(one and one.entry.type == "place" and not one.entry.demonyms for one in known):
            yield from map(Candidate, self._known.towns(key))

    def _bearers(self, mention: Mention) -> Iterator[Candidate]:
        """The people of the article whose surname the mention is."""
        for person in self._people:
            if " " not in mention.key and person.key.endswith(f" {mention.key}"):
                yield Candidate(self._options(person)[0].entry, frozenset({person.key}), is_bearer=True)

    def _presences(self, mention: Mention, entry: Entry | None) -> Iterator[Presence]:
        """What a mention says for others: what it means, and the places within a name that is not known."""
        if entry is None:
            yield Presence("", frozenset(), frozenset({mention.key}))
            return
        yield Presence(entry.id, frozenset(entry.belongs_to), frozenset({mention.key, fold(entry.name)}))
        if entry.type != "person" and " " in mention.key and not self._known.candidates(mention.key):
            yield from self._within(mention.key)

    def _within(self, key: str) -> Iterator[Presence]:
        words = key.replace(",", "").split()
        for length in range(1, _LONGEST_WITHIN):
            for start in range(len(words) - length + 1):
                part = " ".join(words[start : start + length])
                for candidate in self._known.candidates(part)[:1]:
                    if candidate and candidate.entry.type == "place":
                        entry = candidate.entry
                        yield Presence(entry.id, frozenset(entry.belongs_to), frozenset({part, fold(entry.name)}))


def _as_default(candidate: Candidate) -> Candidate:
    return Candidate(candidate.entry, candidate.company, is_default=True)


def _discovered(mention: Mention, known: Known) -> list[Candidate]:
    """What a name is that the catalogue does not know: a town of GeoNames, or what it says itself."""
    towns = known.towns(mention.key) if mention.type == "place" else ()
    if towns:
        return [Candidate(town, is_default=place == 0) for place, town in enumerate(towns)]
    name = _best_surface(mention)
    key = mention.key
    if mention.type == "organisation":
        name, key = bare_company(name), fold(bare_company(key))
    return [Candidate(Entry(f"{mention.type}:{slug(key)}", name, mention.type, mention.short))]


def _is_demonym(mention: Mention, entry: Entry) -> bool:
    return bool(entry.demonyms) and all(fold(surface) in set(map(fold, entry.demonyms)) for surface in mention.surfaces)


def _is_namesake(mention: Mention, options: Sequence[Candidate]) -> bool:
    """A person called Florence or Wagner, by one word, is not the town or the group; Hamas is Hamas, Jordan Jordan.

    An article names a person in full somewhere, so that a country taken for a person is rather a mistake.
    """
    entry = options[0].entry
    if mention.type != "person" or entry.type == "person" or " " in mention.key:
        return False
    return len(options) > 1 if entry.type == "organisation" else entry.country is not None


def _best_surface(mention: Mention) -> str:
    """The most frequent full form that is not all in capitals, if there is one."""
    full = [surface for surface in mention.surfaces if fold(surface) == mention.key] or list(mention.surfaces)
    return next((surface for surface in full if not surface.isupper()), full[0])
