"""How the worker goes through the articles. What comes of it is in the contract of the stores."""

from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from indexer.catalogue.catalogue import Catalogue, Entry
from indexer.decisions.deciding import NewestNames
from indexer.decisions.decision import Hide, Merge, Split, Undo
from indexer.decisions.names import Names
from indexer.decisions.reprojecting import reproject
from indexer.store.port import Selection, Store
from tests.indexer.decisions.desk import CATALOGUE, article, newsroom, taken

NEWER = Names(Catalogue([*CATALOGUE, Entry("person:jane", "Jane", "person", aliases=("Jane Doe",))]))


class _Rests(Event):
    """Counts how often somebody rests, without that taking time."""

    count = 0

    def wait(self, timeout: float | None = None) -> bool:  # noqa: ARG002 - nobody waits
        self.count += 1
        return self.is_set()


@pytest.mark.parametrize(("articles", "rests"), [(0, 0), (30, 0), (250, 2)])
def test_a_walk_through_the_archive_leaves_the_store_to_others_in_between(
    tmp_path: Path, articles: int, rests: int
) -> None:
    with newsroom(tmp_path, *(article(f"a{number}", "Jane Doe") for number in range(articles))) as store:
        walk = _Rests()
        reproject(store, Names(CATALOGUE), Event())
        reproject(store, NEWER, walk)
        store.refresh()
        assert store.count(Selection(filters={"entity": ("person:jane",)})) == articles
        assert walk.count >= rests
        assert (walk.count > 0) == (rests > 0)


class _DecidingMeanwhile(_Rests):
    """Somebody hides an entity while the walk rests."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store

    def wait(self, timeout: float | None = None) -> bool:
        if not self.count:
            taken(self._store, Hide("person:jane-doe"))
        return super().wait(timeout)


def test_a_decision_does_not_wait_for_the_end_of_a_walk(tmp_path: Path) -> None:
    with newsroom(tmp_path, *(article(f"a{number}", "Jane Doe") for number in range(250))) as store:
        walk = _DecidingMeanwhile(store)
        reproject(store, Names(CATALOGUE), walk)
        assert walk.count == 1
        reproject(store, NewestNames(store, CATALOGUE)(), _Rests())
        store.refresh()
        assert store.count(Selection(filters={"entity": ("person:jane-doe",)})) == 0


def test_an_undone_merge_takes_its_articles_back_from_where_a_later_split_put_them(tmp_path: Path) -> None:
    stories = {"a": "a", "b": "b", "c": "b"}
    told = [replace(article(one), story=story, grouped=story) for one, story in stories.items()]
    with newsroom(tmp_path, *told) as store:
        reproject(store, Names(CATALOGUE), Event())
        taken(store, Merge("story:a", "story:b"), Split("story:b", ("c", "a")))
        reproject(store, NewestNames(store, CATALOGUE)(), Event())
        assert [one and one.story for one in store.get(["a", "b", "c"])] == ["c", "b", "c"]
        taken(store, Undo(1))
        reproject(store, NewestNames(store, CATALOGUE)(), Event())
        assert [one and one.story for one in store.get(["a", "b", "c"])] == ["a", "b", "c"]
