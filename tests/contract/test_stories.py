"""Every article comes into a story, the same on every store, whatever happens on the way."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from threading import Event
from typing import Any, Final

import pytest

from indexer.article import Article, Written
from indexer.catalogue.catalogue import Catalogue
from indexer.decisions.deciding import NewestNames, decide, named
from indexer.decisions.decision import Act, Merge, Split, Undo
from indexer.decisions.reprojecting import Progress, progress, reproject
from indexer.errors import StoreUnavailable
from indexer.store.port import Request, Selection, Store
from indexer.stories import chore, window
from indexer.stories.chore import Grouper
from indexer.stories.evidence import traits_of
from indexer.stories.grouping import Window, assign
from indexer.times import DAY, HOUR
from nlp.encoder import Encoder, text_of
from nlp.mention import Mention
from nlp.rarity import Rarity
from tests.contract.factories import NOON, article, filled, found

CATALOGUE: Final = Catalogue([])
RARITY: Final = Rarity.load().idf
JANE: Final = (Mention("jane doe", "person", 1, "title", 0, ("Jane Doe",)),)


def told(article_id: str, about: int, *, at: int = 0, **fields: Any) -> Article:
    """An article that says just what others about the same say, of another source, and shares no word with the rest."""
    title, summary = (
        " ".join(f"{word}{about}" for word in words.split())
        for words in ("storm closes harbour ferries wait", "waves masts pilots anchors quay rescue")
    )
    said = {"title": title, "summary": summary, "source": f"{article_id}.example", "vector": vector(title, summary)}
    return article(article_id, at=at, **{**said, **fields})


@cache
def vector(title: str, summary: str) -> bytes:
    (row,) = Encoder.load().encode([text_of(title, summary)])
    return bytes(row)


def grouper(store: Store) -> Grouper:
    return Grouper(store, NewestNames(store, CATALOGUE), RARITY)


def group(store: Store) -> None:
    """Do the worker's chore once, as a worker that has just begun."""
    grouper(store).run(Event())
    store.refresh()


def level(store: Store) -> None:
    """Bring the articles level with the decisions."""
    names = NewestNames(store, CATALOGUE)()
    reproject(store, names, Event())
    assert progress(store, names) == Progress(names.number, 0)
    store.refresh()


def take(store: Store, *acts: Act) -> None:
    for act in acts:
        decide(store, CATALOGUE, act, who="Jane", why="It is so.", now=NOON)


def stories(store: Store, *ids: str) -> list[str]:
    return [one.story if one else "gone" for one in store.get(ids)]


