import signal
import time
from contextlib import closing
from pathlib import Path

import httpx

from indexer.article import Article
from indexer.store.port import Request
from indexer.times import DAY, HOUR, Millis, parse
from service.cli.demo import load_sample
from service.clock import system_clock
from service.ingesting import store_of
from service.sample import records
from service.settings import load_settings
from tests.service.cli.command import PATIENCE, heard, running

NOW = parse("2031-03-05T14:07:31.123Z")
OWN = Article(id="own", title="Our own", seen_at=NOW, ranked_at=NOW)
SAMPLE = {fields["id"]: parse(fields["published_at"]) for fields in records(NOW)}


def dates(folder: Path) -> dict[str, Millis]:
    """When each article that can be found was published; those of the sample were seen in that moment."""
    with closing(store_of(load_settings(store=f"embedded:{folder}"))) as store:
        found = [hit.article for hit in store.search(Request(size=1000)).hits]
    assert all(article.published_at == article.seen_at == article.ranked_at for article in found if article != OWN)
    return {article.id: article.ranked_at for article in found}


def test_the_sample_is_loaded_once_a_day_and_then_dated_afresh(tmp_path: Path, small_model: str) -> None:
    settings = load_settings(store=f"embedded:{tmp_path}", model=small_model)
    load_sample(settings, NOW)
    assert dates(tmp_path) == SAMPLE
    with closing(store_of(settings)) as store:
        store.write([OWN])
        store.refresh()

    load_sample(settings, NOW + 23 * HOUR)
    assert dates(tmp_path) == SAMPLE | {"own": NOW}

    load_sample(settings, NOW + 2 * DAY)
    assert dates(tmp_path) == {name: at + 2 * DAY for name, at in SAMPLE.items()} | {"own": NOW}


def test_the_demo_starts_again_after_a_kill_touches_no_other_store_and_stops(tmp_path: Path, small_model: str) -> None:
    settings = {"store": "elasticsearch+http://127.0.0.1:9", "model": small_model}
    with running(tmp_path, "demo", "--port", "0", **settings) as process:
        heard(tmp_path, process, r"sample newsroom \d+%")
    started = system_clock()
    with running(tmp_path, "demo", "--port", "0", **settings) as process:
        address = heard(tmp_path, process, r"serving embedded:.* on http://127\.0\.0\.1:\d+").split()[-1]
        end = time.monotonic() + PATIENCE
        while not httpx.get(f"{address}/readyz", timeout=PATIENCE).is_success:
            assert time.monotonic() < end
            time.sleep(0.1)
        tour = [line.split()[-1] for line in (tmp_path / "said").read_text().splitlines() if "  http" in line]
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
    assert len(tour) == 6
    assert all(one.startswith(address) for one in tour)
    [shift] = {round((at - SAMPLE[name] - started + NOW) / HOUR) for name, at in dates(tmp_path / "var/demo").items()}
    assert shift == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["said", "var"]
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["demo"]
