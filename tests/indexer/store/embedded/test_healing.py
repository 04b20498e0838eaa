"""The index is made from the record, and made afresh from it whenever it is missing, damaged or outdated."""

import json
import logging
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from shutil import copytree, rmtree
from typing import NoReturn

import pytest

from indexer.errors import StoreUnavailable
from indexer.store.embedded import schema
from indexer.store.embedded.folder import IndexFolder, Mark
from indexer.store.embedded.store import EmbeddedStore
from indexer.store.port import Selection
from tests.contract.factories import article, filled, found


def current(folder: Path) -> dict[str, object]:
    read: dict[str, object] = json.loads((folder / "index/current.json").read_text())
    return read


def generation(folder: Path) -> Path:
    return folder / "index" / str(current(folder)["generation"])


def rewrite(folder: Path, **changes: object) -> None:
    (folder / "index/current.json").write_text(json.dumps(current(folder) | changes))


def empty_segments(folder: Path) -> None:
    for file in generation(folder).glob("*.store"):
        file.write_bytes(b"")


def remove_segments(folder: Path) -> None:
    for file in generation(folder).glob("*.idx"):
        file.unlink()


DAMAGES: dict[str, Callable[[Path], object]] = {
    "no folder": lambda folder: rmtree(folder / "index"),
    "no pointer": lambda folder: (folder / "index/current.json").unlink(),
    "half a pointer": lambda folder: (folder / "index/current.json").write_text('{"generation": "'),
    "foreign pointer": lambda folder: (folder / "index/current.json").write_text('["x"]'),
    "no generation": lambda folder: rmtree(generation(folder)),
    "no meta": lambda folder: (generation(folder) / "meta.json").unlink(),
    "garbled meta": lambda folder: (generation(folder) / "meta.json").write_text("garbage"),
    "segments gone": remove_segments,
    "segments empty": empty_segments,
    "older schema": lambda folder: rewrite(folder, fingerprint="older"),
    "another store's": lambda folder: rewrite(folder, store="other"),
    "ahead of the record": lambda folder: rewrite(folder, change=99, complete=99),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_an_index_that_cannot_be_used_is_made_afresh(
    store: EmbeddedStore, folder: Path, damage: Callable[[Path], object], caplog: pytest.LogCaptureFixture
) -> None:
    filled(store, *(article(f"id-{number}") for number in range(30)))
    store.delete(["id-0"])
    store.refresh()
    store.close()
    damage(folder)
    with closing(EmbeddedStore(folder)) as reopened:
        reopened.prepare()
        with pytest.raises(StoreUnavailable):
            reopened.ping()
        with pytest.raises(StoreUnavailable):
            reopened.count(Selection())
        assert reopened.behind() == 30
        with caplog.at_level(logging.WARNING):
            assert reopened.catch_up() == 30
        assert "afresh" in caplog.text
        assert len(found(reopened, "title")) == 29
        assert (reopened.behind(), reopened.catch_up()) == (0, 0)
    assert len([path for path in (folder / "index").iterdir() if path.is_dir()]) == 1


def test_who_has_the_index_open_goes_on_reading_it(store: EmbeddedStore, folder: Path) -> None:
    filled(store, article("a"))
    assert store.count(Selection()) == 1
    rmtree(folder / "index")
    assert store.count(Selection()) == 1
    store.write([article("b")])
    with closing(EmbeddedStore(folder)) as other:
        other.refresh()
    assert found(store, "title") == {"a", "b"}


@pytest.mark.parametrize("damage", [empty_segments, remove_segments])
def test_the_first_catching_up_finds_damage_that_no_search_has_met(
    store: EmbeddedStore, folder: Path, damage: Callable[[Path], None]
) -> None:
    filled(store, article("a"), article("b"))
    store.close()
    damage(folder)
    with closing(EmbeddedStore(folder)) as reopened:
        assert reopened.catch_up() == 2
        assert found(reopened, "title") == {"a", "b"}


def test_what_a_killed_rebuild_left_is_cleared_away(store: EmbeddedStore, folder: Path) -> None:
    filled(store, article("a"))
    store.close()
    copytree(generation(folder), folder / "index/halfdone")
    with closing(EmbeddedStore(folder)) as reopened:
        reopened.catch_up()
        assert [path for path in (folder / "index").iterdir() if path.is_dir()] == [generation(folder)]
        assert found(reopened, "title") == {"a"}


def test_refresh_heals_too(store: EmbeddedStore, folder: Path) -> None:
    filled(store, article("a"))
    store.close()
    rmtree(folder / "index")
    with closing(EmbeddedStore(folder)) as reopened:
        reopened.refresh()
        assert found(reopened, "title") == {"a"}


def test_an_index_of_another_revision_is_made_afresh(
    store: EmbeddedStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(store, article("a"))
    monkeypatch.setattr(schema, "REVISION", 0)
    with closing(EmbeddedStore(folder)) as newer:
        assert newer.behind() == 1
        assert newer.catch_up() == 1
        assert found(newer, "title") == {"a"}


def test_a_record_put_back_from_a_copy_gets_its_own_index(store: EmbeddedStore, folder: Path, tmp_path: Path) -> None:
    filled(store, article("a"))
    store.close()
    copytree(folder, tmp_path / "copy")
    with closing(EmbeddedStore(folder)) as ahead:
        filled(ahead, article("b"))
    (tmp_path / "copy/articles.sqlite").replace(folder / "articles.sqlite")
    with closing(EmbeddedStore(folder)) as restored:
        restored.refresh()
        assert found(restored, "title") == {"a"}


def test_a_rebuild_that_fails_leaves_the_index_and_no_litter(
    store: EmbeddedStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(store, article("a"))
    monkeypatch.setattr("indexer.store.embedded.follower.HEAP", 1)
    with pytest.raises(StoreUnavailable):
        store.rebuild()
    assert found(store, "title") == {"a"}
    assert [path for path in (folder / "index").iterdir() if path.is_dir()] == [generation(folder)]


def test_a_rebuild_that_cannot_begin_leaves_no_litter(
    store: EmbeddedStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(store, article("a"))

    def full(*_: object) -> NoReturn:
        raise OSError("no space left")

    monkeypatch.setattr("indexer.store.embedded.folder.tantivy.Index", full)
    with pytest.raises(StoreUnavailable):
        store.rebuild()
    assert [path for path in (folder / "index").iterdir() if path.is_dir()] == [generation(folder)]


def test_a_long_backlog_is_committed_in_parts(
    store: EmbeddedStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.store.embedded.follower.COMMIT_EVERY", 10)
    store.write([article(f"id-{number}") for number in range(25)])
    assert store.catch_up() == 25
    assert current(folder)["complete"] == current(folder)["change"] == 25
    store.write([article(f"id-{number}", "Edited") for number in range(20)])
    rewrite(folder, change=35)
    assert store.behind() == 10
    store.refresh()
    assert current(folder)["complete"] == 45
    assert store.count(Selection()) == 25


def test_a_commit_that_was_cut_off_is_made_again(
    store: EmbeddedStore, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    filled(store, *(article(f"a{number}") for number in range(10)))
    before = {path: path.read_bytes() for path in (*generation(folder).glob("*.json"), folder / "index/current.json")}
    before |= {path: path.read_bytes() for path in generation(folder).glob(".managed.json")}
    store.delete(["a3"])
    store.refresh()
    store.close()
    assert list(generation(folder).glob("*.del"))
    for path, content in before.items():
        path.write_bytes(content)
    with closing(EmbeddedStore(folder)) as reopened:
        reopened.refresh()
        assert reopened.count(Selection()) == 9
    assert not caplog.records


def test_what_was_committed_before_its_mark_moved_is_not_there_twice(store: EmbeddedStore, folder: Path) -> None:
    filled(store, article("a"))
    before = (folder / "index/current.json").read_bytes()
    store.write([article("b"), article("a", "Edited")])
    store.delete(["a"])
    store.write([article("a", "Again"), article("c")])
    store.refresh()
    store.close()
    (folder / "index/current.json").write_bytes(before)
    with closing(EmbeddedStore(folder)) as reopened:
        assert reopened.behind() == 3
        reopened.refresh()
        assert reopened.count(Selection()) == 3
        assert found(reopened, "again") == {"a"}


def test_only_the_last_part_of_a_backlog_completes_it(
    store: EmbeddedStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marks = []
    put = IndexFolder.put

    def noting(self: IndexFolder, mark: Mark) -> None:
        marks.append((mark.change, mark.complete))
        put(self, mark)

    monkeypatch.setattr(IndexFolder, "put", noting)
    monkeypatch.setattr("indexer.store.embedded.follower.COMMIT_EVERY", 10)
    store.write([article(f"id-{number}") for number in range(20)])
    assert store.catch_up() == 20
    store.write([article(f"id-{number}") for number in range(20, 45)])
    assert store.catch_up() == 25
    assert marks == [(10, 0), (20, 20), (30, 20), (40, 20), (45, 45)]


def test_what_is_edited_while_an_index_is_built_is_in_it_once(
    store: EmbeddedStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beat = IndexFolder.beat
    edits = iter([[article("id-0", "Edited"), article("id-24", "Edited")], [article("id-1", "Edited")]])

    def editing(self: IndexFolder) -> None:
        beat(self)
        store.write(next(edits, []))

    monkeypatch.setattr("indexer.store.embedded.follower.COMMIT_EVERY", 10)
    filled(store, *(article(f"id-{number}") for number in range(25)))
    monkeypatch.setattr(IndexFolder, "beat", editing)
    store.rebuild()
    store.refresh()
    assert found(store, "edited") == {"id-0", "id-1", "id-24"}
    assert store.count(Selection()) == 25
