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
from service.trends.articles import fresh_articles
from service.trends.entities import entity_item, latest_entities, trending_entities
from service.trends.items import TrendingArticle, TrendingEntity, TrendingStory
from service.trends.ladder import climb
from service.trends.scoring import Parameters
from service.trends.snapshot import WINDOW
from service.trends.stories import latest_stories, story_item, trending_stories

NOW: Millis = 1_700_000_000_000
START: Millis = NOW - 150 * DAY
NAMES = [Entity(f"place:{letter}", letter.upper(), "place", 1) for letter in "abcde"]
Lists = tuple[tuple[TrendingEntity, ...], tuple[TrendingArticle, ...], tuple[TrendingStory, ...]]

_hours = st.integers(0, 30) | st.integers(0, 140 * 24)


def _article(
    number: int,
    hours: float,
    names: Iterable[Entity],
    *,
    delay: float = 0,
    section: str | None = None,
    story: str = "",
) -> Article:
    ranked_at = NOW - round(hours * HOUR)
    return Article(
        id=f"a{number}",
        title="T",
        seen_at=ranked_at + round(delay * HOUR),
        ranked_at=ranked_at,
        section=section,
        source=f"source {number % 3}",
        entities=tuple(names),
        story=story,
    )


_articles = st.lists(
    st.tuples(
        _hours, st.sets(st.integers(0, 4)), st.sampled_from([0, 0, 5]), st.sampled_from([None, "World", "Sport"]),
        st.sampled_from("TUV"), st.sampled_from(["", "a1", "a2", "a3"]),
    ),
    max_size=40,
).map(
    lambda rows: [
        replace(
            _article(number, hours, [NAMES[name] for name in sorted(names)], delay=delay, section=section),
            title=title,
            story=story,
        )
        for number, (hours, names, delay, section, title, story) in enumerate(rows)
    ]
)  # fmt: skip
_parameters = st.builds(
    Parameters,
    novelty=st.sampled_from([0.0, 0.5, 1.0]),
    half_life=st.sampled_from([8 * HOUR, 24 * HOUR]),
    section=st.sampled_from([None, "World"]),
    type=st.sampled_from([None, "place"]),
    limit=st.sampled_from([2, 10]),
    min_sources=st.sampled_from([None, 1, 2]),
    diversity=st.sampled_from([0.0, 0.2, 0.9]),
)


def _filled(articles: Sequence[Article], shift: Millis = 0) -> Arrays:
    arrays = Arrays(START + shift)
    arrays.apply([Change(article.id, article) for article in articles])
    return arrays


