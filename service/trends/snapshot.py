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
NEGLIGIBLE: Final = 60
"""Half-lives after which an article is left out: a million of them weigh 1e-12 together."""
_FEW: Final = 0.25
"""With a smaller share of the articles, picking their rows costs less than passing over all."""
UNGROUPED: Final = -1
"""The story of an article that is in none: one of its own."""
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

    `key` breaks ties of `ranked_at`; `title` is a hash, as is `facts`, of all but the story; `section`, `source` and
    `story` are numbers; the article's rows are `first_row` and the following, `rows` of them. A version that was
    replaced or deleted is not `alive`.
    """

    ids: Sequence[str]
    ranked_at: Int64s
    seen_at: Int64s
    key: Int64s
    title: Int64s
    section: Int32s
    source: Int32s
    story: Int32s
    facts: Int64s
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

    Of the sources and stories, which go on growing, a snapshot has as many as are said here.
    Per label: its `forms` (see wording.py), the number of its entity, its type as a place in `TYPES`. Per entity: its
    `first_label`; those that have had others since are `relabelled`.
    """

    entities: Interned[str]
    labels: Interned[Label]
    sections: Interned[str | None]
    sources: Interned[str | None]
    stories: Interned[str]
    source_count: int
    story_count: int
    forms: Sequence[str]
    label_entity: Int32s
    label_type: UInt8s
    first_label: Int32s
    relabelled: Int32s


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """The arrays after some change, for ever. `newest_seen` is of everything taken in, also of what is not kept.

    Nothing with `ranked_at >= complete_from` is missing. `memory` is of the articles settled on a day, `hourly` of
    those that had been seen at an hour.
    """

    articles: ArticleColumns
    rows: RowColumns
    names: Names
    newest_seen: Millis | None
    complete_from: Millis
    memory: Memory = field(default_factory=Memory)
    hourly: Memory = field(default_factory=Memory)

    @property
    def entities(self) -> int:
        """How many entities are numbered."""
        return len(self.names.first_label)

    def at(self, now: Millis) -> "View":
        """The articles that count at `now`: those that had been seen, of the window before it."""
        articles = self.articles
        counted = articles.alive & (articles.seen_at <= now) & (articles.ranked_at > now - WINDOW)
        return View(self, now, counted)

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


def split(values: Indices, owners: Indices, number: int) -> list[Indices]:
    """The values of each of a `number` of owners, in their order."""
    owners = owners.astype(np.min_scalar_type(number))  # these are sorted in linear time
    order = np.argsort(owners, kind="stable")
    return np.split(values[order], np.searchsorted(owners[order], np.arange(1, number)))[:number]


