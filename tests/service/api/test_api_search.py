"""`GET /v1/search`: the sentences of docs/api.md, over a real server and a real store."""

import json
from typing import Any
from urllib.parse import urlencode

import feedparser  # type: ignore[import-untyped]
import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.times import DAY, to_text
from tests.service.api.served import AUTHORISED, NOW, ids, problem

KURSK = [f"kursk-{number}" for number in range(8)]
REAL_REQUESTS = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def search(api: httpx.Client, **parameters: Any) -> httpx.Response:
    return api.get(
        "/v1/search", params={{"from_": "from"}.get(name, name): value for name, value in parameters.items()}
    )


def test_has_the_documented_shape(api: httpx.Client) -> None:
    answer = search(api, q="kursk troops", facet="section", highlight="true", page_size=1).json()
    assert set(answer) == {"total", "hits", "facets", "cursor", "query", "as_of", "data_as_of", "took_ms"}
    assert answer["total"] == {"value": 8, "exact": True}
    assert answer["query"] == {
        "read_as": "kursk AND troops",
        "lenient": False,
        "relaxed": False,
        "problem": None,
        "entity": None,
    }
    assert answer["as_of"] == "2024-11-14T12:34:56.789Z"
    assert answer["data_as_of"] == "2024-11-14T12:34:56.789Z"
    assert answer["took_ms"] > 0
    (hit,) = answer["hits"]
    assert set(hit) == {"article", "score", "highlights"}
    assert hit["score"] > 0


def test_shows_articles_without_their_bodies(api: httpx.Client) -> None:
    (hit,) = search(api, q='"report 3"').json()["hits"]
    entities = hit["article"].pop("entities")
    assert hit["article"] == {
        "id": "kursk-3",
        "url": "https://wire3.example/kursk?a=1&b=3",
        "title": "Troops in Kursk 3",
        "summary": "Troops have reached the region.",
        "section": "World",
        "labels": ["Russia", "Ukraine"],
        "source": "wire3.example",
        "refs": ["ANSA"],
        "authors": ["Jane Doe"],
        "language": "en",
        "published_at": "2024-11-14T11:34:56.789Z",
        "seen_at": "2024-11-14T11:34:56.789Z",
        "story": None,
    }
    assert entities == [
        {"id": "place:kursk", "name": "Kursk", "short": None, "type": "place", "count": 2},
        {
            "id": "organisation:institute-for-the-study-of-war",
            "name": "Institute for the Study of War",
            "short": "ISW",
            "type": "organisation",
            "count": 1,
        },
    ]
    assert "highlights" not in hit


def test_shows_bodies_where_they_are_asked_for(api: httpx.Client) -> None:
    (hit,) = search(api, q='"report 3"', fields="body").json()["hits"]
    whole = api.get("/v1/articles/kursk-3").json()
    assert hit["article"] == whole
    assert whole["body"] == "The troops reached Kursk, the Institute for the Study of War (ISW) said. Report 3."
    (empty,) = search(api, lang="de", fields="body").json()["hits"]
    assert empty["article"]["body"] == ""


def test_without_words_the_newest_come_first(api: httpx.Client) -> None:
    for parameters in ({}, {"q": "  "}, {"q": "", "sort": "relevance"}):
        answer = search(api, **parameters)
        assert ids(answer)[:3] == KURSK[:3]
        assert answer.json()["total"]["value"] == 39
        assert {hit["score"] for hit in answer.json()["hits"]} == {None}


def test_sorts(api: httpx.Client) -> None:
    assert ids(search(api, q="kursk", sort="newest")) == KURSK
    assert ids(search(api, q="kursk", sort="oldest")) == KURSK[::-1]
    scores = [hit["score"] for hit in search(api, q="troops reach", match="any").json()["hits"]]
    assert scores == sorted(scores, reverse=True)


def test_repeating_a_filter_is_or_and_different_ones_are_and(api: httpx.Client) -> None:
    assert len(ids(search(api, section=["World", "Politics"], page_size=50))) == 8
    assert ids(search(api, section=["World", "Politics"], source="wire3.example")) == ["kursk-3"]
    assert ids(search(api, section="World", source="wire2.example")) == []
    assert ids(search(api, lang="de")) == ["essen"]
    assert len(ids(search(api, entity=["place:kursk", "other:storm-ophelia"], page_size=50))) == 38
    assert search(api, entity="place:kursk", section="Home").json()["total"]["value"] == 0


