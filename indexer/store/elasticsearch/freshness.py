"""`fresh` further back than the 32 bits of Elasticsearch's scores reach.

There all scores have faded to 0, and so to no order: what is that old is asked for again, as seen from the newest
of it.
"""

from collections.abc import Callable, Sequence
from itertools import takewhile
from typing import Final

from indexer.store.document import from_document
from indexer.store.elasticsearch.compile import LIFT, faded, scored
from indexer.store.elasticsearch.searching import BY_SCORE, BY_TIME, PATIENCE
from indexer.store.port import DEEPEST_RELEVANCE, Freshness, Hit, Json, Request
from indexer.times import Millis

FAINTEST: Final = 2.0**-100
"""Lifted scores from here on have all of their bits."""

LEAST: Final = 1e-30
"""Less than any score that is not 0, unfaded."""

Search = Callable[[Json], Json]


def is_faint(answer: Json) -> bool:
    """Whether scores have faded on a page, so that its order may be wrong."""
    hits = answer["hits"]["hits"]
    return bool(hits) and not _is_clear(hits[-1])


def look_back(search: Search, request: Request, freshness: Freshness) -> tuple[Hit, ...]:
    """The page of a request, in rounds: each takes what is clear from where it looks, and leaves the rest to the next.

    What has no score at all comes last, the newest first.
    """
    query = scored(request)
    wanted = min(request.offset + request.size, DEEPEST_RELEVANCE)
    found: list[Hit] = []
    origin: Millis | None = freshness.now
    while origin is not None:
        seen = faded(_without(query, found), freshness._replace(now=origin))
        page = search({"query": seen, "sort": BY_SCORE, "size": wanted - len(found), "timeout": PATIENCE})
        hits = page["hits"]["hits"]
        clear = [*takewhile(_is_clear, hits)]
        found += [_read_hit(hit, origin, freshness) for hit in clear]
        faint = hits[len(clear) :]
        origin = _newest_scored(search, _without(query, found)) if faint else None
    return (*found, *(Hit(from_document(hit["_source"]), 0.0) for hit in faint))[request.offset :]


def _is_clear(hit: Json) -> bool:
    return bool(hit["_score"] >= FAINTEST)


def _without(query: Json, found: Sequence[Hit]) -> Json:
    return {"bool": {"must": [query], "must_not": [{"terms": {"id": [hit.article.id for hit in found]}}]}}


def _newest_scored(search: Search, query: Json) -> Millis | None:
    """When the newest was ranked that has a score at all."""
    body = {"query": query, "min_score": LEAST, "sort": BY_TIME["newest"], "size": 1, "timeout": PATIENCE}
    hits = search(body | {"_source": ["ranked_at"]})["hits"]["hits"]
    newest: Millis | None = hits[0]["_source"]["ranked_at"] if hits else None
    return newest


def _read_hit(hit: Json, origin: Millis, freshness: Freshness) -> Hit:
    fading = 2.0 ** -((freshness.now - origin) / freshness.half_life)
    return Hit(from_document(hit["_source"]), hit["_score"] / LIFT * fading)
