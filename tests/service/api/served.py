"""A small newsroom with a fixed clock, and a client of a real server for it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from indexer.article import Article, Entity
from indexer.extraction import Inline
from indexer.pipeline import Pipeline
from indexer.times import DAY, HOUR, MINUTE, Millis, parse
from nlp.mention import EntityType, NoExtractor
from service.newsroom import Newsroom, open_newsroom
from service.settings import load_settings
from tests.serving import serving

NOW = parse("2024-11-14T12:34:56.789Z")
KEY = "a key for tests"
AUTHORISED = {"Authorization": f"Bearer {KEY}"}


def entity(name: str, kind: EntityType, count: int = 1, short: str | None = None) -> Entity:
    return Entity(f"{kind}:{name.lower().replace(' ', '-')}", name, kind, count, short)


KURSK = entity("Kursk", "place", 2)
ISW = entity("Institute for the Study of War", "organisation", 1, "ISW")
DOE = entity("Jane Doe", "person")
STORM = entity("Storm Ophelia", "other")


def article(article_id: str, at: Millis, title: str, **fields: Any) -> Article:
    moments = {"published_at": at, "seen_at": at, "ranked_at": at}
    return Article(id=article_id, title=title, **{**moments, **fields})


def articles() -> Iterator[Article]:
    """A month of storms at home, a day of Kursk abroad, and one article in another language."""
    for day in range(30):
        at = NOW - day * DAY - 3 * HOUR
        yield article(
            f"storm-{day}", at, f"Storm over Galway {day}", body="Winds were strong.", summary="Winds.",
            section="Home", source="harbour.example", language="en", entities=(STORM, DOE),
        )  # fmt: skip
    for number in range(8):
        yield article(
            f"kursk-{number}", NOW - number * 20 * MINUTE, f"Troops in Kursk {number}",
            body=f"The troops reached Kursk, the Institute for the Study of War (ISW) said. Report {number}.",
            summary="Troops have reached the region.", section="World" if number % 2 else "Politics",
            source=f"wire{number}.example", url=f"https://wire{number}.example/kursk?a=1&b={number}", language="en",
            labels=("Russia", "Ukraine"), refs=("ANSA",), authors=("Jane Doe",), entities=(KURSK, ISW),
        )  # fmt: skip
    yield article("essen", NOW - 2 * DAY, "Nachrichten aus Essen & <Umgebung>\x0b", language="de", published_at=None)


def open_filled(folder: Path, stored: Iterable[Article], **settings: object) -> Newsroom:
    """A newsroom over an embedded store in a folder."""
    return fill(f"embedded:{folder}", stored, **settings)


def fill(store: str, stored: Iterable[Article], **settings: object) -> Newsroom:
    """A newsroom over a store, that finds no names in what is posted to it: that needs no model."""
    opened = open_newsroom(load_settings(store=store, **settings), lambda: NOW)
    opened.store.write(list(stored))
    opened.store.refresh()
    opened.__dict__["_pipeline"] = Pipeline(opened.store, Inline(NoExtractor()), lambda: opened.names, opened.clock)
    return opened


@contextmanager
def served(newsroom: Newsroom, *, ready: bool = True) -> Iterator[httpx.Client]:
    """A client of a server for the newsroom, which starts and stops with it; `ready`: wait until it is."""
    with serving(newsroom, ready=ready) as address, httpx.Client(base_url=address, timeout=60) as client:
        yield client


def ids(answer: httpx.Response) -> list[str]:
    """The ids of a list of articles."""
    assert answer.status_code == 200, answer.text
    content = answer.json()
    return (
        [hit["article"]["id"] for hit in content["hits"]]
        if "hits" in content
        else [one["id"] for one in content["items"]]
    )


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    """The problem of an answer, checked for its form."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["status"] == status
    assert body["type"].startswith("/problems/")
    assert body["title"]
    assert body["detail"]
    return body
