"""The article as it flows through dateline, and the one rule by which a new version replaces an old one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Literal

from indexer.times import Millis
from nlp.mention import EntityType, Mention

Outcome = Literal["new", "changed", "unchanged"]


@dataclass(frozen=True, slots=True)
class Entity:
    """What one article shows of one entity: a projection of its mentions. `count` is in this article."""

    id: str
    name: str
    type: EntityType
    count: int
    short: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article. Times are milliseconds since 1970 UTC.

    `published_at` is what the publisher says (None if it says nothing possible), `seen_at` when it first arrived,
    `ranked_at` the earlier of the two, fixed when the article is first stored.
    `mentions` are facts, which `extractor` found; `entities` is their projection. `indexer.decisions.names` makes it,
    leaves its stamp in `projected`, and in `keys` what a decision finds the article by: the keys of the mentions, and
    the ids that the catalogue alone gives them.
    `vector` is what `nlp.encoder` made of the text. `grouped` is the story that the worker put the article into, the id
    of the article that founded it, and `story` the one it is shown in, after the editors' decisions; empty before.
    """

    id: str
    title: str
    seen_at: Millis
    ranked_at: Millis
    body: str = ""
    summary: str = ""
    url: str | None = None
    section: str | None = None
    labels: tuple[str, ...] = ()
    source: str | None = None
    refs: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    language: str | None = None
    published_at: Millis | None = None
    modified_at: Millis | None = None
    extractor: str = "none"
    mentions: tuple[Mention, ...] = ()
    entities: tuple[Entity, ...] = ()
    keys: tuple[str, ...] = ()
    projected: str = ""
    vector: bytes = b""
    grouped: str = ""
    story: str = ""

    @property
    def order(self) -> tuple[Millis, int]:
        """The place in every newest/oldest listing: immutable, and unique but for a collision of 63-bit keys."""
        return self.ranked_at, order_key(self.id)

    @property
    def decisions(self) -> int:
        """After how many of the editors' decisions its entities were made: what the stamp begins with."""
        return int(self.projected.partition("@")[0] or 0)


@dataclass(frozen=True, slots=True)
class Written:
    """What became of one article of a batch: `article` is the version that is stored now."""

    outcome: Outcome
    article: Article


def order_key(article_id: str) -> int:
    """63 bits of SHA-256 of the id: breaks the ties of articles that share their millisecond."""
    return int.from_bytes(sha256(article_id.encode()).digest()[:8], "big") >> 1


def supersede(stored: Article | None, arriving: Article) -> Written:
    """Decide what a store keeps when `arriving` meets the version it has (None: it has none).

    The first `seen_at` and `ranked_at` are kept; the last to arrive wins, unless both carry `modified_at` and the
    arriving one is older. Of the same mentions a projection by fewer decisions does not replace one by more. An edit
    does not take an article out of its story.
    """
    if stored is None:
        return Written("new", arriving)
    if _is_older(arriving, stored):
        return Written("unchanged", stored)
    if _is_projected_earlier(arriving, stored):
        arriving = replace(arriving, entities=stored.entities, keys=stored.keys, projected=stored.projected)
    if not arriving.grouped:
        arriving = replace(arriving, grouped=stored.grouped, story=stored.story)
    return replaced(stored, arriving)


def replaced(stored: Article, other: Article) -> Written:
    """What a store keeps when a stored version is to become another one: itself where only the stamp would differ."""
    merged = replace(other, seen_at=stored.seen_at, ranked_at=stored.ranked_at)
    if replace(merged, projected=stored.projected) == stored:
        return Written("unchanged", stored)
    return Written("changed", merged)


def supersede_all(stored: dict[str, Article], arriving: Sequence[Article]) -> list[Written]:
    """`supersede` a batch in its order; an id that comes twice meets the version its first one left."""
    current = dict(stored)
    written = []
    for article in arriving:
        verdict = supersede(current.get(article.id), article)
        current[article.id] = verdict.article
        written.append(verdict)
    return written


def _is_older(arriving: Article, stored: Article) -> bool:
    if arriving.modified_at is None or stored.modified_at is None:
        return False
    return arriving.modified_at < stored.modified_at


def _is_projected_earlier(arriving: Article, stored: Article) -> bool:
    return arriving.mentions == stored.mentions and arriving.decisions < stored.decisions
