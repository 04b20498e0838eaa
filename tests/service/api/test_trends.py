"""What matters now, over HTTP."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import feedparser  # type: ignore[import-untyped]
import httpx
import pytest

from indexer.times import MINUTE
from service.answers.questions import ask
from service.answers.trend_questions import TrendingArticlesQuestion
from service.answers.trends import trends_articles
from tests.service.api.served import AUTHORISED, DOE, NOW, article, articles, ids, open_filled, problem, served

ISW_ID = "organisation:institute-for-the-study-of-war"
ENVELOPE = {"items", "as_of", "data_as_of", "fallback", "collection", "parameters", "algorithm"}


def test_trending_names_have_the_documented_shape(api: httpx.Client) -> None:
    answer = api.get("/v1/trends/entities?explain=true").json()
    assert set(answer) == ENVELOPE
    assert answer["as_of"] == "2024-11-14T12:34:00.000Z"
    assert answer["fallback"] is None
    assert answer["algorithm"] == "decayed-excess/3"
    assert answer["parameters"] == {
        "section": None,
        "type": None,
        "half_life": "10h",
        "baseline_half_life": "14d",
        "novelty": 1.0,
        "min_sources": None,
        "diversity": 0.2,
        "limit": 10,
    }
    first = answer["items"][0]
    assert first["rank"] == 1
    assert first["entity"] == {"id": ISW_ID, "name": "Institute for the Study of War", "type": "organisation"}
    assert (first["status"], first["explain"]["since"]) == ("new", "2024-11-14T11:00:00.000Z")
    # kursk-0 came after the whole minute that the answer is for.
    assert (first["articles"], first["sources"], first["first_seen"]) == (7, 7, "2024-11-14T10:14:56.789Z")
    assert len(first["evidence"]) == 3
    assert "body" not in first["evidence"][0]
    assert set(first["explain"]) == {"now", "typical", "expected", "lift", "z", "half_life", "since", "demoted_by"}
    assert first["explain"]["half_life"] == "10h"


def test_trending_articles_have_the_documented_shape(api: httpx.Client) -> None:
    answer = api.get("/v1/trends/articles?explain=true&section=World").json()
    assert set(answer) == ENVELOPE
    assert (answer["parameters"]["section"], answer["parameters"]["type"]) == ("World", None)
    first = answer["items"][0]
    assert first["article"]["id"] == "kursk-1"
    assert set(first) == {
        "rank", "article", "score", "status", "articles", "sources", "first_seen", "evidence", "explain",
    }  # fmt: skip


@pytest.mark.parametrize("what", ["entities", "stories", "articles"])
def test_reasons_are_given_when_asked_for(api: httpx.Client, what: str) -> None:
    items = api.get(f"/v1/trends/{what}").json()["items"]
    assert items
    assert all("explain" not in item for item in items)


def test_trends_take_their_parameters(api: httpx.Client) -> None:
    def listed(query: str) -> list[str]:
        return [item["entity"]["id"] for item in api.get(f"/v1/trends/entities?{query}").json()["items"]]

    assert listed("") == [ISW_ID, "place:kursk"]
    assert listed("type=place") == ["place:kursk"]
    assert listed("limit=1") == [ISW_ID]
    assert "person:jane-doe" in listed("novelty=0&half_life=2d&min_sources=1")
    assert listed("section=Politics") == [ISW_ID, "place:kursk"]
    assert api.get("/v1/trends/entities?half_life=90m").json()["parameters"]["half_life"] == "90m"


def test_trends_as_of_another_moment(api: httpx.Client) -> None:
    answer = api.get("/v1/trends/entities?as_of=2024-11-14T11:00:00Z&novelty=0").json()
    assert (answer["as_of"], answer["data_as_of"]) == ("2024-11-14T11:00:00.000Z", "2024-11-14T10:54:56.789Z")
    assert answer["items"][0]["articles"] == 3
    future = api.get("/v1/trends/entities?as_of=2025-01-01").json()
    assert future["as_of"] == "2024-11-14T12:34:56.789Z"


def test_a_list_of_nothing_unusual_falls_back_to_volume(api: httpx.Client) -> None:
    answer = api.get("/v1/trends/entities?section=Home&half_life=3d").json()
    assert answer["fallback"] == "volume"
    assert {item["entity"]["id"] for item in answer["items"]} == {"other:storm-ophelia", "person:jane-doe"}
    nothing = api.get("/v1/trends/entities?section=Nowhere").json()
    assert (nothing["items"], nothing["fallback"]) == ([], "latest")


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("half_life=8", "half_life"),
        ("half_life=0h", "half_life"),
        ("half_life=59m", "half_life"),
        ("half_life=8d", "half_life"),
        ("baseline_half_life=1h", "baseline_half_life"),
        ("novelty=2", "novelty"),
        ("novelty=nan", "novelty"),
        ("limit=0", "limit"),
        ("as_of=soon", "as_of"),
        ("section=World&section=Home", "section"),
        ("halflife=8h", "halflife"),
        ("min_sources=0", "min_sources"),
        ("diversity=1.1", "diversity"),
        ("format=atom", "format"),
    ],
)
def test_trends_refuse_what_a_parameter_cannot_be(api: httpx.Client, query: str, parameter: str) -> None:
    for what in ("entities", "stories", "articles"):
        assert problem(api.get(f"/v1/trends/{what}?{query}"), 400)["parameter"] == parameter


@pytest.mark.parametrize("what", ["articles", "stories"])
def test_only_names_have_types(api: httpx.Client, what: str) -> None:
    assert problem(api.get(f"/v1/trends/{what}?type=place"), 400)["parameter"] == "type"


def test_trends_say_503_until_they_are_loaded(tmp_path_factory: pytest.TempPathFactory) -> None:
    newsroom = open_filled(tmp_path_factory.mktemp("loading") / "store", [article("a", NOW, "A", entities=(DOE,))])
    newsroom.trends.start = lambda: None  # type: ignore[method-assign]
    with served(newsroom, ready=False) as client:
        for what in ("entities", "stories", "articles"):
            answer = client.get(f"/v1/trends/{what}")
            assert problem(answer, 503)["detail"] == "Trends are being loaded from the store."
            assert answer.headers["retry-after"] == "2"
        assert "trends: " in problem(client.get("/readyz"), 503)["detail"]
        assert client.get("/v1/search").json()["data_as_of"] == "2024-11-14T12:34:56.789Z"
        assert ids(client.get("/v1/latest")) == ["a"]


def test_ranks_have_no_gap_where_an_article_was_deleted_a_moment_ago(tmp_path: Path) -> None:
    stored = [article(f"a{number}", NOW - (number + 1) * MINUTE, f"News {number}") for number in range(3)]
    newsroom = open_filled(tmp_path / "store", stored)
    newsroom.load_trends()
    newsroom.trends.stop()
    question = ask(TrendingArticlesQuestion, {"min_sources": 1, "novelty": 0})
    listed = [item.article.id for item in trends_articles(newsroom, question).items]
    newsroom.store.delete([listed[0]])
    left = trends_articles(newsroom, question).items
    assert [(item.rank, item.article.id) for item in left] == [(1, listed[1]), (2, listed[2])]


@pytest.fixture(scope="module")
def stories(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """The newsroom whose articles about Kursk are one story, and those about storms another."""
    grouped = [replace(one, story="kursk-7" if one.id.startswith("kursk") else "storm-29") for one in articles()]
    with served(open_filled(tmp_path_factory.mktemp("stories") / "store", grouped)) as client:
        yield client


def test_a_story_is_called_the_same_in_a_list_and_on_its_own(stories: httpx.Client) -> None:
    listed = stories.get("/v1/trends/stories?min_sources=1&novelty=0&limit=100&as_of=2024-11-14T12:35").json()["items"]
    assert listed
    for item in listed:
        assert stories.get(f"/v1/stories/{item['story']['id']}").json()["title"] == item["story"]["title"]


def test_trending_stories_have_the_documented_shape(stories: httpx.Client) -> None:
    answer = stories.get("/v1/trends/stories?explain=true").json()
    assert set(answer) == ENVELOPE
    assert (answer["algorithm"], answer["fallback"]) == ("story-p75/2", None)
    assert answer["collection"] == {"state": "ok", "since": "2024-11-14T12:14:56.789Z"}
    (first,) = answer["items"]
    assert first["story"] == {"id": "kursk-7", "title": first["evidence"][0]["title"]}
    assert [one["id"] for one in first["entities"]] == [ISW_ID, "place:kursk"]
    assert (first["articles"], first["sources"], first["status"]) == (7, 7, "new")
    assert len({one["source"] for one in first["evidence"]}) == 3


def test_trending_articles_represent_stories(stories: httpx.Client) -> None:
    answer = stories.get("/v1/trends/articles").json()
    story = stories.get("/v1/trends/stories").json()["items"][0]
    (first,) = answer["items"]
    assert answer["algorithm"] == "story-p75/2"
    assert first["article"] == story["evidence"][0]
    assert (first["score"], first["articles"]) == (story["score"], story["articles"])


def test_while_nothing_is_grouped_articles_are_ranked_by_themselves(api: httpx.Client) -> None:
    assert api.get("/v1/trends/articles").json()["algorithm"] == "fresh-names/1"
    lonely = api.get("/v1/trends/stories").json()
    assert lonely["fallback"] == "latest"
    assert [item["story"]["id"] for item in lonely["items"]][:2] == ["kursk-1", "kursk-2"]
    assert len(lonely["items"]) == 10


@pytest.mark.parametrize("what", ["entities", "stories", "articles"])
def test_every_list_is_also_a_feed(stories: httpx.Client, what: str) -> None:
    items = stories.get(f"/v1/trends/{what}").json()["items"]
    rss = stories.get(f"/v1/trends/{what}?format=rss")
    assert rss.headers["content-type"].startswith("application/rss+xml")
    assert rss.headers["etag"].startswith('W/"')
    read = feedparser.parse(rss.content)
    assert (read.bozo, read.feed.title, len(read.entries)) == (
        False, f"dateline: Trending {what.replace('entities', 'names')}", len(items),
    )  # fmt: skip
    feed = stories.get(f"/v1/trends/{what}?format=jsonfeed").json()
    assert [one["title"] for one in feed["items"]] == [one.title for one in read.entries]
    if what == "entities":
        assert [one["id"] for one in feed["items"]] == [item["entity"]["id"] for item in items]
        assert stories.get(feed["items"][0]["url"], headers={"Accept": "text/html"}).status_code == 200
    if what == "stories":
        assert [one["id"] for one in feed["items"]] == [item["story"]["id"] for item in items]
        assert [one["title"] for one in feed["items"]] == [item["story"]["title"] for item in items]
        assert [one["url"] for one in feed["items"]] == [item["evidence"][0]["url"] for item in items]


def test_an_item_that_is_like_a_better_one_says_so(api: httpx.Client) -> None:
    answer = api.get("/v1/trends/entities?explain=true&novelty=0&min_sources=1&half_life=2d&diversity=0.9").json()
    order = {item["entity"]["id"]: item["explain"]["demoted_by"] for item in answer["items"]}
    assert next(iter(order)) == ISW_ID
    assert order["place:kursk"] == ISW_ID
    assert order[list(order)[1]] is None


def test_a_status_says_since_when(api: httpx.Client) -> None:
    (kursk,) = (
        item
        for item in api.get("/v1/trends/entities?explain=true&as_of=2024-11-14T12:10:00Z").json()["items"]
        if item["entity"]["id"] == "place:kursk"
    )
    assert kursk["explain"]["since"] == "2024-11-14T11:00:00.000Z"


@pytest.mark.parametrize(("half_life", "fallback"), [("8h", "wider:72h"), ("2h", "wider:54h")])
def test_a_quiet_section_looks_further_back(api: httpx.Client, half_life: str, fallback: str) -> None:
    answer = api.get(f"/v1/trends/entities?section=Home&half_life={half_life}&limit=3").json()
    assert answer["items"]
    assert (answer["fallback"], answer["parameters"]["half_life"]) == (fallback, half_life)


def test_what_editors_pin_or_hide_is_where_they_put_it(writing: httpx.Client) -> None:
    said = {"who": "jane", "why": "for a test", "list": "entities", "until": "2024-11-15"}
    asked = "/v1/trends/entities?novelty=0&min_sources=1&half_life=2d&explain=true"
    before = [item["entity"]["id"] for item in writing.get(asked).json()["items"]]
    for decision in ({"act": "pin", "item": "person:jane-doe", "position": 1}, {"act": "hide", "item": before[0]}):
        assert writing.post("/v1/pins", json=said | decision, headers=AUTHORISED).is_success
    items = writing.get(f"{asked}&limit=2&as_of=2024-11-14T12:34:56.789Z").json()["items"]
    assert [(item["rank"], item["entity"]["id"]) for item in items] == [(1, "person:jane-doe"), (2, before[1])]
    assert items[0]["pinned_by"] == {
        "number": 1, "who": "jane", "why": "for a test", "until": "2024-11-16T00:00:00.000Z",
    }  # fmt: skip
    assert "pinned_by" not in items[1]
