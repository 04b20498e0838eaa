"""What is remembered, or not looked at, changes no answer: each list against plain Python over all articles."""

from collections.abc import Sequence
from heapq import nlargest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Article, Entity
from indexer.store.port import Change
from indexer.times import DAY, HOUR, Millis
from service.trends import articles as trending
from service.trends.arrays import Arrays
from service.trends.memory import Memory
from service.trends.scope import score_scope
from service.trends.scoring import Parameters
from service.trends.snapshot import WINDOW, Snapshot

NOW: Millis = 1_700_000_000_000
MIDNIGHT: Millis = NOW - NOW % DAY
START: Millis = NOW - 150 * DAY

_types = st.sampled_from(["person", "place"])
_names = st.builds(Entity, st.sampled_from(["e:a", "e:b", "e:c", "e:d"]), st.just("Name"), _types, st.just(1))
_ages = st.sampled_from([*range(24), *range(24, 72, 6), *range(118 * 24, 122 * 24, 6)]).map(lambda hours: hours * HOUR)
_articles = st.builds(
    lambda number, age, delay, section, names: Article(
        id=f"a{number}",
        title=f"Title {number % 4}",
        seen_at=NOW - age + delay,
        ranked_at=NOW - age,
        section=section,
        source="one",
        entities=tuple({name.id: name for name in names}.values()),
    ),
    st.integers(0, 30),
    _ages,
    st.sampled_from([0, 0, 3 * HOUR, 40 * HOUR]),
    st.sampled_from([None, "World"]),
    st.lists(_names, max_size=5),
)
_batches = st.lists(st.lists(_articles, max_size=20), min_size=1, max_size=5)
_moments = st.sampled_from([NOW, NOW - HOUR, NOW - 5 * HOUR, NOW - 9 * HOUR, MIDNIGHT, MIDNIGHT - 1, NOW - 30 * HOUR])
_questions = st.lists(
    st.tuples(_moments, st.integers(HOUR, 7 * DAY), st.sampled_from([None, "World"])), min_size=2, max_size=4
)


def _apply(arrays: Arrays, batch: Sequence[Article], left: dict[str, Article]) -> None:
    """Write every article of a batch, but delete each that was there in the same words."""
    gone = {article.id for article in batch if left.get(article.id) == article}
    arrays.apply([Change(article.id, None if article.id in gone else article) for article in batch])
    left |= {article.id: article for article in batch}
    for article_id in gone:
        del left[article_id]


def _counting(left: dict[str, Article], now: Millis, section: str | None = None) -> list[Article]:
    return [
        article
        for article in left.values()
        if article.seen_at <= now and now - WINDOW < article.ranked_at <= now and section in (None, article.section)
    ]


def _check_sums(
    snapshot: Snapshot, left: dict[str, Article], now: Millis, half_life: Millis, section: str | None
) -> None:
    expected = dict.fromkeys(snapshot.names.entities.values, 0.0)
    for article in _counting(left, now, section):
        for name in article.entities:
            age = (now - article.ranked_at) / half_life
            expected[name.id] += 2**-age if age < 60 else 0.0
    sums = snapshot.at(now).decayed(half_life, section)
    assert sums.tolist() == pytest.approx(list(expected.values()), rel=1e-9, abs=1e-17)


def _check_types(snapshot: Snapshot, left: dict[str, Article], now: Millis) -> None:
    newest = {
        name.id: name.type
        for article in sorted(_counting(left, now), key=lambda article: article.order)
        for name in article.entities
    }
    labels = [snapshot.names.labels.values[label] for label in snapshot.at(now).labels()]
    assert {label.entity_id: label.type for label in labels if label.entity_id in newest} == newest


@given(_batches, _questions)
def test_what_was_asked_before_a_change_does_not_spoil_what_is_asked_after_it(
    batches: list[list[Article]], questions: list[tuple[Millis, Millis, str | None]]
) -> None:
    arrays, left = Arrays(START), dict[str, Article]()
    for batch in batches:
        _apply(arrays, batch, left)
        for now, half_life, section in questions:
            for length in (half_life, 14 * DAY):
                _check_sums(arrays.snapshot, left, now, length, section)
            _check_types(arrays.snapshot, left, now)


