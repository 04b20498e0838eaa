"""What names mean, and which story is which: the catalogue, and over it what editors decided. Pure."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from functools import cached_property, lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import Final, NamedTuple

from indexer.article import Article, Entity
from indexer.catalogue.catalogue import Catalogue, Entry
from indexer.catalogue.entry import Identified
from indexer.decisions.rulings import Rulings
from nlp.keys import fold
from nlp.mention import Mention

REVISION: Final = 1
"""Rises when code, not the catalogue or a decision, changes which entities articles have."""


class Placed(NamedTuple):
    """A mention, and the id of the entity that it is shown as."""

    entity: str
    identified: Identified


class Names:
    """The entities of names after the decisions up to a number. Without `demonyms`, "Russian" does not mean Russia."""

    def __init__(
        self, catalogue: Catalogue, rulings: Rulings | None = None, number: int = 0, *, demonyms: bool = True
    ) -> None:
        self.catalogue = catalogue
        self.rulings = rulings or Rulings()
        self.number = number
        self.demonyms = demonyms

    def __iter__(self) -> Iterator[Entry]:
        """Every entity that the catalogue or a decision knows, but for those that are merged or hidden."""
        known = dict.fromkeys([*(entry.id for entry in self.catalogue), *self.rulings.subjects])
        gone = self.rulings.merged.keys() | self.rulings.hidden.keys()
        return (entry for entity_id in known if entity_id not in gone and (entry := self.get(entity_id)))

    @cached_property
    def basis(self) -> str:
        """What else than decisions the entities of articles depend on."""
        return f"{fingerprint(self.catalogue)}{'' if self.demonyms else '-'}"

    @cached_property
    def stamp(self) -> str:
        """What the entities of articles depend on: equal stamps, equal entities."""
        return f"{self.number}@{self.basis}"

    def read(self, article: Article) -> Article:
        """The article with the entities of its mentions, in its story of now; itself if it is so."""
        identified = self.catalogue.identify(article.mentions)
        entities, keys = self._entities(self._placed(identified)), _keys(identified)
        if (entities, keys) == (article.entities, article.keys):
            return self.tell(article)
        return replace(article, entities=entities, keys=keys, story=self.story(article), projected=self.stamp)

    def tell(self, article: Article) -> Article:
        """The article in the story that it is shown in now; itself if it is."""
        story = self.story(article)
        return article if story == article.story else replace(article, story=story, projected=self.stamp)

    def story(self, article: Article) -> str:
        """The story that an article is shown in; none before it was put into one."""
        return self.rulings.stories.story(article.id, article.grouped) if article.grouped else ""

    def project(self, mentions: Sequence[Mention]) -> tuple[Entity, ...]:
        """The entities of one article: most mentioned first, then the first to occur."""
        return self._entities(self.placed(mentions))

    def placed(self, mentions: Sequence[Mention]) -> Iterator[Placed]:
        """The mentions of one article that count, in reading order, each with the id of the entity it is shown as."""
        return self._placed(self.catalogue.identify(mentions))

    def lookup(self, surface: str) -> Entry | None:
        """The entity that a form stands for: "U.S.", "isw", and what editors gave a name."""
        key = fold(surface)
        entry = self.catalogue.lookup(surface)
        born = entry.id if entry and self._is_name(key, entry) else self._by_name.get(key, "")
        entity_id = self.rulings.place(key, born)
        return None if entity_id in self.rulings.hidden else self.get(entity_id)

    def get(self, entity_id: str | None) -> Entry | None:
        """What is known of the entity that an id leads to, with every form that stands for it; also of a hidden one."""
        resolved = self.rulings.resolve(entity_id or "")
        entry = self._entry(resolved)
        return entry and self._with_forms(entry)

    def keys(self, entity_id: str) -> set[str]:
        """What `keys` has of every article with a name that is born as an entity or moved to it."""
        sources = set(self.rulings.sources(entity_id))
        return sources | {fold(form) for source in sources for form in self.rulings.surfaces.get(source, ())}

    @cached_property
    def _by_name(self) -> dict[str, str]:
        """The entities that decisions were about, by their names."""
        return {fold(subject.name): subject.id for subject in self.rulings.subjects.values()}

    def _placed(self, identified: Iterable[Identified]) -> Iterator[Placed]:
        for one in filter(self._counts, identified):
            entity_id = self.rulings.place(one.mention.key, one.entity.id)
            if entity_id not in self.rulings.hidden:
                yield Placed(entity_id, one)

    def _entities(self, placed: Iterable[Placed]) -> tuple[Entity, ...]:
        seen = list(placed)
        born = _entries(one.identified for one in seen)
        counts: dict[str, int] = {}
        for entity_id, one in seen:
            counts[entity_id] = counts.get(entity_id, 0) + one.mention.count
        shown = [self._shown(born.get(one) or self._known(one), count) for one, count in counts.items()]
        return tuple(sorted(shown, key=lambda entity: -entity.count))

    def _counts(self, one: Identified) -> bool:
        return self.demonyms or not one.demonym or one.mention.key in self.rulings.aliases

    def _is_name(self, key: str, entry: Entry) -> bool:
        return self.demonyms or key not in map(fold, entry.demonyms)

    def _shown(self, entry: Entry, count: int) -> Entity:
        return Entity(entry.id, entry.name, self.rulings.types.get(entry.id, entry.type), count, entry.short)

    def _known(self, entity_id: str) -> Entry:
        entry = self._entry(entity_id)
        assert entry, f"no decision says what {entity_id} is"  # noqa: S101 - each carries its subjects
        return entry

    def _entry(self, entity_id: str) -> Entry | None:
        entry = self.catalogue.get(entity_id)
        subject = self.rulings.subjects.get(entity_id)
        if entry is None and subject and subject.type != "story":
            entry = Entry(subject.id, subject.name, subject.born, subject.short)
        type_ = self.rulings.types.get(entity_id)
        return replace(entry, type=type_) if entry and type_ else entry

    def _with_forms(self, entry: Entry) -> Entry:
        known = set(entry.surfaces)
        more = dict.fromkeys(form for form in self._all_forms(entry.id) if form not in known)
        return replace(entry, aliases=(*entry.aliases, *more)) if more else entry

    def _all_forms(self, entity_id: str) -> Iterator[str]:
        """The forms of an entity and of all that was merged into it, without those that mean another by now."""
        for source in self.rulings.sources(entity_id):
            yield from (form for form in self._forms(source) if self.rulings.place(fold(form), source) == entity_id)

    def _forms(self, entity_id: str) -> Iterable[str]:
        """The forms of one entity by the catalogue and by decision."""
        entry = self._entry(entity_id)
        return *(entry.surfaces if entry else ()), *self.rulings.surfaces.get(entity_id, ())


def _entries(identified: Iterable[Identified]) -> dict[str, Entry]:
    """The entities by id, as their first mention shows them, with an abbreviation that a later one may bring."""
    entries: dict[str, Entry] = {}
    for _, entry, _ in identified:
        first = entries.setdefault(entry.id, entry)
        if entry.short and not first.short:
            entries[entry.id] = replace(first, short=entry.short)
    return entries


def _keys(identified: Iterable[Identified]) -> tuple[str, ...]:
    return tuple(sorted({key for one in identified for key in (one.mention.key, one.entity.id)}))


@lru_cache(maxsize=8)
def fingerprint(catalogue: Catalogue) -> str:
    """Something else for every other catalogue: of its entries, and of the tables that tell names apart."""
    entries = sorted((asdict(entry) for entry in catalogue), key=lambda entry: entry["id"])
    tables = sorted(file.read_bytes() for file in files("indexer.catalogue").iterdir() if file.name.endswith(".json"))
    return sha256(b"\0".join([json.dumps([REVISION, entries]).encode(), *tables])).hexdigest()[:12]
