"""Editors' decisions come to every article, on every store, and whatever is counted follows."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from threading import Event, Thread
from typing import Final

from indexer.article import Article
from indexer.catalogue.catalogue import Catalogue, Entry
from indexer.decisions.deciding import NewestNames, decide
from indexer.decisions.decision import Act, Alias, Hide, Merge, Retype, Split, Undo
from indexer.decisions.names import Names
from indexer.decisions.reprojecting import BATCH, Progress, progress, reproject
from indexer.extraction import Inline
from indexer.pipeline import Pipeline
from indexer.sources.records import Found
from indexer.store.document import TYPES
from indexer.store.port import FacetField, Position, Request, Store
from nlp.keys import fold
from nlp.mention import Mention, Text
from service.trends.arrays import Arrays
from service.trends.follower import Tail
from tests.contract.factories import NOON, article

CATALOGUE: Final = Catalogue([Entry("place:russia", "Russia", "place", demonyms=("Russian",))])
FACETS: Final[tuple[FacetField, ...]] = ("entity", *TYPES)
MERGE: Final = Merge("person:j-doe", "person:jane-doe")


class Titles:
    """Every title is the name of a person."""

    name = "titles/1"

    def extract(self, texts: Iterable[Text]) -> Iterator[tuple[Mention, ...]]:
        return ((Mention(fold(text.title), "person", 1, "title", 0, (text.title,)),) for text in texts)


def take(store: Store, *acts: Act) -> None:
    for act in acts:
        decide(store, CATALOGUE, act, who="Jane", why="It is so.", now=NOON)


def ingest(store: Store, titles: Sequence[str]) -> list[str]:
    """Ingest an article for each title; what became of them."""
    pipeline = Pipeline(store, Inline(Titles()), NewestNames(store, CATALOGUE), lambda: NOON)
    records = [Found("test", number, {"id": f"a-{number}", "title": title}) for number, title in enumerate(titles)]
    outcomes: list[str] = [result.outcome for results in pipeline.run(records) for result in results]
    store.refresh()
    return outcomes


def level(store: Store, catalogue: Catalogue = CATALOGUE) -> None:
    """Do the worker's chore once."""
    reproject(store, NewestNames(store, catalogue)(), Event())
    store.refresh()


def everything(store: Store) -> dict[str, Article]:
    articles: dict[str, Article] = {}
    after = None
    while hits := store.search(Request(sort="oldest", size=500, after=after)).hits:
        articles |= {hit.article.id: hit.article for hit in hits}
        after = Position(*hits[-1].article.order)
    return articles


def counted(store: Store) -> dict[str, dict[str, int]]:
    """What every facet says."""
    facets = store.search(Request(size=0, facets=dict.fromkeys(FACETS, 1_000))).facets
    return {field: {value.value: value.count for value in facets[field].values} for field in FACETS}


def recounted(store: Store) -> dict[str, dict[str, int]]:
    """What every facet should say."""
    shown = [entity for one in everything(store).values() for entity in one.entities]
    return {field: dict(Counter(one.id for one in shown if field in ("entity", one.type))) for field in FACETS}


def in_trends(store: Store) -> dict[str, int]:
    """Articles per entity by the trend arrays."""
    tail = Tail(store, Arrays(0))
    while tail.follow():
        pass
    snapshot = tail.arrays.snapshot
    counts = snapshot.at(NOON + 1).articles_per_entity()
    return {snapshot.names.entities.values[n]: int(count) for n, count in enumerate(counts) if count}


def assert_level(store: Store, expected: dict[str, int]) -> None:
    assert counted(store) == recounted(store)
    assert counted(store)["entity"] == expected == in_trends(store)
    names = NewestNames(store, CATALOGUE)()
    assert progress(store, names) == Progress(names.number, 0)


@contextmanager
def watched(store: Store, total: int, *ids: str) -> Iterator[list[int]]:
    """Asks all the time, in a thread: each article has one of the ids in every answer. The counts of the first."""
    done, seen, failures = Event(), list[int](), list[dict[str, int]]()

    def watch() -> None:
        while not done.wait(0.05):
            store.catch_up()
            counts = counted(store)["entity"]
            seen.append(counts.get(ids[0], 0))
            if sum(counts.get(one, 0) for one in ids) != total:
                failures.append(counts)

    thread = Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        done.set()
        thread.join()
    assert not failures
    assert seen


def test_a_merge_and_its_undo_come_to_every_article_and_every_count(store: Store) -> None:
    titles = [("J. Doe", "Jane Doe", "J. Doe")[number % 3] for number in range(3 * BATCH)]
    ingest(store, titles)
    level(store)
    before = everything(store)
    assert_level(store, {"person:j-doe": 2 * BATCH, "person:jane-doe": BATCH})
    for act in (MERGE, Undo(1)):
        take(store, act)
        with watched(store, len(titles), "person:j-doe", "person:jane-doe"):
            level(store)
        if act == MERGE:
            assert_level(store, {"person:jane-doe": 3 * BATCH})
    assert_level(store, {"person:j-doe": 2 * BATCH, "person:jane-doe": BATCH})
    after = everything(store)
    assert {one.id: one.entities for one in after.values()} == {one.id: one.entities for one in before.values()}