def test_times_are_half_open_on_ranked_time(api: httpx.Client) -> None:
    moment = to_text(NOW - DAY - 3 * 3_600_000)
    assert ids(search(api, from_=moment, to="2024-11-13T10:00:00Z")) == ["storm-1"]
    assert ids(search(api, from_="2024-11-13T09:00:00Z", to=moment)) == []


def test_bare_dates_are_days_of_the_zone(api: httpx.Client) -> None:
    assert ids(search(api, from_="2024-11-13", to="2024-11-13")) == ["storm-1"]
    assert ids(search(api, from_="2024-11-13", to="2024-11-13", tz="Asia/Tokyo")) == ["storm-1"]
    # There, days begin at noon UTC.
    assert ids(search(api, from_="2024-11-13", to="2024-11-13", tz="Etc/GMT+12")) == [*KURSK[2:], "storm-0"]
    assert ids(search(api, from_="2024-11-12", to="2024-11-12", tz="Etc/GMT+12")) == ["storm-1", "essen"]


def test_a_facet_counts_and_keeps_its_other_values_when_one_is_chosen(api: httpx.Client) -> None:
    facets = search(api, facet=["section", "lang", "place"], facet_size=2).json()["facets"]
    assert set(facets) == {"section", "lang", "place"}
    assert facets["section"] == {
        "values": [
            {"value": "Home", "count": 30, "selected": False},
            {"value": "Politics", "count": 4, "selected": False},
        ],
        "more": True,
    }
    assert [(value["value"], value["count"]) for value in facets["lang"]["values"]] == [("en", 38), ("de", 1)]
    assert facets["place"] == {"values": [{"value": "place:kursk", "count": 8, "selected": False}], "more": False}
    chosen = search(api, facet="section", section="World").json()
    assert chosen["total"]["value"] == 4
    assert [(value["value"], value["count"], value["selected"]) for value in chosen["facets"]["section"]["values"]] == [
        ("World", 4, True),
        ("Home", 30, False),
        ("Politics", 4, False),
    ]


def test_highlights_count_code_points(api: httpx.Client) -> None:
    highlights = search(api, q="kursk troop", highlight="true").json()["hits"][0]["highlights"]
    assert highlights["title"] == [[0, 6], [10, 15]]
    (passage,) = highlights["body"]
    assert [passage["text"][start:end] for start, end in passage["marks"]] == ["troops", "Kursk"]


def test_a_summary_stands_in_for_a_body_without_marks(api: httpx.Client) -> None:
    highlights = search(api, q='"reached the region"', highlight="true").json()["hits"][0]["highlights"]
    assert highlights == {"title": [], "body": [{"text": "Troops have reached the region.", "marks": [[12, 30]]}]}


def test_where_no_article_has_all_words_any_count(api: httpx.Client) -> None:
    answer = search(api, q="kursk galway", page_size=50)
    assert answer.json()["query"] == {
        "read_as": "kursk OR galway",
        "lenient": False,
        "relaxed": True,
        "problem": None,
        "entity": None,
    }
    assert len(ids(answer)) == 38
    assert search(api, q="kursk galway", match="any").json()["query"]["relaxed"] is False
    nothing = search(api, q="nowhere").json()
    assert (nothing["hits"], nothing["cursor"], nothing["query"]["relaxed"]) == ([], None, False)


def test_a_broken_query_is_read_as_words_or_refused(api: httpx.Client) -> None:
    answer = search(api, q='troops in kursk "')
    assert answer.json()["query"] == {
        "read_as": "troops AND in AND kursk",
        "lenient": True,
        "relaxed": False,
        "problem": {"detail": "unbalanced quote", "column": 17},
        "entity": None,
    }
    assert len(ids(answer)) == 8
    refused = problem(search(api, q='kursk troops "', strict="true"), 400)
    assert refused == {
        "type": "/problems/invalid-query",
        "title": "The query cannot be read",
        "status": 400,
        "detail": "unbalanced quote",
        "column": 14,
    }


