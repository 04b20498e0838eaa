"""What names mean to a newsroom: as of a second ago at most, and without asking the store each time."""

from pathlib import Path

import pytest

from indexer.decisions.deciding import decide
from indexer.decisions.decision import Alias, Hide
from service import newsroom as root
from service.ingesting import prepared_store
from service.newsroom import Newsroom
from service.settings import load_settings


def test_decisions_are_seen_soon_and_asked_for_seldom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load_settings(store=f"embedded:{tmp_path}/store")
    with prepared_store(settings) as store:
        newsroom = Newsroom(store, settings, lambda: 0)
        before = newsroom.names
        decide(store, newsroom.catalogue, Alias("place:russia", "Rossiya"), who="Jane", why="It is so.", now=0)
        assert newsroom.names is before
        monkeypatch.setattr(root, "_REMEMBERED", 0.0)
        after = newsroom.names
        assert after.lookup("rossiya") == after.get("place:russia")
        assert newsroom.names is after
        decide(store, newsroom.catalogue, Hide("place:russia"), who="Jane", why="It is so.", now=0)
        assert newsroom.names.lookup("Russia") is None