def _plain(
    snapshot: Snapshot, left: dict[str, Article], parameters: Parameters, now: Millis
) -> list[tuple[str, float]]:
    """All articles scored one by one, the best of each title, best first."""
    scope = score_scope(snapshot.at(now), parameters)
    ids = (snapshot.names.entities.values[number] for number in scope.entities)
    z = {name: min(max(value, 0.0), 10.0) for name, value in zip(ids, scope.scores.z.tolist(), strict=True)}
    scored = []
    for article in _counting(left, now, parameters.section):
        age = (now - article.ranked_at) / parameters.half_life
        if age < 32:
            lift = sum(nlargest(3, (z.get(name.id, 0.0) for name in article.entities)))
            scored.append((-(2**-age) * (1 + lift), article.id, article.title))
    titles = dict[str, tuple[str, float]]()
    for score, article_id, title in sorted(scored):
        titles.setdefault(title, (article_id, -score))
    return list(titles.values())[: parameters.limit]


@given(
    st.lists(_articles, max_size=60),
    _moments,
    st.integers(HOUR, 7 * DAY),
    st.integers(1, 4),
    st.sampled_from([None, "World"]),
)
def test_the_best_articles_are_those_of_a_look_at_all(
    batch: list[Article], now: Millis, half_life: Millis, limit: int, section: str | None
) -> None:
    usual = Entity("e:usual", "Usual", "place", 1)
    old = [
        Article(id=f"old{n}", title="Old", seen_at=(at := NOW - n * DAY), ranked_at=at, entities=(usual,))
        for n in range(20, 60)
    ]
    arrays, left = Arrays(START), dict[str, Article]()
    _apply(arrays, [*old, *batch], left)
    parameters = Parameters(half_life=half_life, limit=limit, section=section)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trending, "_SAMPLE", 2)
        items = trending.trending_articles(arrays.snapshot, parameters, now)
    plain = _plain(arrays.snapshot, left, parameters, now)
    assert [item.score for item in items] == pytest.approx([score for _, score in plain], rel=1e-9)
    assert {item.article_id for item in items} == {article_id for article_id, _ in plain}


def test_an_older_article_with_the_most_surprising_names_is_not_overlooked() -> None:
    def articles(kind: str, number: int, age: Millis, names: Sequence[str]) -> list[Change]:
        entities = tuple(Entity(f"e:{name}", name, "place", 1) for name in names)
        ids = [f"{kind}{place}" for place in range(number)]
        return [
            Change(one, Article(id=one, title=kind, seen_at=NOW - age, ranked_at=NOW - age, entities=entities))
            for one in ids
        ]

    arrays = Arrays(START)
    arrays.apply(articles("usual", 100, 20 * DAY, [f"usual {number}" for number in range(30)]))
    arrays.apply(articles("big", 100, 8 * HOUR, ["one", "two", "three"]))
    arrays.apply(articles("small", 5, 0, ["four"]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trending, "_SAMPLE", 5)
        items = trending.trending_articles(arrays.snapshot, Parameters(limit=1, half_life=8 * HOUR), NOW)
    (item,) = items
    assert item.article_id == "big0"
    assert item.score == pytest.approx(15.5)


def test_what_is_remembered_survives_news_but_no_change_of_what_it_was_made_from() -> None:
    def article(number: int, age: Millis) -> Change:
        names = (Entity("e:a", "A", "place", 1),)
        return Change(
            f"a{number}", Article(id=f"a{number}", title="T", seen_at=NOW - age, ranked_at=NOW - age, entities=names)
        )

    arrays = Arrays(START)
    arrays.apply([article(0, 2 * DAY), article(1, 0)])
    first = _remembered(arrays)
    arrays.apply([article(2, 0), Change("a1", None), article(3, WINDOW + DAY)])
    assert _remembered(arrays) is first
    arrays.apply([article(0, 3 * DAY)])
    assert _remembered(arrays) is not first


def _remembered(arrays: Arrays) -> object:
    """What the memory holds of a question, asked twice."""
    arrays.snapshot.at(NOW).decayed(8 * HOUR)
    return arrays.snapshot.memory.recall(MIDNIGHT, ("decayed", 8 * HOUR, None), lambda: None)


def test_a_memory_forgets_what_was_least_recently_asked() -> None:
    memory = Memory()
    for question in range(36):
        memory.recall(0, question, lambda: "then")
        memory.recall(0, 0, lambda: "then")
    answers = {question: memory.recall(0, question, lambda: "now") for question in (0, 35, 1)}
    assert answers == {0: "then", 35: "then", 1: "now"}
