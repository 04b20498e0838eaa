"""The arrays against a recount in plain Python, after whatever was written, edited and deleted."""

import threading
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Article, Entity
from indexer.store.port import Change
from indexer.times import DAY, HOUR, Millis
from nlp.mention import EntityType
from service.trends.arrays import Arrays
from service.trends.memory import Memory
from service.trends.scope import score_scope
from service.trends.scoring import Parameters
from service.trends.snapshot import WINDOW, Snapshot

NOW: Millis = 1_700_000_000_000
START: Millis = NOW - 150 * DAY

_entities = st.builds(
    Entity,
    id=st.sampled_from(["place:a", "place:b", "person:c", "organisation:d"]),
    name=st.sampled_from(["Anna", "Ben"]),
    type=st.sampled_from(["person", "place"]),
    count=st.integers(1, 9),
)
_ages = st.integers(0, 4 * 24) | st.integers(0, 170 * 24)
_articles = st.builds(
    lambda number, age, delay, section, names: Article(
        id=f"a{number}",
        title=f"Title {number}",
        seen_at=NOW - age * HOUR + delay * HOUR,
        ranked_at=NOW - age * HOUR,
        section=section,
        entities=tuple({name.id: name for name in names}.values()),
    ),
    st.integers(0, 12),
    _ages,
    st.sampled_from([0, 0, 1, 30]),
    st.sampled_from([None, "World", "Sport"]),
    st.lists(_entities, max_size=4),
)
_changes = st.builds(lambda article: Change(article.id, article), _articles) | st.builds(
    lambda number: Change(f"a{number}", None), st.integers(0, 12)
)
_batches = st.lists(st.lists(_changes, max_size=6), max_size=12)


def _filled(batches: Iterable[Sequence[Change]]) -> Arrays:
    arrays = Arrays(START)
    for batch in batches:
        arrays.apply(batch)
    return arrays


def _left(batches: Iterable[Sequence[Change]]) -> list[Article]:
    """What is there after all changes."""
    states = {change.id: change.article for batch in batches for change in batch}
    return [article for article in states.values() if article is not None and article.ranked_at >= START]


def _counting(articles: Iterable[Article], now: Millis, section: str | None) -> list[Article]:
    return [
        article
        for article in articles
        if article.seen_at <= now and now - WINDOW < article.ranked_at <= now and section in (None, article.section)
    ]


def _recount(articles: Iterable[Article], now: Millis, half_life: Millis) -> dict[str, float]:
    sums: dict[str, float] = defaultdict(float)
    for article in articles:
        for entity in article.entities:
            sums[entity.id] += 2 ** (-(now - article.ranked_at) / half_life)
    return sums


def _types(articles: Iterable[Article]) -> dict[str, EntityType]:
    chronological = sorted(articles, key=lambda article: article.order)
    return {entity.id: entity.type for article in chronological for entity in article.entities}


def _expected(
    articles: Sequence[Article], now: Millis, kind: EntityType | None, section: str | None
) -> dict[str, float]:
    types = _types(_counting(articles, now, None))
    counting = _counting(articles, now, section)
    recent, long = (_recount(counting, now, half_life) for half_life in (10 * HOUR, 14 * DAY))
    names = [name for name in long if kind in (None, types[name])]
    usual = {name: long[name] - recent[name] for name in names}
    everything = sum(usual.values())
    return {name: usual[name] / everything * sum(map(recent.get, names)) if everything else 0.0 for name in names}  # type: ignore[arg-type]


def _by_name(snapshot: Snapshot, values: Sequence[float]) -> dict[str, float]:
    return {name: value for name, value in zip(snapshot.names.entities.values, values, strict=False) if value > 1e-12}


@given(_batches, st.integers(0, 72), st.sampled_from([None, "World", "Nowhere"]), st.sampled_from([8 * HOUR, 14 * DAY]))
def test_decayed_counts_equal_a_recount(
    batches: list[list[Change]], hours: int, section: str | None, half_life: Millis
) -> None:
    now = NOW - hours * HOUR
    snapshot = _filled(batches).snapshot
    recount = _recount(_counting(_left(batches), now, section), now, half_life)
    counts = _by_name(snapshot, snapshot.at(now).decayed(half_life, section).tolist())
    assert counts == pytest.approx({name: count for name, count in recount.items() if count > 1e-12}, abs=1e-9)


