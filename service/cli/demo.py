"""`dateline demo`: the sample newsroom, live."""

from pathlib import Path
from typing import Final

from indexer.sources.records import Found
from indexer.times import DAY, Millis, to_text
from service.cli.output import progress, say
from service.cli.serve import address_of, listening, run_server
from service.clock import system_clock
from service.ingesting import open_pipeline, prepared_store
from service.sample import records
from service.settings import Settings, load_settings

_KIND: Final = "demo"
_RECORD: Final = "sample"
_PART: Final = 50
_TOUR: Final = (
    ("the front page", "/"),
    ("what matters now, and why", "/v1/trends/entities?explain=true"),
    ("search with facets", "/v1/search?q=kursk+troops&facet=section&facet=place&highlight=true"),
    ("a name over time", "/entities/place:kursk"),
    ("trends as of last week", "/v1/trends/entities?as_of={last_week}"),
    ("the API, to try out", "/docs"),
)


def demo(host: str, port: int, folder: Path) -> None:
    """Load the bundled sample newsroom into a store of its own and serve it."""
    settings = load_settings(store=f"embedded:{folder.absolute()}", host=host, port=port)
    with listening(host, port) as listener:
        load_sample(settings, system_clock())
        last_week = to_text(system_clock() - 7 * DAY)
        say("")
        for what, path in _TOUR:
            say(f"  {what:<28} {address_of(listener)}{path.format(last_week=last_week)}")
        say("")
        run_server(settings, listener)


def load_sample(settings: Settings, now: Millis) -> None:
    """Load the sample, dated up to now; leave it as it is when it was loaded less than a day ago."""
    with prepared_store(settings) as store:
        loaded = store.records(_KIND).get(_RECORD)
        if loaded is not None and now - loaded["at"] < DAY:
            say("the sample newsroom is loaded")
            return
        found = [Found("sample", position, fields) for position, fields in enumerate(records(now), start=1)]
        # The first dates of an article are kept for good; only one that was deleted can be dated afresh.
        store.delete([item.fields["id"] for item in found])
        with open_pipeline(store, settings, lambda: now) as pipeline, progress("sample newsroom") as shown:
            for done in range(0, len(found), _PART):
                shown.update(done, len(found), f"{done} articles")
                for _ in pipeline.run(found[done : done + _PART], replay=True):
                    pass
            shown.update(len(found), len(found), f"{len(found)} articles")
        store.refresh()
        store.put_record(_KIND, _RECORD, {"at": now})
