import re
from collections import Counter
from html import unescape
from typing import Final
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from tests.service.web.filled import EVIL
from tests.service.web.page import Page, hits, page, total

PATHS: Final = ("/", "/?q=kursk", "/articles/trap", "/articles/n-100", "/entities/place:kursk", "/entities/person:trap")


@pytest.mark.parametrize("path", PATHS)
def test_pages_are_sound_html(client: httpx.Client, path: str) -> None:
    shown = page(client, path)
    assert shown.all("html") == [{"lang": "en"}]
    for once in ("h1", "main"):
        assert len(shown.all(once)) == 1, once
    ids = [attributes["id"] for _, attributes in shown.elements if "id" in attributes]
    assert Counter(ids).most_common(1)[0][1] == 1
    labelled = {attributes["for"] for attributes in shown.all("label")}
    assert all(one["id"] in labelled for one in shown.all("input") if one.get("type") != "hidden")
    pointed = " ".join(one.get("aria-labelledby", "") for _, one in shown.elements).split()
    assert set(pointed) <= set(ids)
    assert all(one["datetime"] for one in shown.all("time"))
    assert "#main" in shown.addresses


@pytest.mark.parametrize("path", PATHS)
def test_pages_hold_nothing_that_runs(client: httpx.Client, path: str) -> None:
    response = client.get(path)
    policy = response.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "script-src 'none'" in policy
    assert "unsafe" not in policy
    shown = Page(response.text)
    assert not {"script", "style", "img", "iframe"} & {tag for tag, _ in shown.elements}
    for _, attributes in shown.elements:
        assert not {name for name in attributes if name == "style" or name.startswith("on")}
    for href in shown.addresses:
        assert urlsplit(href).scheme in {"", "http", "https"}, href


@pytest.mark.parametrize("path", ["/", "/?q=kursk", "/articles/trap", "/entities/person:trap"])
def test_tags_in_records_become_text(client: httpx.Client, path: str) -> None:
    assert EVIL in page(client, path).text


def test_marks_stand_where_the_words_are(client: httpx.Client) -> None:
    text = client.get("/?q=kursk&page_size=20").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; <mark>Kursk</mark> &amp; \U0001f600 co" in text


def test_only_web_addresses_of_an_article_are_links(client: httpx.Client) -> None:
    shown = page(client, "/articles/trap")
    assert "https://ref.example/x?a=1&b=2" in shown.addresses
    assert "javascript:alert(2)" in shown.text
    outward = [one for one in shown.all("a") if one["href"].startswith("http")]
    assert [one["rel"] for one in outward] == ["noopener noreferrer nofollow"]
    assert "https://wire.example/100" in page(client, "/articles/n-100").addresses


def test_an_article_shows_its_parts(client: httpx.Client) -> None:
    shown = page(client, "/articles/n-100")
    for part in (
        "World",
        "Kursk report 100",
        "Summary 100.",
        "Troops stand ready",
        "Trends",
        "Latest",
        "18 minutes ago",
    ):
        assert part in shown.text
    assert shown.link("Institute for the Study of War (ISW)") == "/entities/organisation:institute-for-the-study-of-war"


def test_subheads_of_a_body_are_headings(client: httpx.Client) -> None:
    assert "<h2>A subhead &lt;script&gt;alert(1)&lt;/script&gt;</h2>" not in client.get("/articles/n-100").text
    assert "<p>&lt;img src=x onerror=alert(1)&gt; paragraph about Kursk.</p>" in client.get("/articles/trap").text


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 33),
        ("q=kursk", 13),
        ("q=kursk+galway&match=any", 33),
        ("q=kursk&strict=true", 13),
        ("section=World", 21),
        ("section=World&section=Business", 32),
        ("source=Harbour+Post", 16),
        ("lang=en", 32),
        ("entity=place:kursk", 13),
        ("entity=place:kursk&entity=place:galway", 33),
        ("from=2026-03-12", 13),
        ("to=2026-03-11", 20),
        ("from=2026-03-10&to=2026-03-10", 1),
        ("from=2026-03-12T09:00:00Z", 10),
        ("from=2026-03-12&tz=America/New_York", 13),
        ("sort=oldest", 33),
        ("page_size=3", 33),
        ("facet=lang&facet=entity&facet_size=2", 33),
        ("highlight=false&q=kursk", 13),
        ("q=&from=&to=&utm_source=letter", 33),
    ],
)
def test_every_parameter_of_search_works(client: httpx.Client, query: str, count: int) -> None:
    assert total(page(client, f"/?{query}")) == count


