from pathlib import Path

import pytest

from indexer.article import Article
from indexer.errors import UnreadableSource
from indexer.normalise import article_from
from indexer.sources.plain_page import read_plain_page
from indexer.times import parse

NOW = parse("2024-11-15T12:00:00Z")
MODEL = Path("../shared/data/model_page.txt")
PAGE = """Harbour Daily
Politics
Ports / Ferries

Ferry runs again after a week

Photograph by the port
The ferry between both banks has been repaired.


A week without

Passengers walked over the bridge.

The port said so on Monday.

Quay Agency
Refs: | Bote | Kurier |

Trends

World

Bridge closed

2024-11-14T09:00:00.125Z

It needs paint.

Sport

Regatta won

2024-11-14T08:00:00Z

Latest

Politics

Ferry tickets dearer

2024-11-14T10:15:00.5+01:00

By a tenth.
From Monday on.
"""


def articles(page: str) -> list[Article]:
    return [article_from(fields, seen_at=NOW) for _, fields in read_plain_page(page.encode())]


def test_the_article_of_a_page() -> None:
    article = articles(PAGE)[0]
    assert article.title == "Ferry runs again after a week"
    assert article.summary == "The ferry between both banks has been repaired."
    assert article.body == "A week without\n\nPassengers walked over the bridge.\n\nThe port said so on Monday."
    assert (article.source, article.section, article.labels) == ("Harbour Daily", "Politics", ("Ports", "Ferries"))
    assert (article.refs, article.authors) == (("Bote", "Kurier"), ("Quay Agency",))
    assert article.published_at == parse("2024-11-14T09:15:00.5Z")


def test_the_items_of_both_lists() -> None:
    items = [(item.section, item.title, item.published_at, item.summary) for item in articles(PAGE)[1:]]
    assert items == [
        ("World", "Bridge closed", parse("2024-11-14T09:00:00.125Z"), "It needs paint."),
        ("Sport", "Regatta won", parse("2024-11-14T08:00:00Z"), ""),
        ("Politics", "Ferry tickets dearer", parse("2024-11-14T09:15:00.5Z"), "By a tenth. From Monday on."),
    ]
    assert {item.source for item in articles(PAGE)} == {"Harbour Daily"}


def test_positions_are_lines_of_the_headlines() -> None:
    lines = PAGE.splitlines()
    assert all(lines[position - 1] == fields["title"] for position, fields in read_plain_page(PAGE.encode()))


def test_a_page_that_says_its_date_keeps_it() -> None:
    dated = PAGE.replace("Photograph by the port", "2024-11-01T07:00:00Z\nPhotograph by the port")
    assert articles(dated)[0].published_at == parse("2024-11-01T07:00:00Z")
    assert articles(dated)[0].summary == articles(PAGE)[0].summary


def test_an_undated_page_is_the_same_article_when_its_lists_have_moved_on() -> None:
    later = PAGE.replace("2024-11-14T10:15:00.5+01:00", "2024-11-15T10:00:00Z")
    assert articles(later)[0].published_at != articles(PAGE)[0].published_at
    assert articles(later)[0].id == articles(PAGE)[0].id


def test_empty_lists_and_missing_parts() -> None:
    (article,) = articles("Harbour Daily\nWorld\n\nA headline\n\nTrends\n\nLatest")
    assert (article.title, article.summary, article.labels, article.published_at) == ("A headline", "", (), None)


@pytest.mark.parametrize("text", ["One line.", "# Read me\n\nHow to use it.", "a\nb\nc\nd\n\ne", "Trends\n\nLatest"])
def test_other_texts_are_no_pages(text: str) -> None:
    with pytest.raises(UnreadableSource, match="neither a feed"):
        read_plain_page(text.encode())


def test_a_page_in_another_encoding_is_refused() -> None:
    with pytest.raises(UnreadableSource, match="not UTF-8: byte 7"):
        read_plain_page(b"Gew\xc3\xa4s\xe4")


@pytest.mark.shared_data
@pytest.mark.skipif(not MODEL.exists(), reason="needs ../shared/data")
def test_the_model_page() -> None:
    page, *items = articles(MODEL.read_text())
    assert page.title.endswith("in Kursk Amid Rising Tensions")
    assert (page.section, page.labels, page.refs) == ("World", ("Russia", "Ukraine", "North Korea"), ("ANSA", "Merkur"))
    assert page.published_at == parse("2024-11-14T21:19:57.395Z")
    assert len(items) == 6
    assert all(item.summary and item.section == "World" for item in items)
