"""`dateline ingest`: sources in, stored articles out, with progress and a summary."""

import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from indexer.errors import DatelineError
from indexer.pipeline import Pipeline, Result, Tally
from indexer.sources.dead_letters import DeadLetters
from indexer.sources.fetch import download, make_client
from indexer.sources.reading import read, size_of
from indexer.sources.records import Item
from indexer.worker import catch_up_chore, working
from nlp.mention import NoExtractor
from service.cli.commands import Overrides
from service.cli.output import Progress, progress, say
from service.ingesting import ExtractorName, open_pipeline, prepared_store
from service.newsroom import system_clock
from service.settings import load_settings


def ingest(
    overrides: Overrides, *, sources: Sequence[str], extractor: ExtractorName, replay: bool, dead_letters: Path
) -> int:
    """Read every source into the store; 1 if a record failed."""
    settings = load_settings(**overrides)
    with (
        prepared_store(settings) as store,
        open_pipeline(store, settings, system_clock, extractor) as pipeline,
        DeadLetters(dead_letters) as letters,
        progress(_label(pipeline)) as shown,
        working(store, [catch_up_chore(store, pause=1.0)]),
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
    tally = Tally()
    for results in pipeline.run(items, replay=replay):
        for result in results:
            if result.outcome == "failed":
                _bury(letters, result)
        tally = tally.plus(results)
        meter.show(results, tally)
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
    with make_client(allow_private=allow_private) as client:
        for source in sources:
            yield from read(source, lambda url: download(client, url))
