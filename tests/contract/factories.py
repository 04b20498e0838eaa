"""Articles for tests, with as little said as the test needs."""

from typing import Any, cast

from indexer.article import Article, Entity
from indexer.query.ast import Query, Text
from indexer.store.port import Position, Request, Selection, Sort, Store
from nlp.mention import EntityType

NOON = 1_700_000_000_000
"""A moment to count from."""


def article(article_id: str = "a", title: str = "Title", *, at: int = 0, **fields: Any) -> Article:
    """An article ranked and seen `at` milliseconds after NOON."""
    moments = {"seen_at": NOON + at, "ranked_at": NOON + at}
    return Article(id=article_id, title=title, **{**moments, **fields})


def entities(*ids: str) -> tuple[Entity, ...]:
    """Entities of ids like "place:kursk"."""
    return tuple(
        Entity(one, one.partition(":")[2].title(), cast("EntityType", one.partition(":")[0]), 1) for one in ids
    )


def filled(store: Store, *articles: Article) -> Store:
    """The store, once the articles can be found in it."""
    store.write(articles)
    store.refresh()
    return store


def found(store: Store, query: Query | str, **fields: Any) -> set[str]:
    """The ids of the articles that a query or a single word finds."""
    selection = Selection(Text(query) if isinstance(query, str) else query, **fields)
    response = store.search(Request(selection, size=1_000))
    ids = {hit.article.id for hit in response.hits}
    assert response.total == len(response.hits) == len(ids) == store.count(selection)
    return ids


def walked(store: Store, sort: Sort, size: int, selection: Selection | None = None) -> list[str]:
    """The ids of all articles of a selection, page by page."""
    ids: list[str] = []
    after: Position | None = None
    while hits := store.search(Request(selection or Selection(), sort=sort, size=size, after=after)).hits:
        ids += [hit.article.id for hit in hits]
        after = Position(*hits[-1].article.order)
    return ids
