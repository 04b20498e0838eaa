"""What is like an article, what is about a name, and when there was how much of it."""

from typing import Any

import httpx
import pytest

from tests.service.api.served import ids, problem

KURSK = [f"kursk-{number}" for number in range(8)]


def test_similar_articles_are_others_with_its_words_and_names(api: httpx.Client) -> None:
    answer = api.get("/v1/articles/kursk-3/similar?limit=5").json()
    assert set(answer) == {"items", "as_of", "data_as_of"}
    assert len(answer["items"]) == 5
    assert all(set(item) == {"article", "score"} for item in answer["items"])
    scores = [item["score"] for item in answer["items"]]
    assert scores == sorted(scores, reverse=True)
    assert min(scores) > 0
    assert {item["article"]["id"] for item in answer["items"]} <= {*KURSK} - {"kursk-3"}
    assert "body" not in answer["items"][0]["article"]


def test_similar_articles_can_be_narrowed_down(api: httpx.Client) -> None:
    def similar(**parameters: Any) -> set[str]:
        answer = api.get("/v1/articles/kursk-3/similar", params={"limit": 100, **parameters})
        return {item["article"]["id"] for item in answer.json()["items"]}

    assert similar(section="World") & {*KURSK} == {"kursk-1", "kursk-5", "kursk-7"}
    assert similar(source=["wire0.example", "wire5.example"]) == {"kursk-0", "kursk-5"}
    assert similar(lang="de") <= {"essen"}
    assert similar(to="2024-11-14T10:20:00Z") & {*KURSK} == {"kursk-7"}
    assert problem(api.get("/v1/articles/nope/similar"), 404)["detail"] == "There is no article 'nope'."
    assert problem(api.get("/v1/articles/kursk-3/similar?q=troops"), 400)["parameter"] == "q"


def test_the_articles_about_a_name_are_those_of_a_search_for_it(api: httpx.Client) -> None:
    answer = api.get("/v1/entities/place:kursk/articles?page_size=5")
    searched = api.get("/v1/search?entity=place:kursk&page_size=5&sort=newest").json()
    assert ids(answer) == KURSK[:5]
    assert {**answer.json(), "took_ms": 0} == {**searched, "took_ms": 0}
    rest = api.get("/v1/entities/place:kursk/articles", params={"page_size": 5, "cursor": answer.json()["cursor"]})
    assert ids(rest) == KURSK[5:]
    assert rest.json()["cursor"] is None
    other = api.get("/v1/entities/person:jane-doe/articles", params={"page_size": 5, "cursor": answer.json()["cursor"]})
    assert problem(other, 400)["parameter"] == "cursor"


def test_the_articles_about_a_name_by_section_time_and_order(api: httpx.Client) -> None:
    def about(parameters: str) -> list[str]:
        return ids(api.get(f"/v1/entities/place:kursk/articles?{parameters}"))

    assert about("sort=oldest") == KURSK[::-1]
    assert about("section=World") == KURSK[1::2]
    assert about("from=2024-11-14T11:00:00Z&to=2024-11-14T12:00:00Z") == KURSK[2:5]
    assert about("to=2024-11-13") == []
    (first, *_) = api.get("/v1/entities/place:kursk/articles?fields=body").json()["hits"]
    assert first["article"]["body"]
    assert (
        problem(api.get("/v1/entities/place:nowhere/articles"), 404)["detail"] == "There is no entity 'place:nowhere'."
    )
    assert problem(api.get("/v1/entities/place:kursk/articles?sort=fresh"), 400)["parameter"] == "sort"


@pytest.mark.parametrize(
    ("form", "media_type"), [("rss", "application/rss+xml"), ("jsonfeed", "application/feed+json")]
)
def test_the_articles_about_a_name_come_as_feeds(api: httpx.Client, form: str, media_type: str) -> None:
    answer = api.get(f"/v1/entities/place:kursk/articles?format={form}")
    assert answer.headers["content-type"] == media_type
    assert all(title in answer.text for title in ("Troops in Kursk 0", "Troops in Kursk 7"))


def test_a_timeline_counts_the_articles_of_a_search(api: httpx.Client) -> None:
    answer = api.get("/v1/timeline?q=kursk+galway&match=any&interval=day&from=2024-11-12&to=2024-11-14").json()
    assert set(answer) == {"as_of", "data_as_of", "interval", "tz", "buckets", "query"}
    assert answer["query"]["read_as"] == "kursk OR galway"
    assert [(one["articles"], one["all"], one["incomplete"]) for one in answer["buckets"]] == [
        (1, 2, False), (1, 1, False), (9, 9, True),
    ]  # fmt: skip
    assert answer["buckets"][0]["share"] == 0.5
    whole = api.get("/v1/timeline?q=storm").json()["buckets"]
    assert (len(whole), sum(one["articles"] for one in whole)) == (30, 30)


def test_the_share_is_of_what_is_in_the_same_sections_sources_and_languages(api: httpx.Client) -> None:
    def last(parameters: str) -> tuple[int, int]:
        (*_, bucket) = api.get(f"/v1/timeline?{parameters}").json()["buckets"]
        return bucket["articles"], bucket["all"]

    assert last("") == (9, 9)
    assert last("q=kursk") == (8, 9)
    assert last("entity=place:kursk") == (8, 9)
    assert last("q=kursk&section=World") == (4, 4)
    assert last("section=Home&entity=place:kursk") == (0, 1)
    assert last("lang=de") == (0, 0)
    assert last("q=kursk&source=wire1.example&source=harbour.example") == (1, 2)


def test_a_timeline_reads_a_query_as_a_search_does(api: httpx.Client) -> None:
    assert api.get("/v1/timeline", params={"q": "kursk galway"}).json()["query"]["relaxed"]
    lenient = api.get("/v1/timeline", params={"q": 'kursk "'}).json()
    assert lenient["query"]["lenient"]
    assert lenient["buckets"][-1]["articles"] == 8
    assert problem(api.get("/v1/timeline", params={"q": 'kursk "', "strict": "true"}), 400)["column"] == 7
    # Whether any words count is a matter of the whole search, not of the days shown.
    early = api.get("/v1/timeline", params={"q": "galway kursk", "to": "2024-11-01"}).json()
    assert early["query"] == api.get("/v1/search", params={"q": "galway kursk", "to": "2024-11-01"}).json()["query"]


def test_a_timeline_in_a_zone_and_as_csv(api: httpx.Client) -> None:
    path = "/v1/timeline?q=kursk&from=2024-11-13&to=2024-11-14&tz=Asia/Tokyo"
    answer = api.get(f"{path}&format=csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.text.splitlines() == [
        "start,end,articles,all,share,incomplete",
        "2024-11-12T15:00:00.000Z,2024-11-13T15:00:00.000Z,0,1,0.0,false",
        "2024-11-13T15:00:00.000Z,2024-11-14T15:00:00.000Z,8,9,0.8888888888888888,true",
    ]
    assert problem(api.get("/v1/timeline?interval=hour&from=2020-01-01"), 400)["parameter"] == "interval"
