"""Stories: their weights against a recount in plain Python, and what a list says of them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Article, Entity
from indexer.store.port import Change
from indexer.times import DAY, HOUR, Millis
from service.trends import sources
from service.trends.arrays import Arrays
from service.trends.articles import algorithm_of, fresh_articles, latest_articles, trending_articles
from service.trends.entities import trending_entities
from service.trends.items import TrendingStory
from service.trends.ladder import climb
from service.trends.scoring import Parameters
from service.trends.snapshot import Snapshot
from service.trends.stories import latest_stories, story_item, trending_stories

NOW: Millis = 1_700_000_000_000
START: Millis = NOW - 150 * DAY
PLAIN = Parameters(novelty=0.0, min_sources=1, diversity=0.0, limit=100)


def _name(name: str) -> Entity:
    return Entity(f"place:{name.lower()}", name, "place", 1)


def _article(article_id: str, hours: float, story: str = "", source: str = "one", names: str = "") -> Article:
    at = NOW - round(hours * HOUR)
    entities = tuple(_name(name) for name in names.split())
    return Article(
        id=article_id, title=article_id, seen_at=at, ranked_at=at, source=source, story=story, entities=entities
    )


def _filled(articles: Iterable[Article]) -> Arrays:
    arrays = Arrays(START)
    arrays.apply([Change(one.id, one) for one in articles])
    return arrays


def _snapshot(*articles: Article) -> Snapshot:
    return _filled(articles).snapshot


_articles = st.lists(
    st.builds(
        _article,
        st.integers(0, 30).map("a{}".format),
        st.integers(0, 9) | st.integers(0, 40) | st.integers(0, 170 * 24),
        st.sampled_from(["s1", "s2", "", "s3"]),
        st.sampled_from(["one", "one", "two", "three"]),
        st.sampled_from(["A", "A B", "B C", ""]),
    ),
    min_size=8,
    max_size=60,
)


def _recounted(articles: Iterable[Article], least: int) -> dict[str, float]:
    """What each story is worth, from the definition."""
    by_source: dict[str, dict[str | None, float]] = defaultdict(lambda: defaultdict(float))
    for one in articles:
        if one.story and one.ranked_at > NOW - 120 * DAY:
            by_source[one.story][one.source] += 2 ** (-(NOW - one.ranked_at) / (10 * HOUR))
    worth = {}
    for story, weights in by_source.items():
        next_loudest = sorted([0.0, *weights.values()])[-2]
        counting = [weight if least == 1 else min(weight, 2 * next_loudest) for weight in weights.values()]
        if sum(counting) >= 2:
            worth[story] = sum(weight**0.75 for weight in counting) ** (4 / 3)
    return worth


@given(_articles, st.sampled_from([1, 2]))
def test_what_a_story_is_worth_equals_a_recount(articles: list[Article], least: int) -> None:
    left = {one.id: one for one in articles}.values()
    items = trending_stories(_filled(articles).snapshot, replace(PLAIN, min_sources=least), NOW)
    recount = _recounted(left, least)
    known = {item.story_id: item.sources for item in items}
    expected = {story: worth for story, worth in recount.items() if least == 1 or known.get(story, 0) > 1}
    assert {item.story_id: item.score for item in items} == pytest.approx(expected, abs=1e-8)
    missing = recount.keys() - known.keys()
    assert all(_recent_sources(left, story) < least for story in missing)


@given(_articles, st.sampled_from([1, 2]))
def test_where_sources_are_too_many_for_a_table_nothing_changes(articles: list[Article], least: int) -> None:
    snapshot, parameters = _filled(articles).snapshot, replace(PLAIN, min_sources=least)
    ranked = (trending_stories, trending_entities)
    in_tables = [rank(snapshot, parameters, NOW) for rank in ranked]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sources, "_ROOM", 0)
        assert [rank(snapshot, parameters, NOW) for rank in ranked] == in_tables


def _recent_sources(articles: Iterable[Article], story: str) -> int:
    return len({one.source for one in articles if one.story == story and one.ranked_at >= NOW - DAY})


_moves = st.lists(
    st.lists(st.tuples(st.integers(0, 30), st.sampled_from(["", "s1", "s2", "s9"])), min_size=1, max_size=6), max_size=6
)


@given(_articles, _moves)
def test_moving_articles_to_other_stories_equals_having_them_there_at_first(
    articles: list[Article], moves: list[list[tuple[int, str]]]
) -> None:
    arrays = _filled(articles)
    left = {one.id: one for one in articles}
    for batch in moves:
        moved = [replace(left[f"a{number}"], story=story) for number, story in batch if f"a{number}" in left]
        before = arrays.snapshot
        was = trending_stories(before, PLAIN, NOW)
        rows = len(before.rows.entity)
        arrays.apply([Change(one.id, one) for one in moved])
        left |= {one.id: one for one in moved}
        assert len(arrays.snapshot.rows.entity) <= rows
        assert trending_stories(before, PLAIN, NOW) == was
    afresh = _filled(left.values()).snapshot
    assert trending_stories(arrays.snapshot, PLAIN, NOW) == trending_stories(afresh, PLAIN, NOW)
    assert trending_entities(arrays.snapshot, PLAIN, NOW) == trending_entities(afresh, PLAIN, NOW)


def test_stories_survive_a_compaction() -> None:
    arrays = _filled(_article(f"a{number}", 1, f"s{number % 7}", f"source {number % 4}", "A") for number in range(100))
    arrays.apply([Change(f"a{number}", None) for number in range(0, 60, 2)])
    assert len(arrays.snapshot.articles.ids) == 70
    assert arrays.snapshot.names.story_count == 7
    left = [_article(f"a{n}", 1, f"s{n % 7}", f"source {n % 4}", "A") for n in range(100) if n >= 60 or n % 2]
    assert trending_stories(arrays.snapshot, PLAIN, NOW) == trending_stories(_filled(left).snapshot, PLAIN, NOW)


def test_ten_publishers_weigh_more_than_ten_copies_of_one() -> None:
    many = [_article(f"m{number}", 1, "many", f"source {number}") for number in range(10)]
    one = [_article(f"o{number}", 1, "one", "source 0") for number in range(10)]
    first, second = trending_stories(_snapshot(*many, *one), PLAIN, NOW)
    assert (first.story_id, second.story_id) == ("many", "one")
    assert first.score / second.score == pytest.approx(10 ** (4 / 3) / 10)


def test_the_representative_names_what_the_story_names() -> None:
    snapshot = _snapshot(
        _article("b", 1, "s", "one", "Kursk Russia"),
        _article("a", 2, "s", "two", "Kursk Russia"),
        _article("c", 3, "s", "three", "Kursk"),
        _article("old", 100, "s", "four", "Kursk Russia Kyiv Moscow Paris"),
        _article("odd", 1, "s", "five", "Leeds"),
    )
    (item,) = trending_stories(snapshot, PLAIN, NOW)
    assert item.article_id == "b", "the newer of two alike"
    assert [label.name for label in item.entities] == ["Kursk", "Russia", "Leeds"]
    assert (item.articles, item.sources, item.first_seen) == (4, 4, NOW - 100 * HOUR)
    assert item.evidence == ("b", "a", "c")


def test_the_evidence_is_of_different_sources() -> None:
    articles = [_article(f"a{number}", 1 + number / 10, "s", "loud", "A") for number in range(9)]
    quiet = [_article("q1", 5, "s", "quiet", "A"), _article("q2", 6, "s", "soft", "A")]
    (item,) = trending_stories(_snapshot(*articles, *quiet), PLAIN, NOW)
    assert item.evidence == ("a0", "q1", "q2")


def test_a_running_story_must_be_above_its_usual() -> None:
    def running(now: int) -> list[Article]:
        past = [_article(f"p{n}", 24 + n, "war", f"source {n % 5}", "A") for n in range(60 * 24)]
        others = [_article(f"o{n}", n / 3, f"other {n}", f"source {n % 5}", "B") for n in range(60 * 72)]
        return [*past, *others, *(_article(f"n{n}", n % 24, "war", f"source {n % 5}", "A") for n in range(now))]

    usual, more = (trending_stories(_snapshot(*running(now)), Parameters(), NOW) for now in (12, 120))
    assert "war" not in [item.story_id for item in usual]
    assert [(item.story_id, item.status) for item in more] == [("war", "rising")]
    by_volume = trending_stories(_snapshot(*running(12)), Parameters(novelty=0.0), NOW)
    assert "war" in [item.story_id for item in by_volume]


def test_stories_about_the_same_give_way() -> None:
    def told(story: str, articles: int, names: str) -> list[Article]:
        return [_article(f"{story}{n}", 1, story, f"source {n}", names) for n in range(articles)]

    snapshot = _snapshot(*told("one", 9, "A B"), *told("two", 8, "A B"), *told("three", 7, "C D"))
    by_score = trending_stories(snapshot, PLAIN, NOW)
    varied = trending_stories(snapshot, replace(PLAIN, diversity=0.4), NOW)
    assert [item.story_id for item in by_score] == ["one", "two", "three"]
    assert [item.story_id for item in varied] == ["one", "three", "two"]
    assert [item.explain.demoted_by for item in varied] == [None, None, "one"]
    assert [item.score for item in varied] == [by_score[place].score for place in (0, 2, 1)]


def test_trending_articles_represent_trending_stories() -> None:
    articles = [_article(f"a{n}", 1, f"s{n % 2}", f"source {n}", "A") for n in range(8)]
    snapshot = _snapshot(*articles, *(_article(f"x{n}", 0, "", "one", "A") for n in range(8)))
    stories = trending_stories(snapshot, PLAIN, NOW)
    assert [(one.article_id, one.score) for one in trending_articles(snapshot, PLAIN, NOW)] == [
        (story.article_id, story.score) for story in stories
    ]


def test_the_latest_stories_are_those_of_the_newest_articles() -> None:
    snapshot = _snapshot(
        _article("a", 3, "s"), _article("b", 2, "s"), _article("alone", 1), _article("c", 0.5, "s"), _article("d", 9)
    )
    assert [(item.story_id, item.articles) for item in latest_stories(snapshot, PLAIN, NOW)] == [
        ("s", 3), ("alone", 1), ("d", 1),
    ]  # fmt: skip
    assert [item.story_id for item in latest_stories(snapshot, replace(PLAIN, limit=1), NOW)] == ["s"]


def test_one_story_can_be_asked_for() -> None:
    snapshot = _snapshot(_article("a", 3, "s"), _article("b", 400, "t"))
    item = story_item(snapshot, PLAIN, NOW, "t")
    assert item is not None
    assert (item.story_id, item.article_id, item.articles) == ("t", "b", 0)
    assert story_item(snapshot, PLAIN, NOW, "u") is None
    assert story_item(snapshot, PLAIN, NOW - 30 * DAY, "s") is None


def _count(items: Sequence[TrendingStory]) -> dict[str, tuple[int, int]]:
    return {item.story_id: (item.articles, item.sources) for item in items}


def test_a_story_of_fifty_thousand_articles_equals_a_recount() -> None:
    huge = [_article(f"h{n}", n / 2_500, "huge", f"source {n % 97}", "A B" if n % 2 else "B C") for n in range(50_000)]
    other = [_article(f"o{n}", 1, "other", f"source {n}", "D") for n in range(20)]
    arrays = Arrays(START)
    for _, page in groupby(enumerate([*huge, *other]), lambda one: one[0] // 1_000):
        arrays.apply([Change(one.id, replace(one, story="")) for _, one in page])
    rows = len(arrays.snapshot.rows.entity)
    for start in range(0, 50_020, 1_000):
        arrays.apply([Change(one.id, one) for one in [*huge, *other][start : start + 1_000]])
    assert len(arrays.snapshot.rows.entity) == rows
    items = trending_stories(arrays.snapshot, PLAIN, NOW)
    assert {item.story_id: item.score for item in items} == pytest.approx(_recounted([*huge, *other], 1), rel=1e-9)
    assert _count(items) == {"huge": (50_000, 97), "other": (20, 20)}
    assert [label.name for label in items[0].entities] == ["B", "A", "C"]


def test_an_article_edited_a_hundred_times_counts_once() -> None:
    arrays = _filled(_article(f"a{n}", 1, "s", f"source {n}", "A") for n in range(3))
    for edit in range(100):
        edited = replace(_article("a0", 1, f"s{edit % 3}", "source 0", "A B"), title=f"Edit {edit}")
        arrays.apply([Change("a0", edited)])
    left = [edited, *(_article(f"a{n}", 1, "s", f"source {n}", "A") for n in (1, 2))]
    assert len(arrays.snapshot.articles.ids) <= 4
    for ranked in (trending_stories, trending_entities):
        assert ranked(arrays.snapshot, PLAIN, NOW) == ranked(_snapshot(*left), PLAIN, NOW)


def test_a_renamed_section_takes_everything_along() -> None:
    articles = [replace(_article(f"a{n}", 1, "s", f"source {n}", "A"), section="World") for n in range(5)]
    arrays = _filled(articles)
    arrays.apply([Change(one.id, replace(one, section="Abroad")) for one in articles])
    world, abroad = (replace(PLAIN, section=section) for section in ("World", "Abroad"))
    assert trending_stories(arrays.snapshot, world, NOW) == ()
    assert trending_entities(arrays.snapshot, world, NOW) == ()
    assert _count(trending_stories(arrays.snapshot, abroad, NOW)) == {"s": (5, 5)}


def test_a_clock_that_steps_back_sees_what_it_saw_then() -> None:
    articles = [_article(f"a{n}", n, "s", f"source {n}", "A") for n in range(9)]
    snapshot = _snapshot(*articles)
    trending_stories(snapshot, PLAIN, NOW)
    earlier = trending_stories(snapshot, PLAIN, NOW - 4 * HOUR)
    assert earlier == trending_stories(_snapshot(*articles[4:]), PLAIN, NOW - 4 * HOUR)
    assert trending_entities(snapshot, PLAIN, NOW - 4 * HOUR) == trending_entities(
        _snapshot(*articles[4:]), PLAIN, NOW - 4 * HOUR
    )


def test_where_every_article_is_alone_articles_are_ranked_by_their_names() -> None:
    alone = [_article(f"a{n}", 1 + n / 10, f"a{n}", f"source {n % 4}", "Kursk") for n in range(9)]
    snapshot = _snapshot(*alone, _article("plain", 0.5, "plain", "five"), _article("old", 700, "old", "six", "Leeds"))
    listing = climb(
        lambda rung: trending_articles(snapshot, rung, NOW),
        lambda rung: latest_articles(snapshot, rung, NOW),
        Parameters(),
    )
    assert listing.fallback == "latest"
    assert listing.items == fresh_articles(snapshot, Parameters(min_sources=1), NOW)[: len(listing.items)]
    assert listing.items[0].article_id == "a0"
    assert algorithm_of(snapshot, Parameters(), NOW, listing.fallback) == "fresh-names/1"
    assert algorithm_of(snapshot, Parameters(), NOW, None) == "story-p75/2"
