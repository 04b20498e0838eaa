"""The writer's side of the arrays: articles and their rows, appended, marked dead and copied afresh."""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from itertools import chain, repeat
from typing import Final

import numpy as np

from indexer.article import Article, Entity, order_key
from service.trends.columns import Array, Columns, Indices, Interned, Numbers
from service.trends.labels import Labels
from service.trends.snapshot import UNGROUPED, ArticleColumns, Label, Names, RowColumns, Snapshot
from service.trends.wording import aboutness, words

_ARTICLES: Final[dict[str, type[np.generic]]] = {
    "ranked_at": np.int64, "seen_at": np.int64, "key": np.int64, "title": np.int64,
    "section": np.int32, "source": np.int32, "facts": np.int64, "first_row": np.int64, "rows": np.int32,
}  # fmt: skip
# numpy sums and looks up by 64-bit numbers in half the time that 32-bit ones take.
_ROWS: Final[dict[str, type[np.generic]]] = {
    "article": np.intp, "entity": np.intp, "label": np.int32, "aboutness": np.uint8,
}  # fmt: skip


class Tables:
    """Every article version taken in, at most one alive per id, and the rows of each."""

    def __init__(self) -> None:
        self._articles = Columns(**_ARTICLES)
        self._rows = Columns(**_ROWS)
        self._ids: list[str] = []
        self._alive = np.ones(0, np.bool_)
        self._story = np.empty(0, np.int32)
        self._numbers: dict[str, int] = {}
        self._sections: Interned[str | None] = Interned()
        self._sources: Interned[str | None] = Interned()
        self._stories: Interned[str] = Interned()
        self._labels = Labels()

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def size(self) -> int:
        """How many articles and rows there are together, dead ones too."""
        return len(self._ids) + len(self._rows)

    def regroup(self, articles: Sequence[Article]) -> list[Article]:
        """Note the stories of those that are here and differ in nothing else; the others are left over."""
        facts, numbers = self._articles.views()["facts"], self._numbers
        same = [one for one in articles if one.id in numbers and facts[numbers[one.id]] == _facts(one)]
        if same:
            self._story = self._story.copy()  # snapshots keep the old one
            self._story[[numbers[one.id] for one in same]] = self._stories_of(same)
        known = {one.id for one in same}
        return [one for one in articles if one.id not in known]

    def bury(self, ids: Iterable[str]) -> list[int]:
        """Mark the articles dead that are here, and say which they are."""
        numbers = [self._numbers.pop(article_id) for article_id in ids if article_id in self._numbers]
        if numbers:
            self._alive = self._alive.copy()  # snapshots keep the old one
            self._alive[numbers] = False
        return numbers

    def add(self, articles: Sequence[Article]) -> None:
        """Append articles, none of which is here."""
        entities = [list({entity.id: entity for entity in article.entities}.values()) for article in articles]
        labels = self._labels.number(
            [Label(entity.id, entity.name, entity.type, entity.short) for entity in chain.from_iterable(entities)]
        )
        self._append(
            [article.id for article in articles],
            self._columns_of(articles),
            np.array([len(found) for found in entities], np.intp),
            labels,
            self._aboutness(articles, entities, labels),
        )

    def compacted(self, kept: Indices) -> "Tables":
        """A copy of these articles alone, without the names that only others had."""
        old = self.freeze(None, 0)
        rows = old.rows_of_articles(kept)
        columns = {name: getattr(old.articles, name)[kept] for name in _ARTICLES}
        used, places = np.unique(old.rows.label[rows], return_inverse=True)
        told, stories = np.unique(np.append(old.articles.story[kept], UNGROUPED), return_inverse=True)
        fresh = Tables()
        fresh._sections, fresh._sources = self._sections, self._sources
        numbers = fresh._labels.number([old.names.labels.values[label] for label in used])
        fresh._stories.number_all(old.names.stories.values[story] for story in told[1:])
        fresh._append(
            [self._ids[number] for number in kept],
            {**columns, "story": stories[:-1] + UNGROUPED},
            columns["rows"],
            np.array(numbers, np.int32)[places],
            old.rows.aboutness[rows],
        )
        return fresh

    def freeze(self, newest_seen: int | None, complete_from: int) -> Snapshot:
        """What readers may see from now on."""
        return Snapshot(
            ArticleColumns(ids=self._ids, alive=self._alive, story=self._story, **self._articles.views()),
            RowColumns(**self._rows.views()),
            self._names(),
            newest_seen,
            complete_from,
        )

    def _names(self) -> Names:
        return Names(
            sections=self._sections,
            sources=self._sources,
            stories=self._stories,
            source_count=len(self._sources),
            story_count=len(self._stories),
            **self._labels.parts(),
        )

    def _columns_of(self, articles: Sequence[Article]) -> dict[str, Numbers]:
        return {
            "ranked_at": [article.ranked_at for article in articles],
            "seen_at": [max(article.seen_at, article.ranked_at) for article in articles],
            "key": [order_key(article.id) for article in articles],
            "title": [_hash(article.title) for article in articles],
            "section": [self._sections.number(article.section) for article in articles],
            "source": [self._sources.number(article.source) for article in articles],
            "facts": [_facts(article) for article in articles],
            "story": self._stories_of(articles),
        }

    def _stories_of(self, articles: Iterable[Article]) -> list[int]:
        return [self._stories.number(article.story) if article.story else UNGROUPED for article in articles]

    def _aboutness(
        self, articles: Sequence[Article], entities: Sequence[Sequence[Entity]], labels: Sequence[int]
    ) -> list[int]:
        titles = chain.from_iterable(
            repeat(words(article.title), len(found)) for article, found in zip(articles, entities, strict=True)
        )
        return [
            aboutness(entity.count, self._labels.forms[label], title)
            for title, entity, label in zip(titles, chain.from_iterable(entities), labels, strict=True)
        ]

    def _append(
        self, ids: Sequence[str], columns: Mapping[str, Numbers], rows: Array, labels: Numbers, about: Numbers
    ) -> None:
        """Append articles and, one article after the other, their rows."""
        first = len(self._ids)
        ends = len(self._rows) + np.cumsum(rows)
        fixed = {name: column for name, column in columns.items() if name != "story"}
        self._articles.extend({**fixed, "first_row": ends - rows, "rows": rows})
        self._rows.extend(
            {
                "article": np.repeat(np.arange(first, first + len(ids)), rows),
                "entity": self._labels.entities_of(labels),
                "label": labels,
                "aboutness": about,
            }
        )
        self._alive = np.append(self._alive, np.ones(len(ids), np.bool_))
        self._story = np.append(self._story, np.asarray(columns["story"], np.int32))
        self._ids.extend(ids)
        self._numbers.update((article_id, first + place) for place, article_id in enumerate(ids))


def _facts(article: Article) -> int:
    """A hash of all that is kept of an article but its story, good in this process."""
    return hash((article.ranked_at, article.seen_at, article.title, article.section, article.source, article.entities))


def _hash(title: str) -> int:
    """The same for titles that differ in case and spacing alone."""
    text = " ".join(title.casefold().split())
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big", signed=True)
