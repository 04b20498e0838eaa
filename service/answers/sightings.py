"""The names of some articles as tables, to look for what is wrong with them. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from indexer.article import Article
from indexer.catalogue.entry import Entry
from indexer.decisions.names import Names
from nlp.keys import fold
from nlp.mention import EntityType, Mention

if TYPE_CHECKING:
    import pandas as pd

_WORD: Final = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_SHORT_WORD: Final = 3
_MOST: Final = 0.8


class _Row(NamedTuple):
    """One name in one article."""

    id: str
    name: str
    type: EntityType
    known: bool
    article: int
    source: str
    surfaces: tuple[str, ...]
    short: str | None
    headline: bool


_COLUMNS: Final = list(_Row._fields)


class Name(NamedTuple):
    """What the articles show of one entity, and the forms that they write. `known`: by the catalogue or a decision.

    `headline`: it is in headlines with capitals all over, and nowhere else.
    """

    id: str
    name: str
    type: EntityType
    key: str
    known: bool
    articles: int
    sources: int
    surfaces: tuple[str, ...]
    headline: bool

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(self.key.split())


@dataclass(frozen=True, slots=True)
class Sightings:
    """What some articles show of all names in them, those in the most articles first.

    `articles` are the places of those with each id, `shorts` the abbreviations that articles define, one a row.
    `written` counts the articles that have a word in small letters.
    """

    names: list[Name]
    articles: dict[str, set[int]]
    shorts: "pd.DataFrame"
    written: Counter[str]


def sightings(known: Names, articles: Sequence[Article]) -> Sightings:
    """The names in some articles as they are after all decisions."""
    entry_of = cache(known.get)
    import pandas as pd  # noqa: PLC0415 - it takes time and memory that a service need not spend until it is asked

    rows = pd.DataFrame(
        (row for place, one in enumerate(articles) for row in _rows(known, entry_of, place, one)), columns=_COLUMNS
    )
    return Sightings(
        names=_names(rows),
        articles={str(one): set(places) for one, places in rows.groupby("id")["article"]},
        shorts=rows[rows["short"].notna()],
        written=Counter(word for one in articles for word in _small_words(one)),
    )


def _rows(known: Names, entry_of: Callable[[str], Entry | None], place: int, article: Article) -> Iterator[_Row]:
    in_capitals = is_title_case(article.title)
    for entity_id, (mention, born, _) in known.placed(article.mentions):
        entry = entry_of(entity_id)
        name, kind = (entry.name, entry.type) if entry else (born.name, born.type)
        yield _Row(
            entity_id, name, kind, entry is not None, place, article.source or "", mention.surfaces,
            mention.short, in_capitals and _is_in_title_only(mention),
        )  # fmt: skip


def _names(rows: "pd.DataFrame") -> list[Name]:
    if rows.empty:
        return []
    table = rows.groupby("id").agg(
        type=("type", "first"),
        known=("known", "first"),
        articles=("article", "nunique"),
        sources=("source", "nunique"),
        surfaces=("surfaces", lambda each: tuple(dict.fromkeys(name for names in each for name in names))),
        headline=("headline", "all"),
    )
    table.insert(0, "name", _usual_names(rows))
    table.insert(2, "key", table["name"].map(fold))
    return [Name(*row) for row in table.sort_values(["articles", "id"], ascending=[False, True]).itertuples()]


def _usual_names(rows: "pd.DataFrame") -> "pd.Series[str]":
    """What most articles call each id; of equals, the first in the alphabet."""
    counts = rows.groupby(["id", "name"]).size().reset_index(name="articles")
    usual = counts.sort_values(["articles", "name"], ascending=[False, True]).drop_duplicates("id")
    return usual.set_index("id")["name"]


def is_title_case(title: str) -> bool:
    """Whether nearly all longer words of a headline begin with a capital, so that capitals say nothing there."""
    words = [word for word in _WORD.findall(title) if len(word) > _SHORT_WORD]
    return bool(words) and sum(word[0].isupper() for word in words) > _MOST * len(words)


def _is_in_title_only(mention: Mention) -> bool:
    return mention.part == "title" and mention.count == 1


def _small_words(article: Article) -> set[str]:
    return {word for text in (article.summary, article.body) for word in _WORD.findall(text) if word.islower()}
