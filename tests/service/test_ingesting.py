"""An ingest brings the text index along, by number and by time, and goes on where it cannot."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from indexer.errors import StoreUnavailable
from indexer.store.embedded.store import EmbeddedStore
from service.ingesting import Level
from tests.contract.factories import article


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EmbeddedStore]:
    with closing(EmbeddedStore(tmp_path)) as opened:
        opened.prepare()
        yield opened


def test_the_index_follows_after_some_thousand_articles(store: EmbeddedStore) -> None:
    level = Level(store)
    store.write([article("a"), article("b")])
    level.follow(2)
    assert store.behind() == 2
    level.follow(4_997)
    assert store.behind() == 2
    level.follow(1)
    assert store.behind() == 0
    store.write([article("c")])
    level.follow(1)
    assert store.behind() == 1


def test_the_index_follows_after_a_second(store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    level = Level(store)
    store.write([article("a")])
    monkeypatch.setattr("service.ingesting._LONGEST_BEHIND", 0.0)
    level.follow(1)
    assert store.behind() == 0


def test_an_index_that_cannot_be_written_does_not_stop_an_ingest(store: EmbeddedStore, tmp_path: Path) -> None:
    store.write([article("a")])
    (tmp_path / "index").rename(tmp_path / "elsewhere")
    (tmp_path / "index").write_text("in the way")
    with pytest.raises(StoreUnavailable):
        store.catch_up()
    Level(store).follow(5_000)
    (tmp_path / "index").unlink()
    Level(store).follow(5_000)
    assert store.behind() == 0
