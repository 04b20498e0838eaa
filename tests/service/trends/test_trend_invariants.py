"""What holds of every list, whatever the articles: the invariants of docs/trends.md."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Article, Entity
from indexer.store.port import Change
from indexer.times import DAY, HOUR, Millis
from service.trends.arrays import Arrays
from service.trends.articles import TrendingArticle, trending_articles
from service.trends.entities import TrendingEntity, trending_entities
from service.trends.scoring import Parameters
from service.trends.snapshot import WINDOW

NOW: Millis = 1_700_000_000_000
START: Millis = NOW - 150 * DAY
NAMES = [Entity(f"place:{letter}", letter.upper(), "place", 1) for letter in "abcde"]
Lists = tuple[tuple[TrendingEntity, ...], tuple[TrendingArticle, ...]]

_hours = st.integers(0, 30) | st.integers(0, 140 * 24)


def _article(
    number: int,
    hours: float,
    names: Iterable[Entity],
    *,
    delay: float = 0,
    section: str | None = None,
    title: str = "T",
) -> Article:
    ranked_at = NOW - round(hours * HOUR)
    return Article(
        id=f"a{number}",
        title=title,
        seen_at=ranked_at + round(delay * HOUR),
        ranked_at=ranked_at,
        section=section,
        source=f"source {number % 3}",
        entities=tuple(names),
    )


_articles = st.lists(
    st.tuples(
        _hours, st.sets(st.integers(0, 4)), st.sampled_from([0, 0, 5]), st.sampled_from([None, "World", "Sport"]),
        st.sampled_from("TUV"),
    ),
    max_size=40,
).map(
    lambda rows: [
        _article(number, hours, [NAMES[name] for name in sorted(names)], delay=delay, section=section, title=title)
        for number, (hours, names, delay, section, title) in enumerate(rows)
    ]
)  # fmt: skip
_parameters = st.builds(
    Parameters,
    novelty=st.sampled_from([0.0, 0.5, 1.0]),
    half_life=st.sampled_from([8 * HOUR, 24 * HOUR]),
    section=st.sampled_from([None, "World"]),
    type=st.sampled_from([None, "place"]),
    limit=st.sampled_from([2, 10]),
)


def _filled(articles: Sequence[Article], shift: Millis = 0) -> Arrays:
    arrays = Arrays(START + shift)
    arrays.apply([Change(article.id, article) for article in articles])
    return arrays


def _lists(arrays: Arrays, parameters: Parameters, now: Millis = NOW) -> Lists:
    return (
        trending_entities(arrays.snapshot, parameters, now),
        trending_articles(arrays.snapshot, parameters, now),
    )


@given(_articles, st.randoms(), _parameters)
def test_the_order_of_arrival_does_not_matter(articles: list[Article], random, parameters: Parameters) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001 - hypothesis has no name for it
    shuffled = random.sample(articles, len(articles))
    one_by_one = Arrays(START)
    for article in shuffled:
        one_by_one.apply([Change(article.id, article)])
    assert _lists(one_by_one, parameters) == _lists(_filled(articles), parameters)


@given(_articles, _articles, _parameters)
def test_writing_again_changes_nothing_and_deleting_equals_never_having_had(
    articles: list[Article], others: list[Article], parameters: Parameters
) -> None:
    arrays = _filled(articles)
    extra = [replace(article, id=f"x{article.id}") for article in others]
    arrays.apply([Change(article.id, article) for article in [*extra, *articles]])
    arrays.apply([Change(article.id, None) for article in extra])
    assert _lists(arrays, parameters) == _lists(_filled(articles), parameters)


@given(_articles, _articles, _parameters)
def test_an_edit_moves_the_weight(before: list[Article], after: list[Article], parameters: Parameters) -> None:
    arrays = _filled(before)
    arrays.apply([Change(article.id, article) for article in after])
    left = {article.id: article for article in [*before, *after]}
    assert _lists(arrays, parameters) == _lists(_filled(list(left.values())), parameters)


@given(_articles, _parameters, st.integers(0, 20 * 24))
def test_as_of_equals_a_store_that_only_ever_got_what_had_been_seen(
    articles: list[Article], parameters: Parameters, hours: int
) -> None:
    moment = NOW - hours * HOUR
    everything = _filled(articles)
    then = _filled([article for article in articles if article.seen_at <= moment])
    assert _lists(everything, parameters, moment) == _lists(then, parameters, moment)
    assert everything.snapshot.data_as_of(moment) == then.snapshot.data_as_of(moment)


@given(_articles, _parameters, st.integers(-(10**12), 10**12))
def test_shifting_all_times_shifts_the_answer(articles: list[Article], parameters: Parameters, shift: Millis) -> None:
    shifted = [
        replace(article, ranked_at=article.ranked_at + shift, seen_at=article.seen_at + shift) for article in articles
    ]
    names, news = _lists(_filled(articles), parameters)
    shifted_names, shifted_news = _lists(_filled(shifted, shift), parameters, NOW + shift)
    assert [(item.entity.id, item.first_seen + shift) for item in names] == [
        (item.entity.id, item.first_seen) for item in shifted_names
    ]
    assert [item.article_id for item in news] == [item.article_id for item in shifted_news]
    # what has settled is added up at midnight, which lies elsewhere between the articles
    scores = [item.score for item in names] + [item.score for item in news]
    shifted_scores = [item.score for item in shifted_names] + [item.score for item in shifted_news]
    assert scores == pytest.approx(shifted_scores, rel=1e-6, abs=1e-9)


@given(_articles, st.integers(1, 1_000), st.sampled_from([0.0, 1.0]))
def test_a_future_time_gains_nothing(articles: list[Article], hours: int, novelty: float) -> None:
    future = _article(99, -hours, NAMES[:1])
    parameters = Parameters(novelty=novelty)
    assert _lists(_filled([*articles, future]), parameters) == _lists(_filled(articles), parameters)


@given(_articles, st.integers(0, 48))
def test_ageing_keeps_the_order_of_volume(articles: list[Article], hours: int) -> None:
    arrived = [replace(article, seen_at=article.ranked_at) for article in articles]
    parameters = Parameters(novelty=0.0)
    young = [article for article in arrived if article.ranked_at > NOW + hours * HOUR - WINDOW]
    arrays = _filled(young)
    later = [item.entity.id for item in trending_entities(arrays.snapshot, parameters, NOW + hours * HOUR)]
    earlier = [item.entity.id for item in trending_entities(arrays.snapshot, parameters, NOW)]
    assert later == [name for name in earlier if name in later]


@given(_articles)
def test_volume_adds_up_over_sections(articles: list[Article]) -> None:
    labelled = [replace(article, section=article.section or "Other") for article in articles]
    view = _filled(labelled).snapshot.at(NOW)
    parts = np.sum([view.decayed(8 * HOUR, section) for section in ("World", "Sport", "Other")], axis=0)
    assert view.decayed(8 * HOUR).tolist() == pytest.approx(parts.tolist(), abs=1e-9)


@given(_articles, st.floats(0, 12.9), st.sampled_from([0.0, 0.5, 0.9]))
def test_a_fresh_article_never_lowers_the_score_of_the_only_entity_it_names(
    articles: list[Article], hours: float, novelty: float
) -> None:
    parameters = Parameters(novelty=novelty)
    fresh = _article(99, hours, NAMES[:1])

    def scores(arrays: Arrays) -> dict[str, float]:
        return {item.entity.id: item.score for item in trending_entities(arrays.snapshot, parameters, NOW)}

    before, after = scores(_filled(articles)), scores(_filled([*articles, fresh]))
    if NAMES[0].id in before:
        assert after[NAMES[0].id] >= before[NAMES[0].id] - 1e-9


@given(_articles, st.sampled_from([2, 3]))
def test_more_of_everything_leaves_lift_alone(articles: list[Article], times: int) -> None:
    parameters = Parameters(novelty=0.0)
    copies = [replace(article, id=f"{article.id}-{copy}") for article in articles for copy in range(times)]

    def lifts(arrays: Arrays) -> dict[str, float | None]:
        return {
            item.entity.id: item.explain.lift for item in trending_entities(arrays.snapshot, parameters, NOW)
            if item.explain.expected > 1e-3
        }  # fmt: skip

    once, often = lifts(_filled(articles)), lifts(_filled(copies))
    assert {name: often[name] for name in once} == pytest.approx(once, rel=1e-5)


@given(_articles)
def test_lists_are_ordered_by_score_then_id_and_novelty_nought_is_volume(articles: list[Article]) -> None:
    names, news = _lists(_filled(articles), Parameters(novelty=0.0))
    assert all(item.score == item.explain.now >= 2 for item in names)
    assert [(-item.score, item.entity.id) for item in names] == sorted((-item.score, item.entity.id) for item in names)
    assert [(-item.score, item.article_id) for item in news] == sorted((-item.score, item.article_id) for item in news)
    assert [item.rank for item in names] == list(range(1, len(names) + 1))


def test_ties_break_by_id() -> None:
    articles = [_article(number, 1, [NAMES[number % 3]]) for number in range(12)]
    names, news = _lists(_filled(articles[::-1]), Parameters(novelty=0.0))
    assert [item.entity.id for item in names] == ["place:a", "place:b", "place:c"]
    assert [item.article_id for item in news] == ["a0", "a1", "a11"]
    assert len({item.score for item in names}) == len({item.score for item in news}) == 1


def test_without_any_history_what_is_now_is_also_what_is_usual() -> None:
    first_hour = _filled([_article(number, 1, [NAMES[number % 3]]) for number in range(12)])
    assert trending_entities(first_hour.snapshot, Parameters(), NOW) == ()
    assert len(trending_entities(first_hour.snapshot, Parameters(novelty=0.9), NOW)) == 3
