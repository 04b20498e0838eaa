"""A small newsroom."""

from collections.abc import Iterator
from pathlib import Path

from indexer.article import Article, Entity
from indexer.store.opening import open_store
from indexer.times import HOUR, MINUTE, Millis, parse
from nlp.mention import EntityType
from service.newsroom import Newsroom
from service.settings import load_settings

NOW = parse("2026-03-12T10:30:00Z")
EVIL = "<script>alert(1)</script>"
PLACES = ("Kursk", "Russia", "Ukraine", "Galway")


def entity(name: str, kind: EntityType, count: int = 1, short: str | None = None) -> Entity:
    return Entity(f"{kind}:{name.lower().replace(' ', '-')}", name, kind, count, short)


def article(number: int, at: Millis, title: str, names: tuple[Entity, ...]) -> Article:
    return Article(
        id=f"n-{number}",
        title=title,
        summary=f"Summary {number}.",
        body=f"Troops stand ready, says report {number}.",
        section="World" if number % 3 else "Business",
        source="Meridian Wire" if number % 2 else "Harbour Post",
        language="en",
        url=f"https://wire.example/{number}",
        published_at=at,
        seen_at=at,
        ranked_at=at,
        entities=names,
    )


def newsroom_articles() -> Iterator[Article]:
    """Twenty days of Galway, a burst of Kursk today, and an article that is all traps."""
    for day in range(20):
        at = NOW - (day + 1) * 24 * HOUR
        yield article(day, at, f"Galway on day {day}", (entity("Galway", "place"), entity("Ann Doe", "person")))
    isw = entity("Institute for the Study of War", "organisation", 2, "ISW")
    for number in range(100, 112):
        at = NOW - (number - 98) * 9 * MINUTE
        yield article(number, at, f"Kursk report {number}", (entity("Kursk", "place", 3), isw))
    yield Article(
        id="trap",
        title=f"{EVIL} Kursk & \U0001f600 co",
        summary=f"{EVIL} summary",
        body=f"A subhead {EVIL}\n\n<img src=x onerror=alert(1)> paragraph about Kursk.",
        section=EVIL,
        labels=(EVIL, 'Russia "the" country'),
        source=EVIL,
        refs=("javascript:alert(2)", "https://ref.example/x?a=1&b=2", EVIL),
        authors=(EVIL,),
        url="javascript:alert(3)",
        published_at=NOW - MINUTE,
        seen_at=NOW - MINUTE,
        ranked_at=NOW - MINUTE,
        entities=(Entity("person:trap", f"{EVIL} name", "person", 1, EVIL), entity("Kursk", "place")),
    )


def open_filled(folder: Path) -> Newsroom:
    settings = load_settings(store=f"embedded:{folder}")
    store = open_store(settings.store)
    store.prepare()
    store.write(list(newsroom_articles()))
    store.refresh()
    return Newsroom(store, settings, lambda: NOW)
