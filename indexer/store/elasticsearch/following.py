"""`changes`: every write and deletion since a mark, by the sequence numbers of each shard."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from elasticsearch import Elasticsearch

from indexer.errors import StoreUnavailable
from indexer.store.elasticsearch.failures import check_response
from indexer.store.elasticsearch.indices import Index
from indexer.store.elasticsearch.writing import article_of
from indexer.store.port import Change, Changes, Json

NOTHING_YET: Final = -1
LARGEST_PAGE: Final = 10_000
"""What Elasticsearch hands out in one answer."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Up to which sequence number, inclusive, each shard of one index has been read."""

    index: str
    shards: Mapping[int, int]

    @property
    def text(self) -> str | None:
        """As it is handed out; None at the beginning."""
        return json.dumps({"index": self.index, "shards": self.shards}) if self.shards else None

    def reached(self, shard: int) -> int:
        return self.shards.get(shard, NOTHING_YET)


def read_mark(text: str | None, index: Index) -> Mark:
    """A mark of this index, or its beginning where the mark is of another index or of another kind of store."""
    try:
        fields = json.loads(text or "{}")
        if fields["index"] == index.uuid:
            return Mark(index.uuid, {int(shard): int(reached) for shard, reached in fields["shards"].items()})
    except (ValueError, TypeError, KeyError, AttributeError):
        pass
    return Mark(index.uuid, {})


def read_changes(client: Elasticsearch, index: Index, after: str | None, limit: int) -> Changes:
    """Up to `limit` changes of a concrete index.

    A shard is read up to its global checkpoint, taken before a refresh: every operation up to there is on every copy
    that can answer, and none can be undone by a failing primary. Above it there may be gaps that a slow writer
    fills later, below what a reader would by then have passed.
    """
    mark = read_mark(after, index)
    checkpoints = _checkpoints(client, index)
    backlogs = {shard: checkpoint - mark.reached(shard) for shard, checkpoint in checkpoints.items()}
    shares = fair_shares({shard: size for shard, size in backlogs.items() if size > 0}, min(limit, LARGEST_PAGE))
    if not shares:
        return Changes((), mark.text)
    check_response(client.indices.refresh(index=index.name).body)
    reached, items = dict(mark.shards), list[Change]()
    for shard, share in shares.items():
        hits = _read_shard(client, index, shard, (mark.reached(shard), checkpoints[shard]), share)
        items += [Change(hit["_id"], article_of(hit["_source"])) for hit in hits]
        reached[shard] = hits[-1]["sort"][0] if len(hits) == share else checkpoints[shard]
    return Changes(tuple(items), Mark(index.uuid, reached).text if items else mark.text)


def fair_shares(backlogs: Mapping[int, int], limit: int) -> dict[int, int]:
    """How much of a limit each shard gets: none more than it has, and the largest backlog never nothing."""
    shares = {}
    left = limit
    for position, shard in enumerate(sorted(backlogs, key=backlogs.__getitem__)):
        shares[shard] = min(backlogs[shard], left // (len(backlogs) - position))
        left -= shares[shard]
    return {shard: share for shard, share in shares.items() if share}


def _checkpoints(client: Elasticsearch, index: Index) -> dict[int, int]:
    stats = client.indices.stats(index=index.name, level="shards", metric="docs").body
    copies: Json = stats["indices"].get(index.name, {}).get("shards", {})
    checkpoints = {
        int(shard): copy["seq_no"]["global_checkpoint"]
        for shard, group in copies.items()
        for copy in group
        if copy["routing"]["primary"] and copy["routing"]["state"] == "STARTED" and "seq_no" in copy
    }
    if len(checkpoints) != index.shards:
        raise StoreUnavailable(f"only {len(checkpoints)} of {index.shards} parts of the index {index.name} are there")
    return checkpoints


def _read_shard(client: Elasticsearch, index: Index, shard: int, span: tuple[int, int], size: int) -> list[Json]:
    after, upto = span
    answer = client.search(
        index=index.name,
        preference=f"_shards:{shard}",
        query={"range": {"_seq_no": {"gt": after, "lte": upto}}},
        sort=[{"_seq_no": "asc"}],
        size=size,
        track_total_hits=False,
        allow_partial_search_results=False,
    )
    hits: list[Json] = check_response(answer.body)["hits"]["hits"]
    return hits
