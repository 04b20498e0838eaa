"""Stories over HTTP: a story and its articles, searches by story, and what editors decide about stories."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from indexer.article import Article
from indexer.times import DAY, HOUR, MINUTE
from tests.service.api.desk import Desk, at_desk, mention
from tests.service.api.served import ISW, KURSK, NOW, article, ids, problem


def told(number: int, story: str, at: int, **fields: Any) -> Article:
    fields = {"title": f"Troops in Kursk {number}", "body": "The troops reached Kursk.", "section": "World", **fields}
    return article(f"a{number}", NOW - at, grouped=story, story=story, vector=bytes([100, number, 0, 0]), **fields)


def articles() -> Iterator[Article]:
    """A story of five articles, one of two that is over, one of one, and an article that has just come."""
    for number in range(5):
        source = f"wire{number % 2}.example"
        isw = mention("Institute for the Study of War", "organisation")
        mentions = (mention("Kursk", "place"), isw) if number else (mention("Kursk", "place"),)
        yield told(number, "a4", number * HOUR, source=source, mentions=mentions)
    yield told(5, "a6", 3 * DAY, title="Storm over Galway", body="Winds.")
    yield told(6, "a6", 5 * DAY, title="Storm nears Galway", body="Winds.", section="Home")
    yield told(7, "a7", 9 * MINUTE, title="Troops rest")
    yield article("new", NOW, "Troops halt", body="Troops.")


@pytest.fixture(scope="module")
def desk(new_store: Callable[[], str]) -> Iterator[Desk]:
    with at_desk(new_store(), articles()) as desk:
        yield desk


@pytest.fixture
def deciding(new_store: Callable[[], str]) -> Iterator[Desk]:
    with at_desk(new_store(), articles()) as desk:
        yield desk


def asked(desk: Desk, path: str, **parameters: Any) -> Any:
    answer = desk.api.get(f"/v1/{path}", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_story_has_its_articles_sources_names_and_course(desk: Desk) -> None:
    answer = asked(desk, "stories/a4", page_size=3)
    assert (answer["id"], answer["articles"], answer["status"]) == ("a4", 5, "active")
    assert answer["title"] == answer["representative"]["title"]
    assert answer["representative"]["id"] in {f"a{number}" for number in range(5)}
    assert (answer["first_seen"], answer["last_seen"]) == ("2024-11-14T08:34:56.789Z", "2024-11-14T12:34:56.789Z")
    assert answer["sources"] == [{"value": "wire0.example", "articles": 3}, {"value": "wire1.example", "articles": 2}]
    assert [(one["entity"]["id"], one["articles"]) for one in answer["entities"]] == [(KURSK.id, 5), (ISW.id, 4)]
    assert (answer["more"], answer["merged"]) == ([], [])
    assert answer["timeline"]["interval"] == "hour"
    assert [bucket["articles"] for bucket in answer["timeline"]["buckets"]] == [1] * 5
    assert ids_of(answer) == ["a0", "a1", "a2"]
    following = asked(desk, "stories/a4", page_size=3, cursor=answer["cursor"])
    assert (ids_of(following), following["cursor"]) == (["a3", "a4"], None)


def ids_of(story: Any) -> list[str]:
    return [one["id"] for one in story["items"]]


def test_a_story_that_is_over_is_quiet_and_its_course_has_no_gaps(desk: Desk) -> None:
    answer = asked(desk, "stories/a6")
    assert (answer["status"], ids_of(answer)) == ("quiet", ["a5", "a6"])
    counts = [bucket["articles"] for bucket in answer["timeline"]["buckets"]]
    assert (len(counts), sum(counts), counts[0], counts[-1]) == (49, 2, 1, 1)


def test_articles_say_their_story(desk: Desk) -> None:
    assert asked(desk, "articles/a1")["story"] == "a4"
    assert asked(desk, "articles/new")["story"] is None
    lines = desk.api.get("/v1/export?format=csv&story=a6").text.splitlines()
    assert [line.count(",a6,") for line in lines[1:]] == [1, 1]


def test_what_is_no_story_is_not_found(desk: Desk) -> None:
    problem(desk.api.get("/v1/stories/nobody"), 404)
    problem(desk.api.get("/v1/stories/a1"), 404)
    assert problem(desk.api.get("/v1/stories/a4?cursor=x"), 400)["parameter"] == "cursor"
    problem(desk.api.get("/v1/stories/a4?sort=oldest"), 400)


def test_a_search_by_story(desk: Desk) -> None:
    assert ids(desk.api.get("/v1/search?story=a6")) == ["a5", "a6"]
    assert ids(desk.api.get("/v1/search?story=a6&story=a7&section=World")) == ["a7", "a5"]
    assert ids(desk.api.get("/v1/search?q=storm&story=a4")) == []
    everything = sum(one["all"] for one in asked(desk, "timeline", story="a6")["buckets"])
    assert everything == asked(desk, "search")["total"]["value"]
    assert sum(one["articles"] for one in asked(desk, "timeline", story="a6")["buckets"]) == 2


@pytest.mark.parametrize("sort", ["newest", "oldest", "relevance", "fresh"])
def test_a_collapsed_search_shows_each_story_once(desk: Desk, sort: str) -> None:
    found, cursor, pages = list[Any](), "", 0
    while cursor is not None:
        answer = asked(desk, "search", q="troops", sort=sort, collapse="story", page_size=2, cursor=cursor)
        found, cursor, pages = found + answer["hits"], answer["cursor"], pages + 1
        assert answer["total"]["value"] == 7
    stories = {hit["article"]["story"]: hit["story_size"] for hit in found if not hit.get("partial")}
    assert (stories, pages) == ({"a4": 5, "a7": 1, None: 1}, 2)


def test_a_collapsed_search_goes_on_with_stories_that_are_not_there_yet(desk: Desk) -> None:
    hits = asked(desk, "search", q="storm nears", collapse="story", page_size=20)["hits"]
    assert [(hit["article"]["id"], hit.get("partial", False)) for hit in hits] == [("a6", False)]
    problem(desk.api.get("/v1/search?collapse=source"), 400)


def test_merged_stories_are_one_and_the_merged_id_leads_there(deciding: Desk) -> None:
    assert deciding.post("merge", preview=True, entity="story:a6", into="story:a4").json() == {
        "entities": [
            {"id": "story:a6", "name": "Storm over Galway", "type": "story", "short": None},
            {"id": "story:a4", "name": "Troops in Kursk 0", "type": "story", "short": None},
        ],
        "articles": 2,
    }
    deciding.decide("merge", entity="story:a6", into="story:a4")
    deciding.settle()
    answer = asked(deciding, "stories/a4")
    assert (answer["articles"], answer["merged"]) == (7, ["a6"])
    moved = deciding.api.get("/v1/stories/a6?page_size=5")
    assert (moved.status_code, moved.headers["location"]) == (308, "/v1/stories/a4?page_size=5")
    assert asked(deciding, "search", story="a6")["total"]["value"] == 7
    assert asked(deciding, "search", q="story:a6")["total"]["value"] == 7
    assert asked(deciding, "search", q="-story:a6", section="World")["total"]["value"] == 1
    assert "merged into story:a4" in problem(deciding.post("merge", entity="story:a6", into="story:a7"), 409)["detail"]
    deciding.decide("undo", decision=1)
    deciding.settle()
    assert asked(deciding, "stories/a6")["articles"] == 2


def test_articles_are_split_off_by_their_ids_and_an_old_address_leads_back(deciding: Desk) -> None:
    decided = deciding.decide("split", entity="story:a4", names=["a1", "a0"])
    assert (decided["new_entity"], decided["articles"]) == ("story:a1", 2)
    assert not decided.keys() & {"new_name", "type"}
    deciding.settle()
    assert ids_of(asked(deciding, "stories/a1")) == ["a0", "a1"]
    assert asked(deciding, "stories/a4")["articles"] == 3
    assert problem(deciding.post("split", entity="story:a4", names=["a0"]), 409)["decision"]["number"] == 1
    deciding.decide("undo", decision=1)
    deciding.settle()
    assert deciding.api.get("/v1/stories/a1").headers["location"] == "/v1/stories/a4"
    assert [one["standing"] for one in deciding.decisions()["items"]] == [True, False]


@pytest.mark.parametrize(
    ("status", "fields"),
    [
        (404, {"act": "merge", "entity": "story:a4", "into": "story:nobody"}),
        (404, {"act": "split", "entity": "story:a4", "names": ["a5"]}),
        (404, {"act": "split", "entity": "story:a4", "names": ["nobody"]}),
        (400, {"act": "split", "entity": "story:a4", "names": [" "]}),
        (400, {"act": "merge", "entity": "story:a4", "into": "story:a4"}),
        (400, {"act": "merge", "entity": "story:a4", "into": KURSK.id}),
        (400, {"act": "merge", "entity": KURSK.id, "into": "story:a4"}),
        (400, {"act": "hide", "entity": "story:a4"}),
        (400, {"act": "retype", "entity": "story:a4", "type": "other"}),
        (400, {"act": "alias", "entity": "story:a4", "surface": "a5"}),
        (400, {"act": "split", "entity": KURSK.id, "names": ["Kursk"], "new_name": "Kursk"}),
    ],
)
def test_what_cannot_be_decided_about_stories(desk: Desk, status: int, fields: dict[str, Any]) -> None:
    problem(desk.post(**fields), status)


def test_names_and_stories_do_not_get_into_each_others_way(deciding: Desk) -> None:
    jane = mention("a1")
    deciding.arrive(article("named", NOW, "A name", mentions=(jane,)))
    deciding.decide("split", entity="story:a4", names=["a1"])
    deciding.decide("alias", entity=KURSK.id, surface="a1")
    deciding.settle()
    assert ids_of(asked(deciding, "stories/a1")) == ["a1"]
    assert "story:a1" not in {one["entity"]["id"] for one in asked(deciding, "entities", q="a1")["items"]}
    assert asked(deciding, "entities", q="kursk")["items"][0]["entity"]["id"] == KURSK.id
