"""`dateline ingest`: sources in, stored articles out, with progress and a summary."""

import ctypes
import time
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from indexer.errors import DatelineError
from indexer.pipeline import Pipeline, Result, Tally
from indexer.sources.dead_letters import DeadLetters
from indexer.sources.reading import Download, read, size_of
from indexer.sources.records import Item
from nlp.mention import NoExtractor
from service.cli.commands import Overrides
from service.cli.output import Progress, progress, say
from service.clock import system_clock
from service.ingesting import ExtractorName, Level, open_pipeline, prepared_store
from service.settings import load_settings

_M_MMAP_THRESHOLD: Final = -3
"""Its number in glibc's malloc.h."""
_LARGE: Final = 1 << 20


def ingest(
    overrides: Overrides, *, sources: Sequence[str], extractor: ExtractorName, replay: bool, dead_letters: Path
) -> int:
    """Read every source into the store; 1 if a record failed."""
    settings = load_settings(**overrides)
    _give_large_blocks_back()
    with (
        prepared_store(settings) as store,
        open_pipeline(store, settings, system_clock, extractor) as pipeline,
        DeadLetters(dead_letters) as letters,
        progress(_label(pipeline)) as shown,
    ):
        items = _items(sources, allow_private=settings.allow_private_addresses)
        tally = load(pipeline, items, letters, Meter(shown, size_of(sources)), replay=replay)
        store.refresh()
    say(summary(tally))
    if tally.failed:
        say(f"what failed is in {dead_letters}, with the reasons")
    return 1 if tally.failed else 0


def load(pipeline: Pipeline, items: Iterable[Item], letters: DeadLetters, meter: "Meter", *, replay: bool) -> Tally:
    """Run the pipeline to its end; failed records become dead letters before their batch is shown as done."""
    tally, index = Tally(), Level(pipeline.store)
    for results in pipeline.run(items, replay=replay):
        for result in results:
            if result.outcome == "failed":
                _bury(letters, result)
        tally = tally.plus(results)
        meter.show(results, tally)
        index.follow(len(results))
    return tally


def summary(tally: Tally) -> str:
    """One line: what became of all records."""
    counts = ", ".join(f"{getattr(tally, name):,} {name}" for name in ("new", "changed", "unchanged", "failed"))
    undated = f"; {tally.undated:,} without a usable date, ranked by arrival" if tally.undated else ""
    return f"{tally.total:,} records: {counts}{undated}"


class Meter:
    """Shows how far an ingest is, by the bytes of its files (`size` in all), and how fast it goes."""

    def __init__(self, shown: Progress, size: int) -> None:
        self._shown = shown
        self._size = size
        self._read: dict[str, int] = {}
        self._started = time.monotonic()

    def show(self, results: Sequence[Result], tally: Tally) -> None:
        """After a commit: everything in `tally` is acknowledged."""
        for result in results:
            self._read[result.record.origin] = result.record.read
        rate = tally.total / max(time.monotonic() - self._started, 1e-3)
        self._shown.update(sum(self._read.values()), self._size or None, f"{tally.total:,} records, {rate:,.0f}/s")


def _give_large_blocks_back() -> None:
    """Have glibc return each large block when it is freed. Of itself it comes to keep ever larger ones.

    Then memory would grow with what was ingested. A process that computes with large arrays is quicker without.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt:
        mallopt(_M_MMAP_THRESHOLD, _LARGE)


def _label(pipeline: Pipeline) -> str:
    """What the progress is of. Loads the model, so that the rates which are shown are those of ingesting."""
    extractor = pipeline.extraction.name
    return "without names" if extractor == NoExtractor.name else f"names by {extractor}"


def _bury(letters: DeadLetters, result: Result) -> None:
    try:
        letters.add(result.record, result.reason or "")
    except OSError as error:
        raise DatelineError(f"the dead letters cannot be written: {error.strerror}. Start again to go on.") from error


def _items(sources: Sequence[str], *, allow_private: bool) -> Iterable[Item]:
    for source in sources:
        yield from read(source, partial(_downloaded, allow_private=allow_private))


def _downloaded(url: str, *, allow_private: bool) -> Download:
    from indexer.sources.fetch import download, make_client  # noqa: PLC0415 - slow to import, and no file needs it

    with make_client(allow_private=allow_private) as client:
        return download(client, url)
