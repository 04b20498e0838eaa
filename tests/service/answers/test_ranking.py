"""Near misses and feedback: what is ranked besides, and that nothing is counted besides."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from indexer.article import Article
from service.answers.models import SearchAnswer
from service.answers.questions import SearchQuestion, ask
from service.answers.search import search
from service.newsroom import Newsroom
from tests.service.api.served import NOW, article, open_filled


def stored() -> Iterator[Article]:
    yield article("both-1", NOW - 1, "Tunnel collapse", body="In the hills.", section="World")
    yield article("both-2", NOW - 2, "Collapse of a tunnel", section="Home")
    for number in range(12):
        yield article(
            f"tunnel-{number}", NOW - 10 - number, f"A tunnel {number}", body="Borers drill.", section="World"
        )
    yield article("like", NOW - 40, "Rescue", body="A tunnel, in which borers drill, and more of it.", section="Home")
    yield article("unlike", NOW - 41, "Rescue", body="A tunnel, so they say, and more.", section="Home")
    for number in range(12):
        yield article(f"many-{number}", NOW - 50 - number, f"Harbour strike {number}")
    yield article("neither", NOW - 90, "Weather")


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    folder: Path = tmp_path_factory.mktemp("ranking")
    room = open_filled(folder, stored())
    yield room
    room.store.close()


def asked(newsroom: Newsroom, q: str, **parameters: Any) -> SearchAnswer:
    return search(newsroom, ask(SearchQuestion, {"q": q, **parameters}))


def whole(answer: SearchAnswer) -> list[str]:
    return [hit.article.id for hit in answer.hits if not hit.partial]


def partial(answer: SearchAnswer) -> list[str]:
    return [hit.article.id for hit in answer.hits if hit.partial]


def test_a_short_list_goes_on_with_articles_that_have_some_of_the_words(newsroom: Newsroom) -> None:
    answer = asked(newsroom, "tunnel collapse", facet=("section",))
    assert sorted(whole(answer)) == ["both-1", "both-2"]
    assert len(partial(answer)) == 8
    assert not {"neither", "both-1", "both-2"} & set(partial(answer))
    assert [hit.partial for hit in answer.hits] == [False] * 2 + [True] * 8


def test_they_are_in_no_count_and_on_no_other_page(newsroom: Newsroom) -> None:
    answer = asked(newsroom, "tunnel collapse", facet=("section",))
    assert answer.total.value == 2
    assert {value.value: value.count for value in answer.facets["section"].values} == {"World": 1, "Home": 1}
    assert answer.cursor is None
    assert not answer.query.relaxed
    first = asked(newsroom, "tunnel collapse", page_size=1)
    assert (len(first.hits), partial(first)) == (1, [])
    second = asked(newsroom, "tunnel collapse", page_size=1, cursor=first.cursor)
    assert partial(second) == []
    assert {*whole(first), *whole(second)} == {"both-1", "both-2"}


def test_they_keep_to_the_filters_and_to_what_is_insisted_on(newsroom: Newsroom) -> None:
    answer = asked(newsroom, "tunnel collapse", section=("World",))
    assert whole(answer) == ["both-1"]
    assert {hit.article.section for hit in answer.hits} == {"World"}
    assert not partial(asked(newsroom, "tunnel AND collapse"))
    assert "both-2" not in partial(asked(newsroom, "tunnel collapse -title:of"))


@pytest.mark.parametrize("parameters", [{"sort": "newest"}, {"sort": "oldest"}, {"match": "any"}])
def test_lists_by_time_and_of_any_word_have_none(newsroom: Newsroom, parameters: dict[str, str]) -> None:
    assert not partial(asked(newsroom, "tunnel collapse", **parameters))


def test_enough_is_enough(newsroom: Newsroom) -> None:
    assert not partial(asked(newsroom, "harbour strike", page_size=20))
    assert not partial(asked(newsroom, "tunnel"))
    assert not partial(asked(newsroom, ""))


def test_where_no_article_has_all_words_the_others_are_the_list_itself(newsroom: Newsroom) -> None:
    answer = asked(newsroom, "collapse weather")
    assert answer.query.relaxed
    assert (answer.total.value, partial(answer)) == (3, [])


def test_freshness_goes_on_likewise(newsroom: Newsroom) -> None:
    assert len(partial(asked(newsroom, "tunnel collapse", sort="fresh"))) == 8


def test_feedback_moves_articles_and_changes_no_count(newsroom: Newsroom) -> None:
    fed_back = asked(newsroom, "tunnel", match="any", page_size=50, facet=("section",))
    plain = asked(newsroom, "tunnel", page_size=50, facet=("section",))
    assert fed_back.total == plain.total
    assert fed_back.facets == plain.facets
    assert sorted(whole(fed_back)) == sorted(whole(plain))
    assert whole(plain).index("like") > whole(plain).index("unlike")
    assert whole(fed_back).index("like") < whole(fed_back).index("unlike")


def test_pages_of_a_list_with_feedback_fit_together(newsroom: Newsroom) -> None:
    at_once = whole(asked(newsroom, "tunnel", match="any", page_size=50))
    page = asked(newsroom, "tunnel", match="any", page_size=4)
    walked = whole(page)
    while page.cursor:
        page = asked(newsroom, "tunnel", match="any", page_size=4, cursor=page.cursor)
        walked += whole(page)
    assert walked == at_once


def test_stop_words_beside_others_are_not_insisted_on(newsroom: Newsroom) -> None:
    assert asked(newsroom, "the collapse of the tunnel").total.value == 2
    assert asked(newsroom, '"collapse of a tunnel"').total.value == 1
    assert asked(newsroom, "of").total.value == 2
