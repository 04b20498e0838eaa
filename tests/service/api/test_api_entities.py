"""What an entity page is made of, and what editors are suggested."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import httpx
import pytest

from indexer.article import Article
from indexer.times import DAY, HOUR, parse
from nlp.listed import ListedNames
from nlp.mention import Mention
from service.newsroom import Newsroom
from tests.service.api.asking import text_of
from tests.service.api.served import (
    AUTHORISED,
    DOE,
    ISW,
    KEY,
    KURSK,
    NOW,
    STORM,
    article,
    articles,
    fill,
    problem,
    served,
)

STORM_PATH = "/v1/entities/other:storm-ophelia"


def asked(client: httpx.Client, path: str, **parameters: Any) -> Any:
    answer = client.get(path, params={name.rstrip("_"): value for name, value in parameters.items()})
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture(scope="module")
def both_stores(new_store: Callable[[], str]) -> Iterator[httpx.Client]:
    with served(fill(new_store(), articles())) as client:
        yield client


def test_an_entity_has_its_sources_sections_and_languages(both_stores: httpx.Client) -> None:
    answer = asked(both_stores, "/v1/entities/place:kursk")
    assert (answer["articles"], answer["more"]) == (8, [])
    assert answer["sources"] == [{"value": f"wire{number}.example", "articles": 1} for number in range(8)]
    assert answer["sections"] == [{"value": "Politics", "articles": 4}, {"value": "World", "articles": 4}]
    assert answer["languages"] == [{"value": "en", "articles": 8}]
    assert answer["country"] == {"id": "place:russia", "name": "Russia", "type": "place"}
    assert (round(answer["latitude"]), round(answer["longitude"])) == (52, 36)
    assert (answer["hidden"], answer["merged"]) == (None, [])


def test_an_entity_in_one_section_has_what_is_in_it(both_stores: httpx.Client) -> None:
    answer = asked(both_stores, "/v1/entities/place:kursk", section="World")
    assert answer["sections"] == [{"value": "World", "articles": 4}]
    assert [one["value"] for one in answer["sources"]] == [f"wire{number}.example" for number in (1, 3, 5, 7)]


def mention(key: str, *surfaces: str, count: int = 1) -> Mention:
    return Mention(key, "place", count, "body", 0, surfaces)


def test_the_names_seen_are_those_of_the_newest_articles(new_store: Callable[[], str]) -> None:
    stored = [
        article(
            "a", NOW - HOUR, "One", entities=(KURSK,), mentions=(mention("kursk", "Kursk", "KURSK"),), extractor="x/1"
        ),
        article("b", NOW - DAY, "Two", entities=(KURSK,), mentions=(mention("kursk", "Kursk"),), extractor="x/1"),
        article("c", NOW - 2 * DAY, "Three", entities=(KURSK, DOE), mentions=(mention("doe", "Doe"),)),
    ]
    with served(fill(new_store(), stored)) as client:
        assert asked(client, "/v1/entities/place:kursk")["seen"] == {
            "articles": 3,
            "names": [{"name": "Kursk", "articles": 2}, {"name": "KURSK", "articles": 1}],
            "types": [{"type": "place", "articles": 2}],
            "extractors": [{"extractor": "x/1", "articles": 2}, {"extractor": "none", "articles": 1}],
        }


def test_what_belongs_to_a_name_and_why(both_stores: httpx.Client) -> None:
    answer = asked(both_stores, "/v1/entities/place:kursk/related")
    assert (answer["articles"], answer["all"], answer["measure"]) == (8, 39, "log-likelihood ratio")
    (item,) = answer["items"]
    assert item == {
        "entity": {"id": ISW.id, "name": ISW.name, "type": ISW.type, "short": "ISW"},
        "together": 8,
        "articles": 8,
        "expected": 1.641,
        "lift": 4.875,
        "score": 39.58,
    }


def test_what_belongs_to_a_name_by_type_time_section_and_number(both_stores: httpx.Client) -> None:
    def related(**parameters: Any) -> list[tuple[str, int, int]]:
        answer = asked(both_stores, "/v1/entities/place:kursk/related", **parameters)
        return [(item["entity"]["id"], item["together"], answer["all"]) for item in answer["items"]]

    assert related(type="person") == []
    assert related(type="organisation") == [(ISW.id, 8, 39)]
    assert related(from_="2024-11-14T11:30:00Z", to="2024-11-14T12:30:00Z") == []
    assert related(from_="2024-11-12", to="2024-11-14T12:30:00Z") == [(ISW.id, 7, 11)]
    assert related(section=["Home", "World"]) == [(ISW.id, 4, 34)]
    assert related(min_articles=9) == []
    assert problem(both_stores.get("/v1/entities/place:nowhere/related"), 404)["detail"]
    assert problem(both_stores.get("/v1/entities/place:kursk/related?limit=0"), 400)["parameter"] == "limit"


def buckets(client: httpx.Client, path: str, **parameters: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = asked(client, f"{path}/timeline", **parameters)["buckets"]
    assert all(one["end"] == other["start"] for one, other in pairwise(found))
    return found


def hours_of(bucket: dict[str, Any]) -> float:
    return (parse(bucket["end"]) - parse(bucket["start"])) / HOUR


def test_days_are_those_of_the_calendar_when_clocks_change(both_stores: httpx.Client) -> None:
    autumn = buckets(both_stores, STORM_PATH, from_="2024-10-26", to="2024-10-28", tz="Europe/Rome")
    assert [hours_of(one) for one in autumn] == [24, 25, 24]
    assert [one["articles"] for one in autumn] == [1, 1, 1]
    spring = buckets(both_stores, STORM_PATH, from_="2024-03-30", to="2024-04-01", tz="Europe/Rome")
    assert [hours_of(one) for one in spring] == [24, 23, 24]
    assert not any(one["incomplete"] for one in [*autumn, *spring])


def test_the_day_when_clocks_go_back_has_25_hours(both_stores: httpx.Client) -> None:
    found = buckets(both_stores, STORM_PATH, interval="hour", from_="2024-10-27", to="2024-10-27", tz="Europe/Rome")
    assert [hours_of(one) for one in found] == [1] * 25
    assert sum(one["articles"] for one in found) == 1


def test_the_running_hour_day_and_week_are_incomplete(both_stores: httpx.Client) -> None:
    for interval in ("hour", "day", "week"):
        found = buckets(both_stores, STORM_PATH, interval=interval, tz="Asia/Kolkata")
        assert [one["incomplete"] for one in found] == [False] * (len(found) - 1) + [True]
    table = both_stores.get(f"{STORM_PATH}/timeline", params={"format": "csv"}).text.splitlines()
    assert [row.rpartition(",")[2] for row in table[1:]] == ["false"] * 29 + ["true"]


def test_a_timeline_cut_by_from_and_to_is_incomplete_at_its_ends(both_stores: httpx.Client) -> None:
    found = buckets(both_stores, STORM_PATH, from_="2024-11-01T06:00:00Z", to="2024-11-03T09:00:00Z")
    assert [(one["articles"], one["incomplete"]) for one in found] == [(1, True), (1, False), (0, True)]
    assert buckets(both_stores, STORM_PATH, from_="2024-11-20") == []


def test_the_share_of_a_section_is_of_that_section(both_stores: httpx.Client) -> None:
    today = buckets(both_stores, "/v1/entities/place:kursk", section="World")[-1]
    assert (today["articles"], today["all"], today["share"]) == (4, 4, 1.0)
    assert buckets(both_stores, STORM_PATH, section="World")[-1]["all"] == 4


BENCK = Mention("marlo benck", "person", 2, "body", 0, ("Marlo Benck",))
BANCK = Mention("marlo banck", "person", 2, "body", 0, ("Marlo Banck",))
QUIST = Mention("tilda quist", "person", 2, "body", 0, ("Tilda Quist",))
HE = Mention("he", "person", 2, "body", 0, ("He",))
MERGE = "merge~person:marlo-banck~person:marlo-benck"
REFUSED = {"verdict": "refused", "who": "jane", "why": "they are brothers"}
ACCEPTED = {"verdict": "accepted", "who": "jane", "why": "a slip"}


def doubtful(newsroom: Newsroom) -> Iterator[Article]:
    for number, mentions in enumerate([(BENCK, QUIST)] * 4 + [(BANCK, QUIST)] * 2 + [(HE,)] * 2 + [()] * 20):
        written = article(
            f"d-{number}", NOW - number * HOUR, f"About somebody {number}", mentions=mentions, source=str(number)
        )
        yield replace(written, entities=newsroom.names.project(mentions))


@pytest.fixture
def desk(new_store: Callable[[], str]) -> Iterator[httpx.Client]:
    newsroom = fill(new_store(), (), api_key=KEY)
    newsroom.store.write(list(doubtful(newsroom)))
    newsroom.store.refresh()
    with served(newsroom) as client:
        yield client


def suggested(client: httpx.Client, **parameters: str) -> list[str]:
    return [one["id"] for one in asked(client, "/v1/suggestions", **parameters)["items"]]


def until(look: Callable[[], Any]) -> Any:
    """What there is within the second for which names are remembered."""
    end = time.monotonic() + 10
    while not (found := look()) and time.monotonic() < end:
        time.sleep(0.1)
    return found


def say(client: httpx.Client, suggestion_id: str, verdict: object, **more: Any) -> httpx.Response:
    return client.post(f"/v1/suggestions/{suggestion_id}", json=verdict, **({"headers": AUTHORISED} | more))


def test_suggestions_come_with_reasons_evidence_and_the_decision(desk: httpx.Client) -> None:
    assert suggested(desk) == [MERGE, "hide~person:he"]
    assert suggested(desk, kind="junk") == ["hide~person:he"]
    answer = asked(desk, "/v1/suggestions", kind="duplicate")
    assert (answer["read"], answer["refused"]) == (28, 0)
    (item,) = answer["items"]
    assert item["reasons"] == ["one letter differs"]
    assert item["evidence"] == {"articles": 2, "sources": 2, "likeness": 1.0, "together": 0}
    assert [(one["entity"]["name"], one["articles"]) for one in item["entities"]] == [
        ("Marlo Banck", 2),
        ("Marlo Benck", 4),
    ]
    decided = desk.post("/v1/decisions", json={**item["act"], "who": "jane", "why": "a slip"}, headers=AUTHORISED)
    assert decided.status_code == 201, decided.text


def test_what_is_refused_is_not_suggested_again(desk: httpx.Client) -> None:
    answer = say(desk, MERGE, REFUSED)
    assert answer.status_code == 200
    assert answer.json() == {**REFUSED, "id": MERGE, "at": "2024-11-14T12:34:56.789Z", "decision": None}
    assert suggested(desk) == ["hide~person:he"]
    assert asked(desk, "/v1/suggestions")["refused"] == 1
    again = say(desk, "merge~person:marlo-benck~person:marlo-banck", {**REFUSED, "who": "joe"})
    assert (again.json()["id"], again.json()["who"]) == (MERGE, "jane")


BUNCK = Mention("marlo bunck", "person", 2, "body", 0, ("Marlo Bunck",))
BROTHERS = "merge~person:marlo-bunck~person:marlo-benck"
NEXT = "merge~person:marlo-banck~person:marlo-bunck"


@pytest.fixture
def brothers(new_store: Callable[[], str]) -> Iterator[httpx.Client]:
    newsroom = fill(new_store(), (), api_key=KEY)
    others = [article(f"b-{n}", NOW - n, f"Of a brother {n}", mentions=(BUNCK, QUIST)) for n in range(3)]
    newsroom.store.write([*map(newsroom.names.read, others), *doubtful(newsroom)])
    newsroom.store.refresh()
    with served(newsroom) as client:
        yield client


def test_who_refuses_one_merge_is_shown_the_next(brothers: httpx.Client) -> None:
    assert suggested(brothers, kind="duplicate") == [BROTHERS, MERGE]
    say(brothers, MERGE, REFUSED)
    assert suggested(brothers, kind="duplicate") == [BROTHERS, NEXT]
    say(brothers, NEXT, REFUSED)
    assert suggested(brothers, kind="duplicate") == [BROTHERS]


def test_a_refusal_holds_for_what_a_name_is_merged_into(brothers: httpx.Client) -> None:
    say(brothers, NEXT, REFUSED)
    say(brothers, BROTHERS, ACCEPTED)
    assert until(lambda: BROTHERS not in suggested(brothers, kind="duplicate"))
    assert suggested(brothers, kind="duplicate") == []


def test_what_is_accepted_is_decided(desk: httpx.Client) -> None:
    answer = say(desk, MERGE, ACCEPTED).json()
    assert (answer["verdict"], answer["decision"]) == ("accepted", 1)
    (decision,) = asked(desk, "/v1/decisions")["items"]
    assert (decision["act"], decision["who"], decision["why"]) == ("merge", "jane", "a slip")
    assert problem(say(desk, MERGE, ACCEPTED), 409)["decision"]["number"] == 1


def test_a_refusal_can_be_thought_better_of(desk: httpx.Client) -> None:
    say(desk, "hide~person:he", REFUSED)
    say(desk, "hide~person:he", ACCEPTED)
    assert asked(desk, "/v1/suggestions")["refused"] == 0
    hidden = until(lambda: asked(desk, "/v1/entities/person:he")["hidden"])
    assert (hidden["number"], hidden["who"]) == (1, "jane")


def test_the_page_of_a_hidden_name_says_who_hid_it(desk: httpx.Client) -> None:
    say(desk, "hide~person:he", ACCEPTED)
    assert until(lambda: "Hidden by jane (decision 1)" in page_of(desk, "person:he"))


def page_of(client: httpx.Client, entity_id: str) -> str:
    return text_of(client.get(f"/entities/{entity_id}", headers={"Accept": "text/html"}).text)


def test_articles_in_other_languages_say_that_only_listed_names_are_found(new_store: Callable[[], str]) -> None:
    stored = [
        article("de", NOW, "Kursk", entities=(KURSK,), language="de", extractor=ListedNames.name),
        article("en", NOW - DAY, "Kursk", entities=(KURSK,), language="en", extractor="x/1"),
    ]
    with served(fill(new_store(), stored)) as client:
        assert {"extractor": ListedNames.name, "articles": 1} in asked(client, "/v1/entities/place:kursk")["seen"][
            "extractors"
        ]
        assert "1 of its newest 2 articles is in another language than English" in page_of(client, "place:kursk")


def test_verdicts_need_a_key_a_reason_and_a_suggestion(desk: httpx.Client) -> None:
    assert problem(say(desk, MERGE, REFUSED, headers={}), 401)
    assert problem(say(desk, MERGE, {**REFUSED, "why": " "}), 400)["parameter"] == "why"
    assert problem(say(desk, MERGE, {**REFUSED, "verdict": "perhaps"}), 400)["parameter"] == "verdict"
    assert problem(say(desk, "nonsense", REFUSED), 404)["detail"] == "There is no suggestion 'nonsense'."
    assert problem(say(desk, MERGE, [REFUSED]), 400)
    assert problem(say(desk, "hide~person:nobody", ACCEPTED), 404)["type"] == "/problems/unknown-entity"
    assert problem(desk.get("/v1/suggestions?kind=wrong"), 400)["parameter"] == "kind"


def test_the_storm_belongs_to_whom_it_is_named_with(both_stores: httpx.Client) -> None:
    (item,) = asked(both_stores, f"/v1/entities/{DOE.id}/related")["items"]
    assert (item["entity"]["name"], item["together"]) == (STORM.name, 30)
