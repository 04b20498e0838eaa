import sys
from hashlib import sha256
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Article
from indexer.errors import InvalidArticle
from indexer.normalise import Normaliser, article_from
from indexer.sources.records import Found
from indexer.times import DAY, HOUR, parse, to_text

NOW = parse("2024-11-15T12:00:00Z")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
NESTED = orjson.loads("[" * 1_020 + "]" * 1_020)
NAMES = st.sampled_from([
    "id", "url", "title", "body", "summary", "section", "labels", "source", "refs", "authors", "language",
    "published_at", "modified_at", "seen_at", "unknown",
])  # fmt: skip


def made(**fields: Any) -> Article:
    return article_from({"title": "Ferry runs again", **fields}, seen_at=NOW)


def reason(**fields: Any) -> str:
    with pytest.raises(InvalidArticle) as refusal:
        made(**fields)
    return str(refusal.value)


def test_letters_are_composed_with_their_marks() -> None:
    article = made(title="Cafe\u0301", body="nai\u0308ve", section="E\u0301ire")
    assert (article.title, article.body, article.section) == ("Caf\u00e9", "na\u00efve", "\u00c9ire")


def test_a_full_record_becomes_an_article() -> None:
    article = article_from(
        {
            "id": "ferry-1",
            "url": "https://harbour.example/ferry",
            "title": "  Ferry runs\n again ",
            "summary": "After a week.",
            "body": "One.\r\n\r\nTwo.\x03",
            "section": " world NEWS ",
            "labels": ["Ports", "", "Ports"],
            "source": "Harbour Post",
            "refs": ["ANSA"],
            "authors": "Jane Doe",
            "language": "en-GB",
            "published_at": "2024-11-15T09:30:00.250+01:00",
            "modified_at": "Fri, 15 Nov 2024 10:00:00 GMT",
            "shares": 12,
        },
        seen_at=NOW,
    )
    assert article == Article(
        id="ferry-1",
        url="https://harbour.example/ferry",
        title="Ferry runs again",
        summary="After a week.",
        body="One.\n\nTwo.",
        section="World",
        labels=("Ports",),
        source="Harbour Post",
        refs=("ANSA",),
        authors=("Jane Doe",),
        language="en",
        published_at=parse("2024-11-15T08:30:00.250Z"),
        modified_at=parse("2024-11-15T10:00:00Z"),
        seen_at=NOW,
        ranked_at=parse("2024-11-15T08:30:00.250Z"),
    )


@pytest.mark.parametrize("given_id", ["", "a b", "ä", "a/b", "x" * 10_000, "a\n", 7, ["a"], True, NESTED])
def test_an_id_outside_the_form_is_refused(given_id: object) -> None:
    said = reason(id=given_id)
    assert said.startswith(("the id ", "id is "))
    assert len(said) < 300


def test_ids_of_200_characters_and_all_allowed_signs_are_kept() -> None:
    assert made(id="aZ09._~-" * 25).id == "aZ09._~-" * 25


@pytest.mark.parametrize(
    "url",
    [
        "https://harbour.example/a?page=2&id=1",
        "HTTPS://Harbour.Example:443/a?page=2&id=1#top",
        "https://harbour.example/a?utm_source=x&page=2&UTM_Medium=y&id=1&fbclid=z&gclid=q",
    ],
)
def test_one_page_has_one_id(url: str) -> None:
    assert made(url=url).id == sha256(b"https://harbour.example/a?page=2&id=1").hexdigest()[:32]
    assert made(url=url).url == url


def test_other_pages_have_other_ids() -> None:
    urls = [
        "https://a.example/a?b=1&c=2",
        "https://a.example/a?c=2&b=1",
        "http://a.example/a?b=1&c=2",
        "https://a.example/A",
    ]
    assert len({made(url=url).id for url in urls}) == len(urls)


def test_without_an_address_source_title_and_date_make_the_id() -> None:
    first = made(source="Post", published_at="2024-11-15T08:00:00Z")
    assert made(source=" Post", published_at="2024-11-15T09:00:00+01:00", body="Edited.").id == first.id
    others = [made(source="Post"), made(published_at="2024-11-15T08:00:00Z"), made(source="Post", title="Other")]
    assert len({first.id, *(other.id for other in others)}) == 4


def test_the_id_of_an_article_from_the_future_does_not_change_when_its_day_comes() -> None:
    record = {"title": "Eclipse", "published_at": "2026-08-12T17:00:00Z"}
    assert article_from(record, seen_at=NOW).id == article_from(record, seen_at=parse("2026-08-13")).id


@pytest.mark.parametrize(
    "text", ["javascript:alert(1)", "ftp://a.example/", "/path", "http://", "https://[::1", "http://a:b/", "http:// a"]
)
def test_what_is_not_a_web_address_is_no_link(text: str) -> None:
    assert made(url=text).url is None


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2024-11-14", "2024-11-14T00:00:00Z"),
        ("2024-11-14T11:29:56.312Z", "2024-11-14T11:29:56.312Z"),
        ("2024-11-14 11:29", "2024-11-14T11:29:00Z"),
        ("Thu, 14 Nov 2024 06:29:56 EST", "2024-11-14T11:29:56Z"),
        ("14 Nov 2024 11:29:56 -0000", "2024-11-14T11:29:56Z"),
        ("1815-06-22", "1815-06-22T00:00:00Z"),
    ],
)
def test_dates_as_publishers_write_them(written: str, read: str) -> None:
    assert made(published_at=written).published_at == parse(read)


