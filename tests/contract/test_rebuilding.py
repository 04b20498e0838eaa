"""A rebuild while others search and write: nothing missing, nothing twice, no empty moment."""

from collections import Counter
from collections.abc import Callable
from threading import Event, Thread

import pytest

from indexer.query.ast import Text
from indexer.store.port import Request, Selection, Store
from tests.contract.conftest import Opener
from tests.contract.factories import article, filled, found, walked

KEPT = {f"kept-{number}" for number in range(300)}
EDITED = [f"edited-{number}" for number in range(20)]
REBUILDS = 3


@pytest.fixture
def newsroom(store: Store) -> Store:
    """Articles that stay as they are, and some that others edit and delete."""
    kept = (article(one, "Kept", at=int(one[5:]) % 7, section="World") for one in sorted(KEPT))
    return filled(store, *kept, *(article(one, "Edited 0", at=9) for one in EDITED))


def meanwhile(*tasks: Callable[[], None], work: Callable[[], None]) -> list[int]:
    """Do the work while every task is done again and again. How often each was; the first failure of one is raised."""
    done = Event()
    turns, failures = [0] * len(tasks), list[BaseException]()

    def repeat(place: int) -> None:
        try:
            while not done.is_set():
                tasks[place]()
                turns[place] += 1
        except BaseException as failure:  # noqa: BLE001 - raised in the main thread
            failures.append(failure)

    threads = [Thread(target=repeat, args=(place,)) for place in range(len(tasks))]
    for thread in threads:
        thread.start()
    try:
        work()
    finally:
        done.set()
        for thread in threads:
            thread.join()
    for failure in failures:
        raise failure
    return turns


def test_readers_miss_nothing_and_see_nothing_twice(newsroom: Store, open_again: Opener) -> None:
    reader, writer = open_again(), open_again()
    last: dict[str, str | None] = {}

    def walk() -> None:
        times = Counter(walked(reader, "newest", 70))
        assert set(times.values()) == {1}
        assert times.keys() >= KEPT

    def search() -> None:
        request = Request(Selection(Text("kept")), sort="relevance", size=400, facets={"section": 2})
        response = newsroom.search(request)
        assert {hit.article.id for hit in response.hits} == KEPT
        assert [(value.value, value.count) for value in response.facets["section"].values] == [("World", 300)]
        assert newsroom.count(Selection(Text("kept"))) == 300

    def write() -> None:
        turn = len(last)
        new, edited, gone = f"new-{turn}", EDITED[turn % 20], EDITED[(turn + 10) % 20]
        title = f"Turn{turn}"
        writer.write([article(new, title), article(edited, title, at=9)])
        writer.delete([gone])
        last.update({new: title, edited: title, gone: None})
        writer.refresh()
        assert found(writer, title) == {new, edited}
        assert [one and one.title for one in writer.get([new, edited, gone])] == [title, title, None]

    def rebuild() -> None:
        for _ in range(REBUILDS):
            newsroom.rebuild()

    turns = meanwhile(walk, search, write, work=rebuild)
    assert min(turns) > 0
    newsroom.refresh()
    titles = {one: title for one, title in last.items() if title}
    untouched = set(EDITED) - last.keys()
    assert set(walked(newsroom, "oldest", 1_000)) == KEPT | titles.keys() | untouched
    assert {one.id: one.title for one in newsroom.get(list(last)) if one} == titles