@dataclass(frozen=True, eq=False)
class View:
    """The articles of a snapshot that count at `now`.

    Most are settled: they count all day, and what they add up to is remembered from one moment of the day to another.
    The numbers of the others are `passing`: they came during the day that began at `day`, or leave the window in it.
    """

    snapshot: Snapshot
    now: Millis
    counted: Bools

    @property
    def day(self) -> Millis:
        return self.now - self.now % DAY

    @cached_property
    def passing(self) -> Indices:
        columns = self.snapshot.articles
        return np.flatnonzero(self.counted & ~settled(self.day, columns.ranked_at, columns.seen_at))

    def within(self, section: str | None) -> Bools:
        """Which articles count and are of a section (None: of any)."""
        if section is None:
            return self.counted
        return cast("Bools", self.counted & (self.snapshot.articles.section == self._number(section)))

    def decayed(self, half_life: float, section: str | None = None) -> Floats:
        """Per entity, the sum of `2 ** (-age / half_life)` over the articles that name it."""
        memory, question = self.snapshot.memory, ("decayed", half_life, section)
        at_midnight = memory.recall(
            self.day, question, lambda: self._sum(self._settled_within(half_life), self.day, half_life, section)
        )
        sums = self._sum(self.passing, self.now, half_life, section)
        sums[: len(at_midnight)] += at_midnight * 2.0 ** ((self.day - self.now) / half_life)
        return sums

    def by_source(self, half_life: float, section: str | None, *, names: bool) -> Floats:
        """Per source, the sum of `2 ** (-age / half_life)` over its articles, or over all the `names` in them."""
        memory, question = self.snapshot.memory, ("by source", half_life, section, names)
        at_midnight = memory.recall(
            self.day,
            question,
            lambda: self._sum_sources(self._settled_within(half_life), self.day, half_life, section, names=names),
        )
        sums = self._sum_sources(self.passing, self.now, half_life, section, names=names)
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

    def newest(self, articles: Indices, number: int) -> Indices:
        """The newest of some articles, newest first."""
        columns = self.snapshot.articles
        times = columns.ranked_at[articles]
        if number < len(articles):
            kept = times >= np.partition(times, -number)[-number]
            articles, times = articles[kept], times[kept]
        return articles[np.lexsort((columns.key[articles], times))[::-1][:number]]

    def is_recent(self, articles: Indices | slice, length: Millis) -> Bools:
        """Which of some articles are no older than a length of time."""
        return self.snapshot.articles.ranked_at[articles] >= self.now - length

    def weighed(
        self, articles: Indices, moment: Millis, half_life: float, section: str | None = None
    ) -> tuple[Indices, Floats]:
        """Those of the articles that are of the section and still weigh something at a moment, and what they weigh."""
        columns = self.snapshot.articles
        if section is not None:
            articles = articles[columns.section[articles] == self._number(section)]
        ages = moment - columns.ranked_at[articles]
        lasting = ages < NEGLIGIBLE * half_life
        return articles[lasting], np.exp2(ages[lasting] / -half_life)

    def rows_of(
        self, entities: Ints, section: str | None = None, half_life: float = math.inf
    ) -> tuple[Indices, Indices]:
        """The rows of entities in articles that count and are of a section, and of which entity each is, as a place.

        With a half-life, in those that still weigh something.
        """
        articles = self.within(section)
        if math.isfinite(half_life):
            articles = articles & (self.snapshot.articles.ranked_at > self.now - NEGLIGIBLE * half_life)
        rows = self._rows_of(entities, articles)
        places = np.zeros(self.snapshot.entities, np.intp)
        places[entities] = np.arange(len(entities))
        return rows, places[self.snapshot.rows.entity[rows]]

    def rows_of_each(self, entities: Ints) -> list[Indices]:
        """The rows of one entity after the other, in articles that count."""
        rows, owners = self.rows_of(entities)
        return split(rows, owners, len(entities))

    def _settled_within(self, half_life: float) -> Indices:
        """The settled articles that still weigh something."""
        articles = self._settled()
        if math.isfinite(half_life):
            articles &= self.snapshot.articles.ranked_at > self.day - NEGLIGIBLE * half_life
        return np.flatnonzero(articles)

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
        articles, weights = self.weighed(articles, moment, half_life, section)
        if len(articles) < _FEW * len(columns.ranked_at):
            entities = rows.entity[self.snapshot.rows_of_articles(articles)]
            of_rows = np.repeat(weights, columns.rows[articles])
        else:
            everywhere = np.zeros(len(columns.ranked_at))
            everywhere[articles] = weights
            entities, of_rows = rows.entity, everywhere[rows.article]
        sums = np.bincount(entities, of_rows, self.snapshot.entities)
        return sums.astype(np.float64, copy=False)  # without any row they are integers

    def _sum_sources(
        self, articles: Indices, moment: Millis, half_life: float, section: str | None, *, names: bool
    ) -> Floats:
        """Per source, the weights at a moment of these articles, as far as they are of the section."""
        columns = self.snapshot.articles
        articles, weights = self.weighed(articles, moment, half_life, section)
        if names:
            weights *= columns.rows[articles]
        sums = np.bincount(columns.source[articles], weights, self.snapshot.names.source_count)
        return sums.astype(np.float64, copy=False)

    def _newest(self, rows: Indices) -> Indices:
        """Of the rows of each entity, those in its newest article; where several are as new, the last row counts."""
        columns = self.snapshot.articles
        articles, entities = self.snapshot.rows.article[rows], self.snapshot.rows.entity[rows]
        newest = np.full(self.snapshot.entities, _NEVER)
        np.maximum.at(newest, entities, columns.ranked_at[articles])
        last = np.flatnonzero(columns.ranked_at[articles] == newest[entities])
        return rows[last[np.argsort(columns.key[articles[last]], kind="stable")]]