def _lists(arrays: Arrays, parameters: Parameters, now: Millis = NOW) -> Lists:
    return (
        trending_entities(arrays.snapshot, parameters, now),
        fresh_articles(arrays.snapshot, parameters, now),
        trending_stories(arrays.snapshot, parameters, now),
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
    names, news, stories = _lists(_filled(articles), parameters)
    shifted_names, shifted_news, shifted_stories = _lists(_filled(shifted, shift), parameters, NOW + shift)
    assert [(item.entity.id, item.first_seen + shift) for item in names] == [
        (item.entity.id, item.first_seen) for item in shifted_names
    ]
    assert [item.article_id for item in news] == [item.article_id for item in shifted_news]
    assert [(item.story_id, item.article_id) for item in stories] == [
        (item.story_id, item.article_id) for item in shifted_stories
    ]
    # what has settled is added up at midnight, which lies elsewhere between the articles
    scores = [item.score for item in (*names, *news, *stories)]
    shifted_scores = [item.score for item in (*shifted_names, *shifted_news, *shifted_stories)]
    assert scores == pytest.approx(shifted_scores, rel=1e-6, abs=1e-9)


@given(_articles, st.integers(1, 1_000), st.sampled_from([0.0, 1.0]))
def test_a_future_time_gains_nothing(articles: list[Article], hours: int, novelty: float) -> None:
    future = _article(99, -hours, NAMES[:1])
    parameters = Parameters(novelty=novelty)
    assert _lists(_filled([*articles, future]), parameters) == _lists(_filled(articles), parameters)


@given(_articles, st.integers(0, 48))
def test_ageing_keeps_the_order_of_volume(articles: list[Article], hours: int) -> None:
    arrived = [replace(article, seen_at=article.ranked_at) for article in articles]
    parameters = Parameters(novelty=0.0, min_sources=1, diversity=0.0)
    young = [article for article in arrived if article.ranked_at > NOW + hours * HOUR - WINDOW]
    arrays = _filled(young)
    later = [item.entity.id for item in trending_entities(arrays.snapshot, parameters, NOW + hours * HOUR)]
    earlier = [item.entity.id for item in trending_entities(arrays.snapshot, parameters, NOW)]
    assert later == [name for name in earlier if name in later]
    later = [item.story_id for item in trending_stories(arrays.snapshot, parameters, NOW + hours * HOUR)]
    earlier = [item.story_id for item in trending_stories(arrays.snapshot, parameters, NOW)]
    assert later == [name for name in earlier if name in later]


@given(_articles)
def test_volume_adds_up_over_sections(articles: list[Article]) -> None:
    labelled = [replace(article, section=article.section or "Other") for article in articles]
    view = _filled(labelled).snapshot.at(NOW)
    parts = np.sum([view.decayed(8 * HOUR, section) for section in ("World", "Sport", "Other")], axis=0)
    assert view.decayed(8 * HOUR).tolist() == pytest.approx(parts.tolist(), abs=1e-9)


@given(_articles, st.floats(0, 12.9), st.sampled_from([0.0, 0.5, 0.9]))
def test_a_fresh_article_never_lowers_the_score_of_the_only_entity_it_names_or_of_its_story(
    articles: list[Article], hours: float, novelty: float
) -> None:
    parameters = Parameters(novelty=novelty, min_sources=1)
    fresh = _article(99, hours, NAMES[:1], story="a1")

    def scores(arrays: Arrays) -> dict[str, float]:
        names, _, stories = _lists(arrays, parameters)
        return {item.entity.id: item.score for item in names} | {item.story_id: item.score for item in stories}

    before, after = scores(_filled(articles)), scores(_filled([*articles, fresh]))
    for item in before.keys() & {NAMES[0].id, "a1"}:
        assert after[item] >= before[item] - 1e-9


@given(_articles, st.sampled_from([0.0, 0.5, 0.9]))
def test_nor_does_one_of_this_moment_of_a_source_that_is_limited(articles: list[Article], novelty: float) -> None:
    parameters = Parameters(novelty=novelty, min_sources=2, diversity=0.0)
    elsewhere = [_article(200 + number, 1, NAMES[4:], section=None) for number in range(6)]
    fresh = _article(99, 0, NAMES[:1])

    def score(arrays: Arrays) -> float | None:
        item = entity_item(arrays.snapshot, parameters, NOW, NAMES[0].id)
        return None if item is None else item.explain.now

    before, after = score(_filled([*articles, *elsewhere])), score(_filled([*articles, *elsewhere, fresh]))
    assert before is None or (after is not None and after >= before - 1e-9)


@given(_articles, st.integers(1, 6), st.sampled_from([0.0, 0.5, 1.0]))
def test_new_sources_weigh_at_least_as_much_as_repeats_of_one(
    articles: list[Article], number: int, novelty: float
) -> None:
    def score(sources: Iterable[str]) -> float:
        added = [
            replace(_article(100 + place, 1, NAMES[:1], story="a1"), source=source)
            for place, source in enumerate(sources)
        ]
        story = story_item(_filled([*articles, *added]).snapshot, Parameters(novelty=novelty, min_sources=1), NOW, "a1")
        assert story is not None
        return story.score

    fresh = score(f"new {place}" for place in range(number))
    assert fresh >= score(["source 0"] * number) - 1e-9
    assert fresh >= score(["new"] * number) - 1e-9


@given(_articles, st.sampled_from([2, 3]))
def test_more_of_everything_leaves_lift_alone(articles: list[Article], times: int) -> None:
    parameters = Parameters(novelty=0.0, diversity=0.0)
    copies = [replace(article, id=f"{article.id}-{copy}") for article in articles for copy in range(times)]

    def lifts(arrays: Arrays) -> dict[str, float | None]:
        return {
            item.entity.id: item.explain.lift for item in trending_entities(arrays.snapshot, parameters, NOW)
            if item.explain.expected > 1e-3
        }  # fmt: skip

    once, often = lifts(_filled(articles)), lifts(_filled(copies))
    assert {name: often[name] for name in once} == pytest.approx(once, rel=1e-5)


@given(_articles, _parameters)
def test_without_diversity_lists_are_ordered_by_score_then_id_and_novelty_nought_is_volume(
    articles: list[Article], parameters: Parameters
) -> None:
    parameters = replace(parameters, diversity=0.0, novelty=0.0)
    names, news, stories = _lists(_filled(articles), parameters)
    assert all(item.score == item.explain.now >= 2 for item in names)
    assert all(item.score >= item.explain.now >= 2 for item in stories)
    for ranked in (
        [(-item.score, item.entity.id) for item in names],
        [(-item.score, item.article_id) for item in news],
        [(-item.score, item.story_id) for item in stories],
    ):
        assert ranked == sorted(ranked)
    assert [item.rank for item in names] == list(range(1, len(names) + 1))
    assert {item.explain.demoted_by for item in names} | {item.explain.demoted_by for item in stories} <= {None}


@given(_articles, _parameters)
def test_what_is_demoted_stands_below_what_it_is_like(articles: list[Article], parameters: Parameters) -> None:
    names, _, stories = _lists(_filled(articles), replace(parameters, diversity=0.6))
    for items in (
        [(item.entity.id, item.explain.demoted_by) for item in names],
        [(item.story_id, item.explain.demoted_by) for item in stories],
    ):
        for place, (_, demoted_by) in enumerate(items):
            assert demoted_by is None or demoted_by in [above for above, _ in items[:place]]


@given(_articles, _parameters)
def test_what_is_listed_is_from_enough_sources(articles: list[Article], parameters: Parameters) -> None:
    parameters = replace(parameters, min_sources=2)
    names, _, stories = _lists(_filled(articles), parameters)
    assert all(item.sources >= 2 for item in (*names, *stories))


@given(_articles, st.integers(1, 200))
def test_a_name_or_story_of_one_source_is_in_no_list_however_much_it_writes(
    articles: list[Article], number: int
) -> None:
    name = Entity("organisation:acme", "Acme", "organisation", 3)
    flood = [replace(_article(1_000 + n, 0, [name, *NAMES], story="acme"), source="flood") for n in range(number)]
    parameters = Parameters(novelty=0.0, min_sources=2, limit=100)
    names, _, stories = _lists(_filled([*articles, *flood]), parameters)
    assert "organisation:acme" not in [item.entity.id for item in names]
    assert "acme" not in [item.story_id for item in stories]


@given(_articles, _parameters)
def test_only_nothing_at_all_is_an_empty_list(articles: list[Article], parameters: Parameters) -> None:
    snapshot = _filled(articles).snapshot
    counting = snapshot.at(NOW).within(parameters.section)
    names = climb(
        lambda rung: trending_entities(snapshot, rung, NOW),
        lambda rung: latest_entities(snapshot, rung, NOW),
        parameters,
    )
    stories = climb(
        lambda rung: trending_stories(snapshot, rung, NOW),
        lambda rung: latest_stories(snapshot, rung, NOW),
        parameters,
    )
    assert bool(names.items) == bool((snapshot.articles.rows[counting] > 0).any())
    assert bool(stories.items) == bool(counting.any())


def test_ties_break_by_id() -> None:
    articles = [_article(number, 1, [NAMES[number % 3]], story=f"a{number % 3}") for number in range(12)]
    names, news, stories = _lists(_filled(articles[::-1]), Parameters(novelty=0.0, min_sources=1, diversity=0.0))
    assert [item.story_id for item in stories] == ["a0", "a1", "a2"]
    assert [item.entity.id for item in names] == ["place:a", "place:b", "place:c"]
    assert [item.article_id for item in news] == ["a0", "a1", "a11"]
    assert len({item.score for item in names}) == len({item.score for item in news}) == 1


def test_without_any_history_what_is_now_is_also_what_is_usual() -> None:
    first_hour = _filled([_article(number, 1, [NAMES[number % 3]]) for number in range(12)])
    assert trending_entities(first_hour.snapshot, Parameters(), NOW) == ()
    assert len(trending_entities(first_hour.snapshot, Parameters(novelty=0.9, min_sources=1), NOW)) == 3
