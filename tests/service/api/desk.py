"""An editor's desk: a served newsroom whose names are mended."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any

import httpx

from indexer.article import Article
from indexer.catalogue.catalogue import Catalogue
from indexer.decisions.names import Names
from indexer.decisions.reprojecting import reproject
from indexer.times import MINUTE
from nlp.mention import EntityType, Mention
from service.newsroom import Newsroom
from tests.service.api.served import AUTHORISED, KEY, NOW, article, fill, ids, served

WHO = {"who": "jane", "why": "for a test"}


def mention(surface: str, kind: EntityType = "person", count: int = 1) -> Mention:
    return Mention(surface.lower(), kind, count, "title", 0, (surface,))


def named(number: int, *mentions: Mention) -> Article:
    title = " ".join(one.surfaces[0] for one in mentions)
    return article(f"a{number}", NOW - number * MINUTE, title, mentions=mentions, section="World")


class Desk:
    """An editor's desk: a client of a served newsroom, whose worker is asked to work by `settle`."""

    def __init__(self, newsroom: Newsroom, api: httpx.Client) -> None:
        self.newsroom = newsroom
        self.api = api

    def post(self, act: str, *, preview: bool = False, **fields: Any) -> httpx.Response:
        query = "?preview=true" if preview else ""
        return self.api.post(f"/v1/decisions{query}", json={"act": act, **WHO, **fields}, headers=AUTHORISED)

    def arrive(self, *arriving: Article) -> None:
        """Store articles as an ingest does."""
        self.newsroom.store.write(list(map(self.newsroom._newest_names().read, arriving)))
        self.newsroom.store.refresh()

    def decide(self, act: str, **fields: Any) -> Any:
        answer = self.post(act, **fields)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def settle(self) -> None:
        """Do what the worker does."""
        reproject(self.newsroom.store, self.newsroom._newest_names(), Event())
        self.newsroom.store.refresh()
        self.newsroom._named = (0.0, None)

    def about(self, entity_id: str) -> list[str]:
        return sorted(ids(self.api.get("/v1/search", params={"entity": entity_id, "page_size": 100})))

    def decisions(self, **parameters: Any) -> Any:
        answer = self.api.get("/v1/decisions", params=parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()


@contextmanager
def at_desk(store: str, stored: Iterable[Article]) -> Iterator[Desk]:
    """A desk over articles, whose entities are made of their mentions."""
    newsroom = fill(store, map(Names(Catalogue.load()).read, stored), api_key=KEY)
    with served(newsroom) as client:
        yield Desk(newsroom, client)