@pytest.mark.parametrize("sort", ["newest", "oldest", "relevance"])
@pytest.mark.parametrize("q", ["", "storm OR kursk", "kursk galway"])
def test_a_walk_gives_everything_once(api: httpx.Client, sort: str, q: str) -> None:
    parameters: dict[str, Any] = {"sort": sort, "q": q, "page_size": 7}
    walked, cursor = [], None
    while True:
        answer = search(api, **parameters, **({"cursor": cursor} if cursor else {}))
        walked += ids(answer)
        assert answer.json()["query"]["relaxed"] == (q == "kursk galway")
        cursor = answer.json()["cursor"]
        if cursor is None:
            break
        assert len(answer.json()["hits"]) == 7
    assert len(walked) == len(set(walked)) == answer.json()["total"]["value"]


def test_a_cursor_is_good_for_its_question_only(api: httpx.Client) -> None:
    cursor = search(api, q="storm").json()["cursor"]
    assert problem(search(api, q="storms", cursor=cursor), 400)["parameter"] == "cursor"
    assert problem(search(api, q="storm", section="Home", cursor=cursor), 400)["parameter"] == "cursor"
    last = ord(cursor[-1])
    for forged in (cursor[:-1] + chr(last ^ 1), cursor[:-1] + chr(last ^ 2), "x", "WzEwLDBd.x", "é"):
        assert problem(search(api, q="storm", cursor=forged), 400)["parameter"] == "cursor"


@pytest.mark.parametrize(
    ("query", "parameter", "detail"),
    [
        ("page_siz=2", "page_siz", "There is no parameter 'page_siz' here; the nearest is 'page_size'."),
        ("from_=2024-11-14", "from_", "the nearest is 'from'."),
        ("Q=storm", "Q", "the nearest is 'q'."),
        ("q=a&q=b", "q", "q is given twice, and can have one value only."),
        ("page_size=0", "page_size", "page_size: Input should be greater than or equal to 1"),
        ("page_size=101", "page_size", "less than or equal to 100"),
        ("page_size=ten", "page_size", "valid integer"),
        ("sort=best", "sort", "'relevance', 'newest', 'oldest' or 'fresh'"),
        ("sort=newest&half_life=7d", "half_life", "half_life: it is for sort=fresh only"),
        ("sort=fresh&half_life=59m", "half_life", "half_life: '59m' is not between 1h and 365d"),
        ("sort=fresh&half_life=366d", "half_life", "half_life: '366d' is not between 1h and 365d"),
        ("sort=fresh&half_life=soon", "half_life", "'soon' is not a duration like 8h, 14d or 90m"),
        ("facet=color", "facet", "'section'"),
        ("fields=title", "fields", "'body'"),
        ("match=none", "match", "'all' or 'any'"),
        ("from=yesterday", "from", "from: 'yesterday' is not a time like 2024-11-14T11:29:56Z or a date"),
        ("to=2024-02-30", "to", "to: '2024-02-30' is not a time"),
        ("to=9999-12-31", "to", "to: '9999-12-31' is out of range"),
        ("to=20241115", "to", "to: '20241115' is not a time"),
        ("from=2024-W46", "from", "from: '2024-W46' is not a time"),
        ("from=0001-01-01", "from", "out of range"),
        ("from=2024-11-15&to=2024-11-13", "to", "to must be later than from"),
        ("from=2024-11-15&tz=Mars/Olympus", "tz", "tz: 'Mars/Olympus' is not a time zone"),
        ("tz=../../etc/passwd&from=2024-11-15", "tz", "is not a time zone"),
        ("format=atom", "format", "'json', 'rss' or 'jsonfeed'"),
    ],
)
def test_refuses_what_a_parameter_cannot_be(api: httpx.Client, query: str, parameter: str, detail: str) -> None:
    refused = problem(api.get(f"/v1/search?{query}"), 400)
    assert refused["type"] == "/problems/invalid-parameter"
    assert refused["parameter"] == parameter
    assert detail in refused["detail"]


def test_blank_parameters_are_not_given(api: httpx.Client) -> None:
    answer = api.get("/v1/search?q=&section=&from=&to=&tz=&sort=&cursor=&page_size=&facet=")
    assert len(ids(answer)) == 10


