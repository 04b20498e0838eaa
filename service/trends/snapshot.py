"""What readers see: the arrays as they were at one moment, and the articles of them that count at a time asked for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeVar, cast

import numpy as np

from indexer.times import DAY, Millis
from nlp.mention import EntityType
from service.trends.columns import Array, Bools, Floats, Indices, Int32s, Int64s, Interned, Ints, UInt8s

WINDOW: Final = 120 * DAY
"""How far back an article counts: 8.5 half-lives of the usual baseline."""
TYPES: Final[tuple[EntityType, ...]] = ("person", "organisation", "place", "other")
_NEGLIGIBLE: Final = 60
"""Half-lives after which an article is left out: a million of them weigh 1e-12 together."""
_REMEMBERED: Final = 16
_Result = TypeVar("_Result")


class Label(NamedTuple):
    """What one article or many call an entity."""

    entity_id: str
    name: str
    type: EntityType
    short: str | None


@dataclass(frozen=True, slots=True)
class ArticleColumns:
    """One entry per article version, in the order of arrival. `seen_at` is never before `ranked_at`.

    `key` breaks ties of `ranked_at`, `title` is a hash, `section` and `source` are numbers; the article's rows are
    `first_row` and the following, `rows` of them. A version that was replaced or deleted is not `alive`.
    """

    ids: Sequence[str]
    ranked_at: Int64s
    seen_at: Int64s
    key: Int64s
    title: Int64s
    section: Int32s
    source: Int32s
    first_row: Int64s
    rows: Int32s
    alive: Bools


@dataclass(frozen=True, slots=True)
class RowColumns:
    """One entry per article and entity. `aboutness` is 1 for a name in passing, more for what the article is about."""

    article: Indices
    entity: Indices
    label: Int32s
    aboutness: UInt8s


@dataclass(frozen=True, slots=True)
class Names:
    """What the numbers of the columns stand for.

    Per label: its `forms` (see wording.py), the number of its entity, its type as a place in `TYPES`. Per entity: its
    `first_label`; those that have had others since are `relabelled`.
    """

    entities: Interned[str]
    labels: Interned[Label]
    sections: Interned[str | None]
    sources: Interned[str | None]
    forms: Sequence[str]
    label_entity: Int32s
    label_type: UInt8s
    first_label: Int32s
    relabelled: Int32s


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """The arrays after some change, for ever. `newest_seen` is of everything taken in, also of what is not kept.

    Nothing with `ranked_at >= complete_from` is missing.
    """

    articles: ArticleColumns
    rows: RowColumns
    names: Names
    newest_seen: Millis | None
    complete_from: Millis
    memory: dict[tuple[object, ...], object] = field(default_factory=dict)

    @property
    def entities(self) -> int:
        """How many entities are numbered."""
        return len(self.names.first_label)

    def at(self, now: Millis) -> "View":
        """The articles that count at `now`: those that had been seen, of the window before it."""
        articles = self.articles
        seen = articles.seen_at <= now
        recent = articles.ranked_at > now - WINDOW
        counted = articles.alive & seen & recent
        # Each of the two sets only grows or only shrinks with `now`, so their sizes tell them apart.
        return View(self, now, counted, (int(np.count_nonzero(seen)), int(np.count_nonzero(recent))))

    def rows_of_articles(self, articles: Ints) -> Indices:
        """The rows of articles, one article after the other."""
        counts = self.articles.rows[articles]
        ends = np.cumsum(counts)
        starts = self.articles.first_row[articles]
        rows: Indices = np.arange(counts.sum()) + np.repeat(starts - (ends - counts), counts)
        return rows

    def covers(self, now: Millis) -> bool:
        """Whether everything that counts at `now` is here, as far as the past goes."""
        return now - WINDOW >= self.complete_from

    def data_as_of(self, now: Millis) -> Millis | None:
        """When the newest article arrived that an answer for `now` can have taken in."""
        if self.newest_seen is None or self.newest_seen <= now:
            return self.newest_seen
        seen = self.articles.seen_at[self.articles.alive & (self.articles.seen_at <= now)]
        return int(seen.max()) if len(seen) else None


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """The articles of a snapshot that count at `now`."""

    snapshot: Snapshot
    now: Millis
    counted: Bools
    identity: tuple[int, int]

    def within(self, section: str | None) -> Bools:
        """Which articles count and are of a section (None: of any)."""
        if section is None:
            return self.counted
        number = self.snapshot.names.sections.find(section)
        of_section = self.snapshot.articles.section == (-1 if number is None else number)
        return cast("Bools", self.counted & of_section)

    def decayed(self, half_life: Millis, section: str | None = None) -> Floats:
        """Per entity, the sum of `2 ** (-age / half_life)` over the articles that name it."""
        landmark, sums = self._remember(("decayed", half_life, section), lambda: self._decay(half_life, section))
        return cast("Floats", sums * 2.0 ** ((landmark - self.now) / half_life))

    def articles_per_entity(self) -> Int64s:
        """Per entity, the number of articles that name it."""
        rows = self.snapshot.rows
        return self._remember(("count",), lambda: self._sum(rows.entity[self.counted[rows.article]], None))

    def labels(self) -> Int32s:
        """Per entity, what its newest article calls it."""
        return self._remember(("labels",), self._newest_labels)

    def of_type(self, kind: EntityType) -> Bools:
        """Per entity, whether its newest article says that it is of a type."""
        types = self.snapshot.names.label_type[self.labels()]
        return cast("Bools", types == TYPES.index(kind))

    def rows_of(self, entities: Ints) -> Indices:
        """The rows of the entities in articles that count."""
        rows = self.snapshot.rows
        wanted = np.zeros(self.snapshot.entities, np.bool_)
        wanted[entities] = True
        found = np.flatnonzero(wanted[rows.entity])
        return found[self.counted[rows.article[found]]]

    def rows_of_each(self, entities: Ints) -> list[Indices]:
        """The rows of one entity after the other, in articles that count."""
        places = np.zeros(self.snapshot.entities, np.min_scalar_type(len(entities)))
        places[entities] = np.arange(len(entities))
        rows = self.rows_of(entities)
        owners = places[self.snapshot.rows.entity[rows]]
        order = np.argsort(owners, kind="stable")
        ends = np.searchsorted(owners[order], np.arange(1, len(entities)))
        return np.split(rows[order], ends)[: len(entities)]

    def _decay(self, half_life: Millis, section: str | None) -> tuple[Millis, Floats]:
        articles, rows = self.snapshot.articles, self.snapshot.rows
        landmark = int(articles.ranked_at.max(where=self.counted, initial=self.now - WINDOW))
        # Articles that do not count may be younger than the landmark; their weight must not overflow.
        ages = np.maximum(landmark - articles.ranked_at, 0)
        weighed = self.within(section) & (ages < _NEGLIGIBLE * half_life)
        weights = np.exp2(ages / -half_life) * weighed
        few = np.flatnonzero(weighed)
        if 4 * len(few) > len(weights):
            return landmark, self._sum(rows.entity, weights[rows.article])
        chosen = self.snapshot.rows_of_articles(few)
        return landmark, self._sum(rows.entity[chosen], weights[rows.article[chosen]])

    def _sum(self, entities: Indices, weights: Floats | None) -> Array:
        return np.bincount(entities, weights, minlength=self.snapshot.entities)

    def _newest_labels(self) -> Int32s:
        rows, names = self.snapshot.rows, self.snapshot.names
        labels = names.first_label.copy()
        unsure = self.rows_of(names.relabelled)
        ranked_at = self.snapshot.articles.ranked_at[rows.article[unsure]]
        newest = np.full(len(labels), np.iinfo(np.int64).min)
        np.maximum.at(newest, rows.entity[unsure], ranked_at)
        unsure = unsure[ranked_at == newest[rows.entity[unsure]]]
        unsure = unsure[np.argsort(self.snapshot.articles.key[rows.article[unsure]], kind="stable")]
        labels[rows.entity[unsure]] = rows.label[unsure]
        return labels

    def _remember(self, question: tuple[object, ...], answer: Callable[[], _Result]) -> _Result:
        memory = self.snapshot.memory
        asked = (self.identity, *question)
        result = memory.get(asked)
        if result is None:
            result = answer()
            if len(memory) >= _REMEMBERED:
                memory.clear()
            memory[asked] = result
        return cast("_Result", result)