@given(_batches, st.sampled_from([None, "World"]), st.sampled_from([None, "person", "place"]))
def test_expectations_equal_a_recount(
    batches: list[list[Change]], section: str | None, kind: EntityType | None
) -> None:
    snapshot = _filled(batches).snapshot
    scope = score_scope(snapshot.at(NOW), Parameters(section=section, type=kind))
    recount = _expected(_left(batches), NOW, kind, section)
    names = [snapshot.names.entities.values[number] for number in scope.entities]
    assert scope.scores.expected.tolist() == pytest.approx([recount[name] for name in names], abs=2e-9)


@given(_batches)
def test_article_counts_and_names_equal_a_recount(batches: list[list[Change]]) -> None:
    snapshot = _filled(batches).snapshot
    counting = _counting(_left(batches), NOW, None)
    view = snapshot.at(NOW)
    counts = _by_name(snapshot, view.articles_per_entity().tolist())
    labels = [snapshot.names.labels.values[label].type for label in view.labels()]
    types = dict(zip(snapshot.names.entities.values, labels, strict=False))
    assert counts == {name: round(count) for name, count in _recount(counting, NOW, 10**30).items()}
    assert {name: types[name] for name in counts} == _types(counting)


@given(_batches, st.lists(st.integers(0, 60 * 24), min_size=2, max_size=5))
def test_what_was_asked_before_does_not_matter(batches: list[list[Change]], hours: list[int]) -> None:
    snapshot = _filled(batches).snapshot
    for moment in (NOW - ago * HOUR for ago in hours):
        afresh = replace(snapshot, memory=Memory()).at(moment)
        again = snapshot.at(moment)
        assert again.decayed(8 * HOUR).tolist() == afresh.decayed(8 * HOUR).tolist()
        assert again.articles_per_entity().tolist() == afresh.articles_per_entity().tolist()


@given(_batches, _batches)
def test_a_snapshot_never_changes(first: list[list[Change]], second: list[list[Change]]) -> None:
    arrays = _filled(first)
    snapshot = arrays.snapshot
    before = replace(snapshot).at(NOW).decayed(8 * HOUR).tolist()
    for batch in second:
        arrays.apply(batch)
    after = replace(snapshot, memory=Memory()).at(NOW).decayed(8 * HOUR).tolist()
    assert after == before


def _article(number: int, ranked_at: Millis = NOW) -> Article:
    entities = (Entity(f"place:{number}", f"Place {number}", "place", 1), Entity("place:all", "All", "place", 1))
    return Article(id=f"a{number}", title="T", seen_at=ranked_at, ranked_at=ranked_at, entities=entities)


def _writes(articles: Iterable[Article]) -> list[Change]:
    return [Change(article.id, article) for article in articles]


def test_dead_versions_are_compacted_with_the_names_only_they_had() -> None:
    arrays = Arrays(START)
    arrays.apply(_writes(_article(number) for number in range(100)))
    arrays.apply(Change(f"a{number}", None) for number in range(25))
    assert len(arrays.snapshot.articles.ids) == 100
    arrays.apply([Change("a25", None)])
    snapshot = arrays.snapshot
    assert len(snapshot.articles.ids) == len(snapshot.articles.ranked_at) == 74
    assert (snapshot.entities, len(snapshot.rows.entity)) == (75, 148)
    arrays.apply([Change("a26", None)])
    assert arrays.snapshot.at(NOW).articles_per_entity().sum() == 146


def test_readers_see_whole_batches_while_one_writes() -> None:
    arrays = Arrays(START)
    writing = threading.Event()
    seen: list[bool] = []

    def read() -> None:
        while not writing.is_set():
            snapshot = arrays.snapshot
            counts = snapshot.at(NOW).articles_per_entity()
            everywhere = snapshot.names.entities.find("place:all")
            found = everywhere is not None and everywhere < snapshot.entities
            seen.append(not found or (counts[everywhere] % 10 == 0 and counts.sum() == 2 * counts[everywhere]))

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for start in range(0, 3_000, 10):
        arrays.apply(_writes(_article(number) for number in range(start, start + 10)))
        if start % 50 == 0:
            arrays.apply(Change(f"a{number}", None) for number in range(start, start + 10))
    writing.set()
    for reader in readers:
        reader.join()
    assert seen
    assert all(seen)


def test_growth_beyond_the_first_capacity_keeps_everything() -> None:
    arrays = Arrays(START)
    for start in range(0, 5_000, 500):
        arrays.apply(_writes(_article(number) for number in range(start, start + 500)))
    number = arrays.snapshot.names.entities.find("place:all")
    assert arrays.snapshot.at(NOW).articles_per_entity()[number] == 5_000