def test_letters_are_found_however_their_marks_are_written(writing: httpx.Client) -> None:
    composed, apart = "Andr\u00e9", "Andre\u0301"
    posted = {"id": "named", "title": f"{apart} returns", "section": apart}
    writing.post("/v1/articles?refresh=true", json=posted, headers=AUTHORISED)
    for word in (composed, apart, "andre"):
        assert ids(search(writing, q=word, highlight=True)) == ["named"]
    for section in (composed, apart):
        assert ids(search(writing, section=section)) == ["named"]


def test_answers_as_rss(api: httpx.Client) -> None:
    answer = search(api, q="kursk OR essen", sort="newest", format="rss", page_size=50)
    assert answer.headers["content-type"] == "application/rss+xml"
    feed = feedparser.parse(answer.content)
    assert not feed.bozo
    assert feed.version == "rss20"
    assert feed.feed.title == "dateline: Search: kursk OR essen"
    assert [link["href"] for link in feed.feed.links if link["rel"] == "self"] == [str(answer.url)]
    assert [entry.id for entry in feed.entries] == [*KURSK, "essen"]
    assert feed.entries[3].link == "https://wire3.example/kursk?a=1&b=3"
    assert feed.entries[3].published == "Thu, 14 Nov 2024 11:34:56 GMT"
    assert feed.entries[3].summary == "Troops have reached the region."
    assert [tag["term"] for tag in feed.entries[3].tags] == ["World", "Russia", "Ukraine"]
    assert feed.entries[-1].title == "Nachrichten aus Essen & <Umgebung>"
    assert feed.entries[-1].link == str(api.base_url.join("/articles/essen"))


def test_answers_as_json_feed(api: httpx.Client) -> None:
    answer = search(api, q="kursk", sort="newest", format="jsonfeed")
    assert answer.headers["content-type"] == "application/feed+json"
    feed = answer.json()
    assert (feed["version"], feed["feed_url"]) == ("https://jsonfeed.org/version/1.1", str(answer.url))
    assert feed["items"][3] == {
        "id": "kursk-3",
        "url": "https://wire3.example/kursk?a=1&b=3",
        "title": "Troops in Kursk 3",
        "content_text": "Troops have reached the region.",
        "date_published": "2024-11-14T11:34:56.789Z",
        "authors": [{"name": "Jane Doe"}],
        "tags": ["World", "Russia", "Ukraine"],
        "language": "en",
    }


def test_a_json_feed_has_bodies_where_they_are_asked_for(api: httpx.Client) -> None:
    items = search(api, q="kursk OR essen", sort="newest", format="jsonfeed", fields="body").json()["items"]
    assert items[3]["content_text"].endswith("(ISW) said. Report 3.")
    assert items[3]["summary"] == "Troops have reached the region."
    assert items[-1]["content_text"] == ""
    assert "summary" not in items[-1]


@REAL_REQUESTS
@given(st.text(max_size=80) | st.text('ab"“”„«»()- ANDORT:*~\x00\n', max_size=80), st.booleans())
def test_no_query_is_too_strange(api: httpx.Client, q: str, strict: bool) -> None:  # noqa: FBT001
    asked = urlencode({"q": q, "strict": strict, "highlight": True, "facet": "place"}, errors="replace")
    answer = api.get(f"/v1/search?{asked}")
    assert answer.status_code in ({200, 400} if strict else {200}), answer.text
    json.loads(answer.content)


names = st.sampled_from(
    ["section", "source", "lang", "entity", "from", "to", "tz", "sort", "cursor", "page_size", "facet"]
)


@REAL_REQUESTS
@given(st.lists(st.tuples(names | st.text(max_size=5), st.text(max_size=30)), max_size=4))
def test_no_parameter_is_too_strange(api: httpx.Client, parameters: list[tuple[str, str]]) -> None:
    answer = api.get(f"/v1/search?{urlencode(parameters, errors='replace')}")
    assert answer.status_code in {200, 400}, answer.text


@REAL_REQUESTS
@given(st.binary(max_size=30))
def test_no_raw_query_string_is_too_strange(api: httpx.Client, raw: bytes) -> None:
    escaped = "".join(f"%{byte:02x}" for byte in raw)
    for path in (
        f"/v1/search?q={escaped}",
        f"/v1/entities?q={escaped}",
        f"/v1/articles/x{escaped}",
        f"/v1/entities/x{escaped}/timeline",
    ):
        assert api.get(path).status_code in {200, 400, 404}
