"""A newsroom of two weeks in which something happens, as arrays and as articles."""

from collections.abc import Iterable, Sequence

from indexer.article import Article, Entity
from indexer.store.port import Change
from indexer.times import DAY, HOUR, MINUTE, Millis
from service.alerts.watching import STEP
from service.trends.arrays import Arrays
from service.trends.snapshot import Snapshot

NOW: Millis = 1_700_000_100_000
assert NOW % STEP == 0
KURSK = Entity("place:kursk", "Kursk", "place", 1)
STORM = Entity("other:ophelia", "Ophelia", "other", 1)
USUAL = [Entity(f"person:{letter}", letter.upper(), "person", 1) for letter in "abcd"]


def article(
    article_id: str, at: Millis, *names: Entity, source: str | None = "one.example", section: str | None = None
) -> Article:
    title = f"About {article_id}"
    return Article(id=article_id, title=title, seen_at=at, ranked_at=at, entities=names, source=source, section=section)


def usual(now: Millis = NOW, days: int = 14) -> list[Article]:
    """Every hour an article about somebody, by turns, of four sources."""
    return [
        article(f"u{hour}", now - hour * HOUR, USUAL[hour % 4], source=f"{hour % 5}.example", section="Home")
        for hour in range(1, days * 24)
    ]


def burst(
    name: Entity, start: Millis, number: int = 8, *, every: Millis = 10 * MINUTE, sources: int = 4
) -> list[Article]:
    """One article after the other about a name."""
    return [
        article(
            f"{name.id}-{start}-{count}",
            start + count * every,
            name,
            source=f"{count % sources}.example",
            section="World",
        )
        for count in range(number)
    ]


def snapshot_of(articles: Iterable[Article], start: Millis = NOW - 150 * DAY) -> Snapshot:
    arrays = Arrays(start)
    arrays.apply([Change(one.id, one) for one in articles])
    return arrays.snapshot


def grid(start: Millis, end: Millis) -> Sequence[Millis]:
    return range(start, end + 1, STEP)