@pytest.mark.parametrize(
    "written",
    [
        "9999-12-31T23:59:59Z",
        "9999-12-31T23:59:59-12:00",
        "Fri, 31 Dec 9999 23:59:59 -1200",
        "0001-01-01",
        "0001-01-01T00:00:00+12:00",
        "1601-01-01T00:00:00Z",
        "yesterday",
        "",
        1731583796,
        None,
        "2024-13-40",
        "Thu, 99 Nov 2024",
    ],
)
def test_impossible_dates_are_none_and_fall_back_to_when_it_was_seen(written: object) -> None:
    article = made(published_at=written)
    assert (article.published_at, article.ranked_at) == (None, NOW)


def test_a_future_date_is_kept_but_does_not_rank() -> None:
    article = made(published_at="2024-11-20T00:00:00Z")
    assert article.published_at == parse("2024-11-20")
    assert article.ranked_at == NOW


def test_seen_at_of_a_record_counts_under_replay_only() -> None:
    record = {"title": "Old", "published_at": "2024-01-01", "seen_at": "2024-01-02"}
    assert article_from(record, seen_at=NOW).seen_at == NOW
    replayed = article_from(record, seen_at=NOW, replay=True)
    assert (replayed.seen_at, replayed.ranked_at) == (parse("2024-01-02"), parse("2024-01-01"))


def test_replay_sees_an_article_when_it_was_published_but_not_after_now() -> None:
    assert article_from({"title": "Old", "published_at": "2024-01-01"}, seen_at=NOW, replay=True).seen_at == parse(
        "2024-01-01"
    )
    ahead = article_from({"title": "Ahead", "published_at": "2024-12-24"}, seen_at=NOW, replay=True)
    assert (ahead.seen_at, ahead.ranked_at) == (NOW, NOW)


def test_replay_gives_undated_records_the_last_date_before_them_in_their_file() -> None:
    normaliser = Normaliser(replay=True)
    records = [
        Found("a", 1, {"title": "undated, first of its file"}),
        Found("a", 2, {"title": "dated", "published_at": "2024-01-01"}),
        Found("a", 3, {"title": "undated"}),
        Found("b", 1, {"title": "undated, first of another file"}),
    ]
    articles = [normaliser.article(record, NOW) for record in records]
    assert [article.seen_at for article in articles] == [NOW, parse("2024-01-01"), parse("2024-01-01"), NOW]
    assert [article.published_at for article in articles] == [None, parse("2024-01-01"), None, None]


def test_a_title_alone_or_a_text_alone_is_an_article() -> None:
    assert made().body == ""
    untitled = article_from({"body": "The quay was full. " * 20}, seen_at=NOW)
    assert untitled.title.startswith("The quay was full.")
    assert untitled.title.endswith("…")
    assert len(untitled.title) <= 101


@pytest.mark.parametrize(
    "fields", [{}, {"title": ""}, {"title": " \x00\n", "body": None, "summary": " "}, {"url": "https://a.example/"}]
)
def test_nothing_to_read_is_no_article(fields: dict[str, object]) -> None:
    with pytest.raises(InvalidArticle, match="no text"):
        article_from(fields, seen_at=NOW)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"title": 7}, "title is a number, not text"),
        ({"title": True}, "title is true or false, not text"),
        ({"body": ["a"]}, "body is a list, not text"),
        ({"section": {}}, "section is an object, not text"),
        ({"labels": [1]}, "labels is a number, not text"),
        ({"authors": {"name": "Jane"}}, "authors is an object, not text"),
        ({"body": "x" * 50_000_000}, "body is too large: 50,000,000 characters, more than 5,000,000"),
        ({"section": "x" * 201}, "section is too large: 201 characters, more than 200"),
        ({"labels": ["x"] * 101}, "labels has 101 values, more than 100"),
    ],
)
def test_refusals_say_why(fields: dict[str, object], said: str) -> None:
    assert reason(**fields) == said


def test_what_cannot_be_printed_goes() -> None:
    article = made(title="a\x00b\ud800c\u0085d", body="\x1b[31mred\x07\n\n\ttab")
    assert (article.title, article.body) == ("abcd", "[31mred\n\n\ttab")


def test_without_a_source_the_host_stands_in() -> None:
    assert made(url="https://www.Harbour.example/a").source == "harbour.example"
    assert made().source is None


@pytest.mark.parametrize(
    ("label", "name"), [("us", "U.S."), (" World News ", "World"), ("Regatta", "Regatta"), ("", None), (None, None)]
)
def test_sections_have_one_name(label: str | None, name: str | None) -> None:
    assert made(section=label).section == name


@pytest.mark.parametrize(
    ("tag", "language"), [("en-GB", "en"), ("DE", "de"), ("zh_Hant", "zh"), ("english", None), ("", None)]
)
def test_languages_are_primary_subtags(tag: str, language: str | None) -> None:
    assert made(language=tag).language == language


@given(st.dictionaries(NAMES, JSON), st.booleans())
def test_any_record_is_an_article_or_a_reason(fields: dict[str, Any], replay: bool) -> None:  # noqa: FBT001 - hypothesis
    try:
        article = article_from(fields, seen_at=NOW, replay=replay)
    except InvalidArticle:
        return
    assert article.title
    assert article.seen_at <= NOW
    assert article.ranked_at == min(
        article.seen_at, article.published_at if article.published_at is not None else sys.maxsize
    )
    assert article.id.isascii()
    (article.title + article.summary + article.body + "".join(article.labels)).encode()


@given(st.integers(min_value=-400 * 365 * DAY, max_value=400 * DAY))
def test_under_any_date_an_article_ranks_no_later_than_it_was_seen(offset: int) -> None:
    at = (NOW + offset) // HOUR * HOUR
    fields = {"title": "x", "published_at": to_text(at)}
    article = article_from(fields, seen_at=NOW, replay=True)
    assert article.ranked_at <= article.seen_at <= NOW