def test_order_and_page_size(client: httpx.Client) -> None:
    assert hits(page(client, "/?sort=oldest&page_size=2")) == ["n-19", "n-18"]
    assert hits(page(client, "/?page_size=1")) == ["trap"]


def test_next_leads_through_all_articles_once(client: httpx.Client) -> None:
    shown, seen = page(client, "/?sort=oldest&page_size=10"), list[str]()
    while True:
        seen += hits(shown)
        if "Next page" not in shown.text:
            break
        shown = page(client, shown.link("Next page"))
        assert "First page" in shown.text
    assert len(seen) == len(set(seen)) == 33


def test_a_facet_value_leads_to_its_count_and_back(client: httpx.Client) -> None:
    shown = page(client, "/?q=kursk")
    label = "Harbour Post 6"
    chosen = page(client, shown.link(label))
    assert total(chosen) == 6
    marked = [one for one in chosen.all("a") if one.get("class") == "selected"]
    assert [one["aria-current"] for one in marked] == ["true"]
    assert "Meridian Wire" in chosen.text
    assert total(page(client, chosen.link("Remove Harbour Post"))) == 13
    assert total(page(client, marked[0]["href"])) == 13


def test_names_in_facets_are_names(client: httpx.Client) -> None:
    shown = page(client, "/?section=World&page_size=1")
    assert shown.link("Institute for the Study of War 8").endswith(
        "entity=organisation%3Ainstitute-for-the-study-of-war"
    )
    assert "Ann Doe" in shown.text


def test_forms_keep_what_is_chosen(client: httpx.Client) -> None:
    shown = page(client, "/?q=kursk&section=World&sort=newest&from=2026-03-01")
    kept = [(one["name"], one["value"]) for one in shown.all("input") if one["type"] == "hidden"]
    assert kept == [
        ("section", "World"), ("sort", "newest"), ("from", "2026-03-01"),
        ("q", "kursk"), ("section", "World"), ("sort", "newest"),
    ]  # fmt: skip
    dates = [(one["name"], one["type"], one["value"]) for one in shown.all("input") if one["name"] in {"from", "to"}]
    assert ("from", "date", "2026-03-01") in dates
    assert ("to", "date", "") in dates


def test_the_reader_hears_of_a_query_that_was_read_leniently(client: httpx.Client) -> None:
    assert "read as plain words" in page(client, '/?q="kursk').text
    assert "The query cannot be read" in page(client, '/?q="kursk&strict=true', 400).text


@pytest.mark.parametrize(
    ("q", "before", "trouble"),
    [('kursk "north', "kursk ", '"'), ("kursk )x", "kursk ", ")"), ("kursk OR", "kursk OR", "\u00a0")],
)
def test_the_reader_sees_where_a_query_is_broken(client: httpx.Client, q: str, before: str, trouble: str) -> None:
    text = client.get("/", params={"q": q}).text
    found = re.search(r'<p class="broken">([^<]*)<mark>([^<]*)</mark>([^<]*)</p>', text)
    assert found is not None
    assert [unescape(part) for part in found.groups()][:2] == [before, trouble]
    assert "read as plain words: kursk" in text


def test_a_query_that_is_a_name_leads_to_its_page(client: httpx.Client) -> None:
    shown = page(client, "/?q=ISW")
    assert shown.link("Institute for the Study of War") == "/entities/organisation:institute-for-the-study-of-war"
    page(client, shown.link("Institute for the Study of War"))
    assert "All about" not in page(client, "/?q=report").text