def test_what_is_before_the_start_is_left_out_and_said() -> None:
    arrays = Arrays(START)
    arrays.apply(_writes([_article(1)]))
    assert arrays.snapshot.covers(0)
    arrays.apply(_writes([_article(2, START - 1)]))
    assert len(arrays.snapshot.articles.ids) == 1
    assert arrays.snapshot.covers(START + WINDOW)
    assert not arrays.snapshot.covers(START + WINDOW - 1)


def test_advancing_lets_go_of_what_has_become_too_old() -> None:
    arrays = Arrays(START)
    arrays.apply(_writes([_article(1, START), _article(2)]))
    arrays.advance(START + DAY)
    arrays.apply([])
    assert arrays.snapshot.articles.ids == ["a2"]
    assert not arrays.snapshot.covers(START + WINDOW)


def test_what_is_after_the_end_is_left_out() -> None:
    arrays = Arrays(START, NOW)
    arrays.apply(_writes([_article(1, NOW), _article(2, NOW + 1)]))
    assert arrays.snapshot.articles.ids == ["a1"]


def test_data_as_of_is_the_newest_arrival_up_to_the_moment() -> None:
    arrays = Arrays(START)
    assert arrays.snapshot.data_as_of(NOW) is None
    arrays.apply(_writes([_article(1, NOW - HOUR), _article(2, NOW), _article(3, START - DAY)]))
    assert arrays.snapshot.data_as_of(NOW) == NOW
    assert arrays.snapshot.data_as_of(NOW - 1) == NOW - HOUR
    assert arrays.snapshot.data_as_of(NOW - DAY) is None


def test_a_very_short_half_life_neither_overflows_nor_loses_the_present() -> None:
    arrays = Arrays(START)
    arrays.apply(_writes([_article(1, NOW), _article(2, START), _article(3, NOW - DAY)]))
    view = arrays.snapshot.at(NOW)
    number = arrays.snapshot.names.entities.find("place:all")
    assert view.decayed(60_000)[number] == pytest.approx(1.0)
    assert np.isfinite(arrays.snapshot.at(NOW - DAY).decayed(60_000)).all()


@given(_batches, st.integers(5, 60))
def test_beyond_the_budget_the_oldest_days_go_and_nothing_else(batches: list[list[Change]], budget: int) -> None:
    arrays, whole = Arrays(START, budget=budget), _filled(batches)
    for batch in batches:
        arrays.apply(batch)
    kept, everything = arrays.snapshot, whole.snapshot
    assert len(kept.articles.ids) + len(kept.rows.entity) <= budget
    start = kept.complete_from
    left = [one for one in _left(batches) if one.ranked_at >= start]
    for half_life in (8 * HOUR, 14 * DAY):
        recount = _recount(_counting(left, NOW, None), NOW, half_life)
        counts = _by_name(kept, kept.at(NOW).decayed(half_life).tolist())
        assert counts == pytest.approx({name: count for name, count in recount.items() if count > 1e-12}, abs=1e-9)
    gone = [one for one in _left(batches) if one.ranked_at < start]
    most = len(gone) * 2 ** (-(NOW - start) / (14 * DAY))
    usual, full = (_by_name(one, one.at(NOW).decayed(14 * DAY).tolist()) for one in (kept, everything))
    assert all(full[name] - usual.get(name, 0.0) <= most + 1e-9 for name in full)
    assert kept.covers(start + WINDOW)
    assert not gone or not kept.covers(start + WINDOW - 1)


def test_a_budget_that_is_not_needed_changes_nothing() -> None:
    arrays = Arrays(START, budget=300)
    arrays.apply(_writes(_article(number) for number in range(100)))
    assert len(arrays.snapshot.articles.ids) == 100
    assert arrays.snapshot.covers(0)


def test_past_the_budget_the_present_is_untouched() -> None:
    whole, held = Arrays(START), Arrays(START, budget=3_000)
    articles = [_article(number, NOW - number * HOUR) for number in range(2_400)]
    for start in range(0, 2_400, 100):
        for arrays in (whole, held):
            arrays.apply(_writes(articles[start : start + 100]))
    for half_life, loss in ((8 * HOUR, 1e-12), (14 * DAY, 0.25)):
        full, kept = (one.snapshot.at(NOW).decayed(half_life).sum() for one in (whole, held))
        assert kept == pytest.approx(full, rel=loss)
    assert len(held.snapshot.articles.ids) + len(held.snapshot.rows.entity) <= 3_000
