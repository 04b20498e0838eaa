"""Searching without HTTP: deep pages, walks while others write, and what a question is."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.article import order_key
from indexer.errors import InvalidParameter, InvalidQuery
from indexer.query.parser import read
from indexer.store.port import DEEPEST_RELEVANCE
from indexer.times import DAY, parse
from service.answers.cursors import read_cursor, write_cursor
from service.answers.matching import ranks
from service.answers.models import SearchAnswer
from service.answers.questions import EntitiesQuestion, LatestQuestion, SearchQuestion, ask, moment_of, span_of
from service.answers.search import search
from service.newsroom import Newsroom, open_newsroom
from service.settings import load_settings
from tests.service.api.served import ISW, KURSK, NOW, article


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    opened = open_newsroom(load_settings(store=f"embedded:{tmp_path / 'store'}"), lambda: NOW)
    yield opened
    opened.stop()


def fill(newsroom: Newsroom, numbers: range, title: str = "Storm") -> None:
    newsroom.store.write([article(f"a{number:05}", NOW - number // 3, title) for number in numbers])
    newsroom.store.refresh()


def walk(newsroom: Newsroom, parameters: dict[str, object], between: Callable[[], None]) -> Iterator[SearchAnswer]:
    """The pages of a question; something happens between them."""
    cursor: str | None = ""
    while cursor is not None:
        answer = search(newsroom, ask(SearchQuestion, {**parameters, "cursor": cursor}))
        yield answer
        cursor = answer.cursor
        between()


def ids(pages: Iterator[SearchAnswer]) -> list[str]:
    return [hit.article.id for page in pages for hit in page.hits]


def test_relevance_ends_at_its_deepest(newsroom: Newsroom) -> None:
    fill(newsroom, range(DEEPEST_RELEVANCE + 50))
    pages = list(walk(newsroom, {"q": "storm", "page_size": 90}, lambda: None))
    assert [len(page.hits) for page in pages] == [90] * 11 + [10]
    assert pages[-1].total.value == DEEPEST_RELEVANCE + 50
    by_time = ids(walk(newsroom, {"q": "storm", "page_size": 100, "sort": "newest"}, lambda: None))
    assert len(by_time) == len(set(by_time)) == DEEPEST_RELEVANCE + 50


def test_pages_of_fresh_fit_together_while_time_goes_on(newsroom: Newsroom) -> None:
    newsroom.store.write(
        [article(f"a{number:03}", NOW - number * DAY, f"Storm {'storm ' * (number % 7)}") for number in range(60)]
    )
    newsroom.store.refresh()
    moment = NOW

    def go_on() -> None:
        nonlocal moment
        moment += 40 * DAY

    def scored(size: int) -> list[tuple[str, float | None]]:
        pages = walk(newsroom, {"q": "storm", "sort": "fresh", "page_size": size}, go_on)
        return [(hit.article.id, hit.score) for page in pages for hit in page.hits]

    newsroom.clock = lambda: moment
    whole = scored(100)
    moment = NOW
    assert scored(7) == whole
    assert len(dict(whole)) == 60
    by_relevance = ids(walk(newsroom, {"q": "storm", "sort": "relevance", "page_size": 100}, lambda: None))
    assert list(dict(whole)) not in (by_relevance, sorted(dict(whole)))


def test_the_half_life_says_how_much_age_weighs(newsroom: Newsroom) -> None:
    newsroom.store.write(
        [article("old", NOW - 7 * DAY, "Storm storm storm"), article("new", NOW, "A storm passes by here")]
    )
    newsroom.store.refresh()

    def scores(**parameters: str) -> dict[str, float]:
        hits = search(newsroom, ask(SearchQuestion, {"q": "storm", **parameters})).hits
        return {hit.article.id: hit.score or 0.0 for hit in hits}

    plain = scores(sort="relevance")
    assert scores(sort="fresh") == pytest.approx({"old": plain["old"] / 2, "new": plain["new"]})
    assert scores(sort="fresh", half_life="84h") == pytest.approx({"old": plain["old"] / 4, "new": plain["new"]})
    assert list(scores(sort="fresh", half_life="365d")) == ["old", "new"]
    assert list(scores(sort="fresh", half_life="1h")) == ["new", "old"]


@pytest.mark.parametrize("q", ["", "after:2024-11-01", "section:home", "entity:place:kursk", "-storm"])
@pytest.mark.parametrize("sort", ["fresh", "relevance", None])
def test_without_words_the_newest_come_first(newsroom: Newsroom, q: str, sort: str | None) -> None:
    names = (KURSK,)
    newsroom.store.write([article(f"a{n}", NOW - n * DAY, "Calm", section="Home", entities=names) for n in range(9)])
    newsroom.store.refresh()
    answer = search(newsroom, ask(SearchQuestion, {"q": q, "sort": sort}))
    assert [hit.article.id for hit in answer.hits] == [f"a{n}" for n in range(9)]
    assert {hit.score for hit in answer.hits} == {None}


def test_a_name_finds_what_names_its_entity_and_leads_to_its_page(newsroom: Newsroom) -> None:
    newsroom.store.write(
        [
            article("short", NOW, "ISW reports"),
            article("long", NOW - 1, "The Institute for the Study of War reports", entities=(ISW,)),
            article("neither", NOW - 2, "Nobody reports"),
        ]
    )
    newsroom.store.refresh()
    for q in ("ISW", "isw", '"Institute for the Study of War"', "institute for the study of war"):
        answer = search(newsroom, ask(SearchQuestion, {"q": q, "highlight": True, "sort": "newest"}))
        assert {"short", "long"} >= {hit.article.id for hit in answer.hits} >= {"long"}
        assert answer.query.entity is not None
        assert answer.query.entity.page == f"/entities/{ISW.id}"
        assert all(hit.highlights.title for hit in answer.hits)
    assert search(newsroom, ask(SearchQuestion, {"q": "ISW reports"})).query.entity is None
    both = search(newsroom, ask(SearchQuestion, {"q": "isw reports", "sort": "newest"}))
    assert [hit.article.id for hit in both.hits] == ["short", "long"]


def test_a_name_in_no_article_has_no_page(newsroom: Newsroom) -> None:
    newsroom.store.write([article("short", NOW, "ISW reports")])
    newsroom.store.refresh()
    assert search(newsroom, ask(SearchQuestion, {"q": "isw"})).query.entity is None


@pytest.mark.parametrize("sort", ["newest", "oldest"])
def test_a_walk_gives_what_matches_throughout_once_while_others_write(newsroom: Newsroom, sort: str) -> None:
    fill(newsroom, range(100))
    added = iter(range(1_000, 2_000))

    def write() -> None:
        number = next(added)
        newsroom.store.write([article(f"new{number}", NOW - number % 40, "Storm")])
        (seen,) = newsroom.store.get(["a00050"])
        assert seen is not None
        newsroom.store.write([replace(seen, summary=f"Edited {number}")])
        newsroom.store.refresh()

    walked = ids(walk(newsroom, {"q": "storm", "page_size": 7, "sort": sort}, write))
    assert len(walked) == len(set(walked))
    assert {f"a{number:05}" for number in range(100)} <= set(walked)


def test_a_relaxed_walk_stays_relaxed(newsroom: Newsroom) -> None:
    fill(newsroom, range(12))
    pages = walk(newsroom, {"q": "storm flood", "page_size": 5}, lambda: fill(newsroom, range(50, 51), "Storm flood"))
    assert [page.query.relaxed for page in pages] == [True, True, True]


def test_a_walk_whose_articles_are_gone_ends(newsroom: Newsroom) -> None:
    fill(newsroom, range(12))
    fill(newsroom, range(50, 51), "Flood")

    def delete() -> None:
        newsroom.store.delete([f"a{number:05}" for number in range(12)])
        newsroom.store.refresh()

    pages = list(walk(newsroom, {"q": "storm OR flood hail", "page_size": 5}, delete))
    assert [len(page.hits) for page in pages][1:] == [0]
    assert not pages[-1].query.relaxed


def test_explicit_operators_are_not_relaxed(newsroom: Newsroom) -> None:
    fill(newsroom, range(2))
    for q in ("storm AND flood", '"storm flood"', "flood"):
        answer = search(newsroom, ask(SearchQuestion, {"q": q}))
        assert (answer.total.value, answer.query.relaxed) == (0, False)


def test_only_a_strict_question_refuses_a_query(newsroom: Newsroom) -> None:
    assert search(newsroom, ask(SearchQuestion, {"q": "("})).query.lenient
    with pytest.raises(InvalidQuery):
        search(newsroom, ask(SearchQuestion, {"q": "(", "strict": True}))


def test_cursors_belong_to_their_question() -> None:
    question = ask(SearchQuestion, {"q": "a", "section": ["World"]})
    cursor = write_cursor("secret", question, [1, 2, 0])
    assert read_cursor("secret", question, cursor) == [1, 2, 0]
    assert read_cursor("secret", question.model_copy(update={"cursor": cursor}), cursor) == [1, 2, 0]
    for other in (question.model_copy(update={"q": "b"}), ask(EntitiesQuestion, {"q": "a"}), ask(LatestQuestion, {})):
        with pytest.raises(InvalidParameter, match="cursor"):
            read_cursor("secret", other, cursor)
    with pytest.raises(InvalidParameter, match="cursor"):
        read_cursor("another secret", question, cursor)


def test_a_question_says_which_parameter_is_wrong() -> None:
    with pytest.raises(InvalidParameter, match="page_size") as caught:
        ask(SearchQuestion, {"page_size": 0})
    assert caught.value.parameter == "page_size"
    with pytest.raises(InvalidParameter) as caught:
        ask(SearchQuestion, {"color": "red"})
    assert caught.value.parameter == "color"


def test_a_span_reads_dates_in_its_zone() -> None:
    span = span_of(ask(SearchQuestion, {"from": "2024-11-14", "to": "2024-11-15", "tz": "Europe/Rome"}))
    assert (span.start, span.end) == (parse("2024-11-13T23:00:00Z"), parse("2024-11-15T23:00:00Z"))
    span = span_of(ask(SearchQuestion, {"from": "2024-11-14T10:00:00+05:00", "to": "2024-11-14T10:00"}))
    assert (span.start, span.end) == (parse("2024-11-14T05:00:00Z"), parse("2024-11-14T10:00:00Z"))
    assert span_of(ask(SearchQuestion, {}))[:2] == (None, None)
    assert moment_of("as_of", " 2024-11-14 ") == parse("2024-11-14")


@pytest.mark.parametrize(
    ("query", "can"),
    [
        ("storm", True),
        ('"storm front"', True),
        ("title:storm", True),
        ("troop* storm", True),
        ("troop* OR kursx~", True),
        ("storm OR section:world", True),
        ("troop*", False),
        ("kursx~ troop*", False),
        ("title:troop*", False),
        ("section:world OR section:politics", False),
        ("NOT storm", False),
        ("", False),
    ],
)
def test_what_can_fit_one_article_better_than_another(query: str, can: bool) -> None:  # noqa: FBT001
    assert ranks(read(query).query) is can


def test_where_all_fit_alike_the_newest_come_first(newsroom: Newsroom) -> None:
    fill(newsroom, range(50), "Storms")
    assert ids(walk(newsroom, {"q": "stor*", "page_size": 20}, lambda: None)) == [f"a{n:05}" for n in order_of(50)]


def order_of(count: int) -> list[int]:
    """The numbers of the articles of `fill`, newest first; three share each millisecond."""
    return sorted(range(count), key=lambda number: (NOW - number // 3, order_key(f"a{number:05}")), reverse=True)