def archive(number: int, seed: int = 1) -> list[Article]:
    """Articles of a month in no order, about some topics of two days each, and some of the same moment."""
    chance = random.Random(seed)  # noqa: S311 - which articles, not which secrets
    articles = []
    for n in range(number):
        about = chance.randrange(number // 5)
        moment = (about % 30) * DAY + chance.randrange(2 * 24) * HOUR
        articles.append(told(f"a-{n}", about, at=moment, body=f"Word{n} of {n}"))
    return articles


def reference(articles: Sequence[Article]) -> dict[str, str]:
    """The stories of articles that come one after the other, with all the others at hand."""
    everything, expected = Window(), dict[str, str]()
    for one in articles:
        (expected[one.id],) = assign(everything, [traits_of(one, RARITY)])
    return expected


def test_articles_about_one_event_come_into_the_story_of_the_first(store: Store) -> None:
    filled(store, told("a", 1), told("b", 2), told("c", 1, at=HOUR), told("d", 1, at=9 * DAY))
    group(store)
    assert stories(store, "a", "b", "c", "d") == ["a", "b", "a", "d"]
    assert {one.id: one.grouped for one in store.get("abcd") if one} == {"a": "a", "b": "b", "c": "a", "d": "d"}
    assert store.count(Selection(filters={"story": ("a",)})) == 2
    assert store.count(Selection(filters={"story": ("b", "d", "c")})) == 2


def test_its_own_writes_are_not_written_again(store: Store) -> None:
    filled(store, *archive(30))
    worker = grouper(store)
    worker.run(Event())
    mark = store.changes(None, 1_000).mark
    for one in (worker, grouper(store)):
        one.run(Event())
        assert store.changes(mark, 10).items == ()


def test_nothing_to_do_is_not_even_noted(store: Store) -> None:
    group(store)
    assert store.records(chore.KIND) == {}


@pytest.mark.parametrize("page", [1, 7, 500])
def test_the_order_of_arrival_alone_decides(store: Store, page: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chore, "PAGE", page)
    monkeypatch.setattr(window, "MOST", 20)
    articles = archive(150)
    worker = grouper(store)
    for start in range(0, len(articles), 50):
        store.write(articles[start : start + 50])
        worker.run(Event())
    expected = reference(articles)
    assert {one.id: one.grouped for one in store.get(list(expected)) if one} == expected
    assert len(set(expected.values())) < 100


@pytest.mark.parametrize("at", [HOUR, 40 * DAY])
def test_a_founder_that_comes_again_as_something_else_does_not_get_into_its_old_story(store: Store, at: int) -> None:
    filled(store, told("a", 1), told("b", 1))
    group(store)
    store.delete(["a"])
    filled(store, told("a", 2, at=at), told("c", 2, at=at), told("d", 1))
    group(store)
    new = f"a~{NOON + at}"
    assert stories(store, "a", "b", "c", "d") == [new, "a", new, "a"]


def test_late_articles_join_and_those_of_a_story_that_is_gone_begin_anew(store: Store) -> None:
    store.write([told("a", 1, at=HOUR), told("b", 2)])
    worker = grouper(store)
    worker.run(Event())
    store.delete(["b"])
    store.write([told("late", 1), told("c", 2)])
    worker.run(Event())
    assert stories(store, "late", "c") == ["a", "c"]


def test_an_edit_does_not_move_an_article_and_counts_for_those_that_come(store: Store) -> None:
    store.write([told("a", 1), told("b", 2)])
    worker = grouper(store)
    worker.run(Event())
    store.write([told("b", 3)])
    worker.run(Event())
    store.write([told("c", 3), told("d", 2)])
    worker.run(Event())
    assert stories(store, "a", "b", "c", "d") == ["a", "b", "b", "d"]


def test_what_was_deleted_and_comes_again_is_grouped_again(store: Store) -> None:
    store.write([told("a", 1), told("b", 1)])
    worker = grouper(store)
    worker.run(Event())
    store.delete(["b"])
    store.write([told("b", 2)])
    worker.run(Event())
    assert stories(store, "a", "b") == ["a", "b"]


class _Failing:
    """A store on which one call fails: half way through it, or after it."""

    def __init__(self, store: Store, method: str, *, call: int, after: bool) -> None:
        self._store = store
        self._method = method
        self._left = call
        self._after = after

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def put_record(self, kind: str, record_id: str, value: dict[str, Any]) -> bool:
        return bool(self._failing("put_record", lambda: self._store.put_record(kind, record_id, value)))

    def revise(self, ids: Sequence[str], change: Callable[[Article], Article]) -> list[Written]:
        half = ids if self._after else ids[len(ids) // 2 :]
        if self._method == "revise" and self._left == 1:
            self._store.revise(half, change)
        self._failing("revise", lambda: None)
        return self._store.revise(ids, change)

    def _failing(self, method: str, do: Callable[[], object]) -> object:
        self._left -= method == self._method
        failing = method == self._method and self._left == 0
        if failing and not self._after:
            raise StoreUnavailable("killed")
        done = do()
        if failing:
            raise StoreUnavailable("killed")
        return done


def _breaks() -> Iterator[tuple[str, int, bool]]:
    for method, calls in (("put_record", 4), ("revise", 2)):
        for call in range(1, calls + 1):
            yield from ((method, call, after) for after in (False, True))


@pytest.mark.parametrize(("method", "call", "after"), list(_breaks()))
@pytest.mark.parametrize("same_worker", [True, False])
def test_who_takes_over_comes_to_the_same_stories(
    store: Store, method: str, call: int, monkeypatch: pytest.MonkeyPatch, *, after: bool, same_worker: bool
) -> None:
    monkeypatch.setattr(chore, "PAGE", 25)
    articles = archive(50)
    store.write(articles)
    failing: Any = _Failing(store, method, call=call, after=after)
    worker = grouper(failing)
    with pytest.raises(StoreUnavailable):
        worker.run(Event())
    store.write([told("meanwhile", 1, at=DAY)])
    (worker if same_worker else grouper(store)).run(Event())
    expected = reference([*articles, told("meanwhile", 1, at=DAY)])
    assert {one.id: one.grouped for one in store.get(list(expected)) if one} == expected
    assert chore.progress(store).articles == 51


def test_a_worker_that_was_away_forgets_what_it_remembers(store: Store) -> None:
    away = grouper(store)
    store.write([told("a", 1)])
    away.run(Event())
    store.write([told("b", 2)])
    store.delete(["a"])
    group(store)
    store.write([told("c", 2), told("d", 1)])
    away.run(Event())
    assert stories(store, "b", "c", "d") == ["b", "b", "d"]


def test_a_stopped_worker_goes_on_where_it_was(store: Store) -> None:
    store.write(archive(10))
    stop = Event()
    stop.set()
    grouper(store).run(stop)
    assert stories(store, "a-1") == [""]
    group(store)
    assert stories(store, "a-1") != [""]


def test_a_merge_of_stories_comes_to_articles_with_and_without_names_and_goes_exactly(store: Store) -> None:
    jane = named(CATALOGUE, []).read(told("a", 1, mentions=JANE))
    store.write([jane, told("b", 2), told("c", 1), told("d", 2)])
    group(store)
    before = store.get("abcd")
    take(store, Merge("story:b", "story:a"))
    level(store)
    assert stories(store, *"abcd") == ["a", "a", "a", "a"]
    assert store.count(Selection(filters={"story": ("a",)})) == 4
    store.write([told("e", 2), told("f", 1)])
    group(store)
    assert stories(store, *"ef") == ["a", "a"]
    take(store, Undo(1))
    level(store)
    assert stories(store, *"abcdef") == ["a", "b", "a", "b", "b", "a"]
    assert jane.entities
    assert [replace(one, projected="") for one in store.get("abcd") if one] == [
        replace(one, projected="") for one in before if one
    ]
    assert found(store, "storm1") == {"a", "c", "f"}


def test_who_comes_near_to_articles_that_were_split_off_joins_them(store: Store) -> None:
    old, new = told("a", 1, at=0), told("b", 1, at=20 * HOUR)
    store.write([old, new])
    group(store)
    take(store, Split("story:a", ("b",)))
    level(store)
    assert stories(store, *"ab") == ["a", "b"]
    store.write([told("late", 1, at=40 * HOUR), told("early", 1, at=-20 * HOUR)])
    group(store)
    assert stories(store, "late", "early") == ["b", "a"]
    take(store, Undo(1))
    level(store)
    assert stories(store, "a", "b", "late", "early") == ["a"] * 4
    take(store, Undo(2))
    level(store)
    assert stories(store, "a", "b", "late", "early") == ["a", "b", "b", "a"]


def test_the_founding_article_can_be_split_off_and_what_was_split_off_merged_elsewhere(store: Store) -> None:
    store.write([told("a", 1), told("b", 1), told("c", 2)])
    group(store)
    take(store, Split("story:a", ("a",)), Merge("story:a-1", "story:c"))
    level(store)
    assert stories(store, *"abc") == ["c", "a", "c"]
    take(store, Undo(2), Undo(1))
    level(store)
    assert stories(store, *"abc") == ["a", "a", "c"]


def test_a_story_written_with_older_decisions_is_mended(store: Store) -> None:
    store.write([told("a", 1), told("b", 2)])
    group(store)
    old = named(CATALOGUE, [])
    take(store, Merge("story:b", "story:a"))
    level(store)
    store.revise(["b"], lambda one: replace(one, story=old.story(one), projected=""))
    assert stories(store, "b") == ["b"]
    level(store)
    assert stories(store, "b") == ["a"]


def test_a_story_of_very_many_is_found_whole(store: Store) -> None:
    filled(store, *(told(f"a-{n}", 1, at=n) for n in range(1_200)))
    group(store)
    response = store.search(Request(Selection(filters={"story": ("a-0",)}), size=1))
    assert response.total == 1_200