def test_every_kind_of_decision_comes_to_its_articles_and_goes_with_its_undo(store: Store) -> None:
    titles = ["Jane Doe", "J. Doe", "Rossiya", "Jon Roe", "The Jon Roe"]
    ingest(store, titles)
    level(store)
    born = {"person:jane-doe": 1, "person:j-doe": 1, "person:rossiya": 1, "person:jon-roe": 2}
    assert_level(store, born)
    for act, expected in (
        (Hide("person:jane-doe"), {"person:j-doe": 1, "person:rossiya": 1, "person:jon-roe": 2}),
        (
            Alias("place:russia", "rossiya"),
            {"person:jane-doe": 1, "person:j-doe": 1, "place:russia": 1, "person:jon-roe": 2},
        ),
        (Retype("person:jon-roe", "organisation"), born),
        (
            Split("person:jon-roe", ("jon roe",), "Roe & Co", "organisation"),
            {**born, "person:jon-roe": 0, "organisation:roe-co": 2},
        ),
    ):
        take(store, act)
        level(store)
        assert_level(store, {one: count for one, count in expected.items() if count})
        take(store, Undo(NewestNames(store, CATALOGUE)().number))
        level(store)
        assert_level(store, born)
    take(store, Retype("person:jon-roe", "organisation"))
    level(store)
    assert counted(store)["organisation"] == {"person:jon-roe": 2}


def test_several_decisions_at_once_and_chains_of_them(store: Store) -> None:
    ingest(store, ["A A", "B B", "C C", "D D"])
    take(store, Merge("person:a-a", "person:b-b"), Merge("person:b-b", "person:c-c"), Hide("person:d-d"))
    level(store)
    assert_level(store, {"person:c-c": 3})
    take(store, Undo(2), Undo(3), Undo(5))
    level(store)
    assert_level(store, {"person:b-b": 2, "person:c-c": 1})


def test_a_merge_holds_after_the_articles_come_again_and_after_a_rebuild(store: Store) -> None:
    titles = ["J. Doe", "Jane Doe"]
    ingest(store, titles)
    take(store, MERGE)
    level(store)
    assert ingest(store, titles) == ["unchanged", "unchanged"]
    store.rebuild()
    assert ingest(store, [*titles, "J. Doe"]) == ["unchanged", "unchanged", "new"]
    level(store)
    assert_level(store, {"person:jane-doe": 3})


def test_who_writes_with_older_names_cannot_undo_a_decision(store: Store) -> None:
    ingest(store, ["J. Doe", "Jane Doe"])
    take(store, MERGE)
    level(store)
    old = Names(CATALOGUE)
    stale = [one for one in everything(store).values() if one.mentions[0].key == "j. doe"]
    store.write([old.read(one) for one in stale])
    store.refresh()
    assert_level(store, {"person:jane-doe": 2})
    (late,) = next(Titles().extract([Text("J. Doe", "", "")]))
    store.write([old.read(article("late", mentions=(late,)))])
    level(store)
    assert_level(store, {"person:jane-doe": 3})


def test_a_new_catalogue_comes_to_the_whole_archive_in_time_and_an_old_one_comes_back(store: Store) -> None:
    ingest(store, ["Jane Doe", "Jon Roe"])
    level(store)
    newer = Catalogue([*CATALOGUE, Entry("person:j", "Jane", "person", aliases=("Jane Doe",))])
    level(store, newer)
    assert counted(store)["entity"] == {"person:j": 1, "person:jon-roe": 1}
    mark = store.changes(None, 100).mark
    level(store, newer)
    assert store.changes(mark, 100).items == ()
    level(store, CATALOGUE)
    assert_level(store, {"person:jane-doe": 1, "person:jon-roe": 1})


def test_what_is_stopped_goes_on_later_and_says_how_far_it_is(store: Store) -> None:
    ingest(store, ["J. Doe"] * (2 * BATCH))
    level(store)
    ingest(store, [*["J. Doe"] * (2 * BATCH), "Jane Doe"])
    take(store, MERGE)
    names = NewestNames(store, CATALOGUE)()
    assert progress(store, names) == Progress(0, 2 * BATCH)
    reproject(store, names, _AfterOneBatch())
    assert progress(store, names) == Progress(0, BATCH)
    store.refresh()
    assert (
        counted(store)["entity"] == {"person:jane-doe": BATCH + 1, "person:j-doe": BATCH} == recounted(store)["entity"]
    )
    level(store)
    assert_level(store, {"person:jane-doe": 2 * BATCH + 1})


class _AfterOneBatch(Event):
    """Is set from the second time on that somebody asks."""

    asked = 0

    def is_set(self) -> bool:
        self.asked += 1
        return self.asked > 1
