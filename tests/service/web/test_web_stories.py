"""Stories on pages: their own, that of an article, a search, and the side column of every page."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from indexer.article import Article
from indexer.times import DAY, HOUR, MINUTE
from tests.service.api.desk import Desk, at_desk, mention
from tests.service.api.served import NOW, article
from tests.service.web.filled import EVIL
from tests.service.web.page import Page, hits, page, total


def told(number: int, story: str, at: int, **fields: Any) -> Article:
    """An article of a story; all are alike in meaning, so that the newest stands for it."""
    fields = {"title": f"Troops in Kursk {number}", "body": "The troops reached Kursk.", "section": "World", **fields}
    return article(f"a{number}", NOW - at, grouped=story, story=story, vector=bytes([100, 0, 0, 0]), **fields)


def articles() -> Iterator[Article]:
    """A story of twelve articles of three sources, one that is over, one of one, a trap, and an article in none."""
    for number in range(12):
        mentions = (mention("Kursk", "place"), mention("Jane Doe"))
        yield told(number, "a11", number * 20 * MINUTE, source=f"wire{number % 3}.example", mentions=mentions)
    yield told(20, "a21", 3 * DAY, title="Storm over Galway", source="harbour.example")
    yield told(21, "a21", 5 * DAY, title="Storm nears Galway", source="harbour.example")
    yield told(22, "a22", 9 * HOUR, title="A ship came in")
    yield told(23, "odd/id?", 2 * HOUR, title=EVIL, summary=EVIL, source=EVIL)
    yield told(24, "odd/id?", 3 * HOUR, title=EVIL, source="harbour.example")
    yield article("new", NOW, "Troops halt", source="wire0.example")


@pytest.fixture(scope="module")
def desk(new_store: Callable[[], str]) -> Iterator[Desk]:
    with at_desk(new_store(), articles()) as desk:
        yield desk


@pytest.fixture
def deciding(new_store: Callable[[], str]) -> Iterator[Desk]:
    with at_desk(new_store(), articles()) as desk:
        yield desk


def listed(shown: Page) -> list[str]:
    """The articles under the story, before the side column."""
    hrefs = [href for href in shown.addresses if href.startswith("/articles/a")]
    return [href.removeprefix("/articles/") for href in hrefs[1:]][:10]


def test_a_story_page_tells_the_story(desk: Desk) -> None:
    shown = page(desk.api, "/stories/a11")
    assert shown.link("Troops in Kursk 0") == "/articles/a0"
    for part in ("Story", "active", "12 articles of 3 sources", "12 articles, the most (3) in", "Over time"):
        assert part in shown.text, part
    assert shown.link("Kursk") == "/entities/place:kursk"
    assert total(page(desk.api, shown.link("wire1.example"))) == 4
    assert total(page(desk.api, shown.link("12 articles"))) == 12
    assert "quiet" in page(desk.api, "/stories/a21").text


def test_the_numbers_of_its_course_lead_to_their_articles(desk: Desk) -> None:
    shown = page(desk.api, "/stories/a11")
    counted = [(href, int(label)) for href, label in shown.links if "&from=" in href]
    assert sum(count for _, count in counted) == 12
    assert all(total(page(desk.api, href)) == count for href, count in counted)
    assert "(so far)" in shown.text
    assert "(so far)" not in page(desk.api, "/stories/a21").text


def test_its_articles_are_paged_through_newest_first(desk: Desk) -> None:
    first = page(desk.api, "/stories/a11")
    assert listed(first) == [f"a{number}" for number in range(10)]
    second = page(desk.api, first.link("Next page"))
    assert listed(second)[:2] == ["a10", "a11"]
    assert "Next page" not in second.text
    assert second.link("First page") == "/stories/a11"
    assert "cursor" in page(desk.api, "/stories/a11?cursor=forged", 400).text


@pytest.mark.parametrize("path", ["/stories/none", "/stories/a1", "/stories/new"])
def test_what_is_no_story_is_no_page(desk: Desk, path: str) -> None:
    assert "There is no story" in page(desk.api, path, 404).text


def test_an_article_leads_to_its_story(desk: Desk) -> None:
    assert page(desk.api, "/articles/a3").link("12 articles of 3 sources") == "/stories/a11"
    assert page(desk.api, "/articles/a20").link("2 articles of 1 source") == "/stories/a21"
    assert "One story" not in page(desk.api, "/articles/a22").text
    assert "One story" not in page(desk.api, "/articles/new").text


def test_tags_in_a_story_become_text(desk: Desk) -> None:
    shown = page(desk.api, "/?story=odd/id?")
    assert total(shown) == 2
    assert EVIL in shown.text
    assert page(desk.api, "/articles/a23").link("2 articles of 2 sources") == "/stories/odd%2Fid%3F"
    assert not {"script", "style", "img"} & {tag for tag, _ in page(desk.api, "/stories/a11").elements}


def test_trending_stories_are_beside_every_page(desk: Desk) -> None:
    for path in ("/", "/articles/new", "/stories/a21", "/entities/place:kursk"):
        shown = page(desk.api, path)
        assert "/stories/a11" in shown.addresses
        assert "3 sources" in shown.text.partition("Trends")[2]


def test_a_search_shows_each_story_once(desk: Desk) -> None:
    everything = page(desk.api, "/?q=troops")
    once = page(desk.api, everything.link("Each story once"))
    assert sorted(hits(once)) == ["a0", "new"] or len(hits(once)) < len(hits(everything))
    assert once.link("12 articles of this story") == "/stories/a11"
    assert total(page(desk.api, once.link("Every article"))) == total(everything)


def test_what_is_downloaded_is_of_the_story_that_was_found(desk: Desk) -> None:
    shown = page(desk.api, "/?story=a21")
    assert total(page(desk.api, shown.link("Remove of one story"))) == 18
    assert len(desk.api.get(shown.link("JSON Lines")).text.splitlines()) == 2


def test_a_merged_story_leads_to_the_one_it_is_part_of(deciding: Desk) -> None:
    deciding.decide("merge", entity="story:a21", into="story:a11")
    deciding.settle()
    moved = deciding.api.get("/stories/a21?page_size=5")
    assert (moved.status_code, moved.headers["location"]) == (308, "/stories/a11?page_size=5")
    assert "14 articles of 4 sources" in page(deciding.api, "/stories/a11").text
