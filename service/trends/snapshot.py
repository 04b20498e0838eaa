"""What readers see: the arrays as they were at one moment, and the articles of them that count at a time asked for."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple, cast

import numpy as np

from indexer.times import DAY, Millis
from nlp.mention import EntityType
from service.trends.columns import Bools, Floats, Indices, Int32s, Int64s, Interned, Ints, UInt8s
from service.trends.memory import Memory

WINDOW: Final = 120 * DAY
"""How far back an article counts: 8.5 half-lives of the usual baseline."""
TYPES: Final[tuple[EntityType, ...]] = ("person", "organisation", "place", "other")
_NEGLIGIBLE: Final = 60
"""Half-lives after which an article is left out: a million of them weigh 1e-12 together."""
_FEW: Final = 0.25
"""With a smaller share of the articles, picking their rows costs less than passing over all."""
_NEVER: Final = int(np.iinfo(np.int64).min)


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
    memory: Memory = field(default_factory=Memory)

    @property
    def entities(self) -> int:
        """How many entities are numbered."""
        return len(self.names.first_label)

    def at(self, now: Millis) -> "View":
        """The articles that count at `now`: those that had been seen, of the window before it."""
        articles, day = self.articles, now - now % DAY
        counted = articles.alive & (articles.seen_at <= now) & (articles.ranked_at > now - WINDOW)
        passing = np.flatnonzero(counted & ~settled(day, articles.ranked_at, articles.seen_at))
        return View(self, now, counted, day, passing)

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
        articles = self.articles
        seen = np.where(articles.alive & (articles.seen_at <= now), articles.seen_at, _NEVER)
        newest = int(seen.max(initial=_NEVER))
        return None if newest == _NEVER else newest


def settled(day: Millis, ranked_at: Int64s, seen_at: Int64s) -> Bools:
    """Which articles count at every moment of the day that begins at `day`."""
    return (seen_at <= day) & (ranked_at > day + DAY - WINDOW)


@dataclass(frozen=True, eq=False)
class View:
    """The articles of a snapshot that count at `now`.

    Most are settled: they count all day, and what they add up to is remembered from one moment of the day to another.
    The numbers of the others are `passing`: they came during the day that began at `day`, or leave the window in it.
    """

    snapshot: Snapshot
    now: Millis
    counted: Bools
    day: Millis
    passing: Indices

    def within(self, section: str | None) -> Bools:
        """Which articles count and are of a section (None: of any)."""
        if section is None:
            return self.counted
        return cast("Bools", self.counted & (self.snapshot.articles.section == self._number(section)))

    def decayed(self, half_life: float, section: str | None = None) -> Floats:
        """Per entity, the sum of `2 ** (-age / half_life)` over the articles that name it."""
        memory, question = self.snapshot.memory, ("decayed", half_life, section)
        at_midnight = memory.recall(
            self.day, question, lambda: self._sum(np.flatnonzero(self._settled()), self.day, half_life, section)
        )
        sums = self._sum(self.passing, self.now, half_life, section)
        sums[: len(at_midnight)] += at_midnight * 2.0 ** ((self.day - self.now) / half_life)
        return sums

    def articles_per_entity(self) -> Floats:
        """Per entity, the number of articles that name it."""
        return self.decayed(math.inf)

    def labels(self) -> Int32s:
        """Per entity, what its newest article calls it."""
        return self._labels

    @cached_property
    def _labels(self) -> Int32s:
        snapshot, names = self.snapshot, self.snapshot.names
        question = ("newest", len(names.relabelled))
        at_midnight = snapshot.memory.recall(
            self.day, question, lambda: self._newest(self._rows_of(names.relabelled, self._settled()))
        )
        newest = self._newest(np.append(at_midnight, snapshot.rows_of_articles(self.passing)))
        labels = names.first_label.copy()
        labels[snapshot.rows.entity[newest]] = snapshot.rows.label[newest]
        return labels

    def of_type(self, kind: EntityType) -> Bools:
        """Per entity, whether its newest article says that it is of a type."""
        types = self.snapshot.names.label_type[self.labels()]
        return cast("Bools", types == TYPES.index(kind))

    def rows_of_each(self, entities: Ints) -> list[Indices]:
        """The rows of one entity after the other, in articles that count."""
        rows = self._rows_of(entities, self.counted)
        places = np.zeros(self.snapshot.entities, np.min_scalar_type(len(entities)))
        places[entities] = np.arange(len(entities))
        owners = places[self.snapshot.rows.entity[rows]]
        order = np.argsort(owners, kind="stable")
        ends = np.searchsorted(owners[order], np.arange(1, len(entities)))
        return np.split(rows[order], ends)[: len(entities)]

    def _settled(self) -> Bools:
        others = self.counted.copy()
        others[self.passing] = False
        return others

    def _number(self, section: str) -> int:
        number = self.snapshot.names.sections.find(section)
        return -1 if number is None else number

    def _rows_of(self, entities: Ints, articles: Bools) -> Indices:
        """The rows of the entities in the articles."""
        rows = self.snapshot.rows
        wanted = np.zeros(self.snapshot.entities, np.bool_)
        wanted[entities] = True
        found = np.flatnonzero(wanted[rows.entity])
        return found[articles[rows.article[found]]]

    def _sum(self, articles: Indices, moment: Millis, half_life: float, section: str | None) -> Floats:
        """Per entity, the weights at a moment of these articles, as far as they are of the section."""
        columns, rows = self.snapshot.articles, self.snapshot.rows
        if section is not None:
            articles = articles[columns.section[articles] == self._number(section)]
        ages = moment - columns.ranked_at[articles]
        lasting = ages < _NEGLIGIBLE * half_life
        articles, weights = articles[lasting], np.exp2(ages[lasting] / -half_life)
        if len(articles) < _FEW * len(columns.ranked_at):
            entities = rows.entity[self.snapshot.rows_of_articles(articles)]
            of_rows = np.repeat(weights, columns.rows[articles])
        else:
            everywhere = np.zeros(len(columns.ranked_at))
            everywhere[articles] = weights
            entities, of_rows = rows.entity, everywhere[rows.article]
        sums = np.bincount(entities, of_rows, self.snapshot.entities)
        return sums.astype(np.float64, copy=False)  # without any row they are integers

    def _newest(self, rows: Indices) -> Indices:
        """Of the rows of each entity, those in its newest article; where several are as new, the last row counts."""
        columns = self.snapshot.articles
        articles, entities = self.snapshot.rows.article[rows], self.snapshot.rows.entity[rows]
        newest = np.full(self.snapshot.entities, _NEVER)
        np.maximum.at(newest, entities, columns.ranked_at[articles])
        last = np.flatnonzero(columns.ranked_at[articles] == newest[entities])
        return rows[last[np.argsort(columns.key[articles[last]], kind="stable")]]
