"""One article of each story: the first under the order of a search."""

from dataclasses import replace
from typing import Final

from indexer.article import Article
from indexer.query.ast import And, InStory, Not, Or
from indexer.store.port import DEEPEST_RELEVANCE, Hit, Position, Request, Response, Selection, Store

DEEPEST: Final = DEEPEST_RELEVANCE
"""How many stories can be paged through."""
_SPARE: Final = 4
"""How many times the articles are read that are wanted, for those of a story come together."""


def collapsed(store: Store, request: Request) -> Response:
    """A page of a search that passes over articles of a story that has come already, by `offset` in every order.

    Total and facets are of all articles. StoreError.
    """
    wanted = min(request.offset + request.size, DEEPEST)
    first, kept, asked = None, list[Hit](), replace(request, offset=0)
    while first is None or len(kept) < wanted:
        asked = replace(asked, size=min(DEEPEST, _SPARE * (wanted - len(kept))))
        response = store.search(asked)
        first = first or response
        kept += firsts(response.hits, seen={hit.article.story for hit in kept})
        if len(response.hits) < asked.size:
            break
        asked = _beyond(request, kept, response.hits[-1].article)
    return replace(first, hits=tuple(kept[request.offset : wanted]))


def firsts(hits: tuple[Hit, ...], seen: set[str]) -> list[Hit]:
    """The hits in no story, or in one that is not among the seen and comes for the first time."""
    seen, kept = seen - {""}, []
    for hit in hits:
        if hit.article.story not in seen:
            kept.append(hit)
            seen |= {hit.article.story} - {""}
    return kept


def story_size(store: Store, selection: Selection, article: Article) -> int:
    """How many articles of a selection are in the story of one of them. StoreError."""
    if not article.story:
        return 1
    return store.count(replace(selection, filters={**selection.filters, "story": (article.story,)}))


def _beyond(request: Request, kept: list[Hit], last: Article) -> Request:
    """What asks for the hits that come after some: those in other stories, behind those in none."""
    stories = sorted({hit.article.story for hit in kept} - {""})
    query = request.selection.query
    if stories:
        query = And((query, Not(Or(tuple(map(InStory, stories))))))
    asked = replace(request, selection=replace(request.selection, query=query), facets={})
    if request.sort in ("newest", "oldest"):
        return replace(asked, offset=0, after=Position(*last.order))
    return replace(asked, offset=sum(not hit.article.story for hit in kept))
