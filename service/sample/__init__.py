"""The sample newsroom: five weeks of short articles, written for dateline, dated relative to the moment of loading."""

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any, Final

from indexer.times import MINUTE, Millis, to_text

Json = dict[str, Any]

_NEWSROOM: Final = "newsroom.jsonl"


def records(now: Millis) -> Iterator[Json]:
    """The articles as records to ingest, the oldest first, each with `published_at` in RFC 3339 before `now`.

    The ids do not depend on `now`: loading again later dates the same articles afresh.
    """
    with files(__name__).joinpath(_NEWSROOM).open(encoding="utf-8") as lines:
        for line in lines:
            yield _dated(json.loads(line), now)


def _dated(record: Json, now: Millis) -> Json:
    """`minutes_before` and `ms` together are how long before loading the article appeared."""
    before = record.pop("minutes_before") * MINUTE + record.pop("ms")
    return record | {"published_at": to_text(now - before)}