def test_orders_can_be_switched(client: httpx.Client) -> None:
    def orders(path: str) -> tuple[list[str], list[str]]:
        text = client.get(path).text
        bar = text[text.index('class="sorts"') :].partition("</nav>")[0]
        return re.findall(r">([A-Z][a-z ]+)<", bar), re.findall(r'aria-current="true">([^<]+)<', bar)

    every = ["Best match", "Best and fresh", "Newest", "Oldest"]
    assert orders("/?q=kursk") == (every, ["Best match"])
    assert orders("/?q=kursk&sort=fresh&half_life=2d") == (every, ["Best and fresh"])
    assert orders("/?q=zebra") == (every, ["Best match"])
    assert orders("/?q=after:2026-03-01") == (every, ["Newest"])
    assert orders("/") == (every[2:], ["Newest"])
    fresh = page(client, "/?q=kursk&sort=fresh&half_life=2d")
    for label in ("Best match", "Newest"):
        assert total(page(client, fresh.link(label))) == 13


def test_all_that_was_found_can_be_downloaded(client: httpx.Client) -> None:
    shown = page(client, "/?q=kursk&section=World&sort=fresh&half_life=1d&page_size=2&from=2026-03-01")
    for label, form in (("CSV", "csv"), ("JSON Lines", "jsonl")):
        href = shown.link(label)
        given = [("q", "kursk"), ("section", "World"), ("from", "2026-03-01"), ("format", form)]
        assert (urlsplit(href).path, parse_qsl(urlsplit(href).query)) == ("/v1/export", given)
        assert len(client.get(href).text.splitlines()) == total(shown) + (form == "csv")
    assert "Download" not in page(client, "/?q=zebra").text


def test_the_reader_hears_of_words_that_no_article_has_together(client: httpx.Client) -> None:
    assert "any of them" in page(client, "/?q=kursk+zebra").text


def test_nothing_found_is_a_page(client: httpx.Client) -> None:
    assert "Nothing was found" in page(client, "/?q=zebra").text


def test_the_feed_of_a_search_has_its_parameters(client: httpx.Client) -> None:
    (feed,) = [one["href"] for one in page(client, "/?q=kursk&section=World").all("link") if one["rel"] == "alternate"]
    assert urlsplit(feed).path == "/v1/search"
    assert parse_qsl(urlsplit(feed).query) == [("q", "kursk"), ("section", "World"), ("format", "rss")]


def test_an_entity_page_tells_its_story(client: httpx.Client) -> None:
    shown = page(client, "/entities/place:kursk")
    for part in (
        "Place",
        "13 articles",
        "new",
        "would be usual",
        "Over time",
        "Named together with",
        "Newest articles",
    ):
        assert part in shown.text
    assert "12 Mar 2026: 13 (so far)" in shown.text
    today = "/?entity=place%3Akursk&from=2026-03-12T00%3A00%3A00.000Z&to=2026-03-13T00%3A00%3A00.000Z"
    assert (today, "13") in shown.links
    assert total(page(client, today)) == 13


def test_names_related_to_an_entity_are_those_in_its_articles(client: httpx.Client) -> None:
    shown = page(client, "/entities/place:galway")
    related = shown.text.partition("Share of the articles")[2].partition("Where it is named")[0]
    assert related.split() == ["Articles", "Ann", "Doe", "Person20"]
    (bar,) = [one["aria-label"] for one in shown.all("svg") if one["class"] == "measure"]
    assert bar == "100.0 %"


def test_an_entity_page_says_where_it_is_named(client: httpx.Client) -> None:
    shown = page(client, "/entities/place:galway")
    (href,) = [href for href, count in shown.links if "section=World" in href and "entity=" in href]
    assert total(page(client, href)) == 13


@pytest.mark.parametrize(("interval", "label"), [("hour", "12 Mar 2026, 10:00"), ("week", "week from 9 Mar 2026")])
def test_the_interval_can_be_switched(client: httpx.Client, interval: str, label: str) -> None:
    shown = page(client, "/entities/place:kursk")
    (href,) = [href for href in shown.addresses if f"interval={interval}" in href]
    assert label in page(client, href).text
