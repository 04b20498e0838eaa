"""`dateline copy`: a newsroom carried from one store into another."""

from contextlib import closing
from pathlib import Path

from indexer.copying import BATCH, copy
from indexer.store.port import Selection
from service.cli.commands import Overrides
from service.cli.output import progress, say
from service.ingesting import Level, prepared_store, store_of
from service.settings import load_settings


def copy_store(overrides: Overrides, *, source_url: str, target_url: str) -> None:
    """Bring everything of one store into another."""
    with closing(store_of(load_settings(**overrides | {"store": source_url}))) as source:
        source.refresh()  # raises where there is no store, before another one is made
        total = source.count(Selection())
        with prepared_store(load_settings(**overrides | {"store": target_url})) as target, progress("copying") as shown:
            index = Level(target)
            for copied in copy(source, target, _name(source_url)):
                index.follow(BATCH)
                shown.update(copied.changes, max(total, copied.changes), f"{copied.changes:,} changes")
            target.refresh()
    say(f"copied: {copied.articles:,} articles written, {copied.deletions:,} deleted")


def _name(url: str) -> str:
    """The address of a store, the same from wherever it is given."""
    scheme, _, path = url.partition(":")
    return f"embedded:{Path(path).resolve()}" if scheme == "embedded" else url
