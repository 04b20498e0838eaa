"""What users of such systems complain about in names, one test a complaint: none of it happens here. On both stores."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from indexer.article import Article
from indexer.times import MINUTE
from service.newsroom import Newsroom, open_newsroom
from service.settings import load_settings
from tests.service.api.asking import found, total
from tests.service.api.desk import Desk, at_desk, mention, named
from tests.service.api.served import AUTHORISED, KEY, NOW, article, served

BODY = "\u201cCaf\u00e9\u201d \U0001f600: the Harbour Safety Board met. HSB officials left. The board's chair stayed."


def articles() -> Iterator[Article]:
    """Names as they come in, each complaint with its own."""
    for number, surface in enumerate(("He", "John D.", "Doe", "John Doe")):
        yield named(number, mention(surface), mention("Galway", "place"))
    for number, surface in enumerate(("US", "U.S.", "United States", "USA"), 10):
        yield named(number, mention(surface, "place"))
    for number, surface in enumerate(("ESA", "European Space Agency"), 20):
        yield named(number, mention(surface, "organisation"))
    for number, surface in enumerate(("Trump", "Donald Trump") * 3, 30):
        yield named(number, mention(surface))
    board, short = mention("Harbour Safety Board", "organisation"), mention("HSB", "organisation")
    yield replace(named(40, board), body=BODY, mentions=(replace(board, part="body", offset=BODY.index("Harbour")),))
    yield named(41, short)
    many = tuple(mention(f"Witness {number}", count=50) for number in range(200))
    yield article("trial", NOW - 50 * MINUTE, "A trial", mentions=many)


@pytest.fixture(scope="module")
def desk(new_store: Callable[[], str]) -> Iterator[Desk]:
    with at_desk(new_store(), articles()) as desk:
        yield desk


def values(desk: Desk, facet: str, **parameters: Any) -> dict[str, int]:
    answer = found(desk.api, facet=facet, facet_size=100, page_size=1, **parameters)
    return {one["value"]: one["count"] for one in answer["facets"][facet]["values"]}


def listed(desk: Desk, name: str) -> dict[str, int]:
    """The entities that a name finds in the list of names."""
    items = desk.api.get("/v1/entities", params={"q": name, "limit": 100}).json()["items"]
    return {one["entity"]["id"]: one["articles"] for one in items}


def entities_of(desk: Desk, article_id: str) -> list[str]:
    return [one["id"] for one in desk.api.get(f"/v1/articles/{article_id}").json()["entities"]]


def everything(desk: Desk) -> list[Any]:
    """All articles as the API shows them."""
    return [desk.api.get(f"/v1/articles/{one.id}").json() for one in articles()]


def test_a_he_that_was_taken_for_a_name_can_be_deleted_everywhere(desk: Desk) -> None:
    assert values(desk, "person")["person:he"] == 1
    desk.decide("hide", entity="person:he")
    desk.settle()
    assert "person:he" not in values(desk, "person")
    assert entities_of(desk, "a0") == ["place:galway"]
    assert not listed(desk, "he").get("person:he")
    assert total(desk.api, entity="person:he") == 0
    assert "person:he" not in str(desk.api.get("/v1/suggest?q=he").json()["entities"])


def test_john_d_and_doe_can_be_merged_and_stay_so_for_what_comes_later(desk: Desk) -> None:
    for short in ("person:john-d", "person:doe"):
        desk.decide("merge", entity=short, into="person:john-doe")
    desk.settle()
    assert desk.about("person:john-doe") == desk.about("person:doe") == ["a1", "a2", "a3"]
    assert not {"person:john-d", "person:doe"} & values(desk, "person").keys()
    desk.arrive(named(5, mention("Doe")))
    assert "a5" in desk.about("person:john-doe")
    desk.newsroom.store.delete(["a5"])


def test_us_and_united_states_are_one_without_anybody_deciding_it(desk: Desk) -> None:
    ids = {one for number in range(10, 14) for one in entities_of(desk, f"a{number}")}
    assert ids == {"place:united-states"}
    assert values(desk, "place", q="US OR USA OR states")["place:united-states"] == 4


def test_a_facet_never_shows_a_name_and_its_alias(desk: Desk) -> None:
    known = values(desk, "organisation", q="ESA OR european")
    assert len(known) == 1
    assert set(known.values()) == {2}
    assert values(desk, "organisation", q="HSB OR harbour") == {
        "organisation:harbour-safety-board": 1, "organisation:hsb": 1,
    }  # fmt: skip
    desk.decide("alias", entity="organisation:harbour-safety-board", surface="HSB")
    desk.settle()
    for q in ("", "HSB", "harbour"):
        assert "organisation:hsb" not in values(desk, "organisation", q=q)
    assert values(desk, "organisation", q="HSB OR harbour") == {"organisation:harbour-safety-board": 2}


def test_trump_and_president_trump_are_one_in_every_list(desk: Desk) -> None:
    ids = {one for number in range(30, 36) for one in entities_of(desk, f"a{number}")}
    assert len(ids) == 1
    (trump,) = ids
    assert values(desk, "person", q="trump") == {trump: 6}
    assert [one for one in listed(desk, "trump") if "trump" in one] == [trump]
    trends = desk.api.get("/v1/trends/entities?limit=100&novelty=0").json()["items"]
    assert [one["entity"]["id"] for one in trends if "trump" in one["entity"]["id"]] == [trump]


def test_highlights_of_a_name_stand_where_its_forms_stand(desk: Desk) -> None:
    if desk.newsroom.names.lookup("HSB") is None:
        desk.decide("alias", entity="organisation:harbour-safety-board", surface="HSB")
        desk.settle()
    (hit,) = (hit for hit in found(desk.api, q="HSB", highlight="true")["hits"] if hit["article"]["id"] == "a40")
    marked = {passage["text"][start:end] for passage in hit["highlights"]["body"] for start, end in passage["marks"]}
    assert marked == {"Harbour Safety Board", "HSB"}


def test_many_mentions_do_not_make_many_documents(desk: Desk) -> None:
    answer = found(desk.api, q="trial")
    assert answer["total"]["value"] == 1
    assert [one["count"] for one in answer["hits"][0]["article"]["entities"]] == [50] * 200
    assert total(desk.api, q="") == len(list(articles()))
    assert listed(desk, "witness 7")["person:witness-7"] == 1


def test_an_over_eager_merge_is_undone_to_the_letter_and_stays_on_record(desk: Desk) -> None:
    before = everything(desk)
    merge = desk.decide("merge", entity="place:galway", into="place:united-states", why="by mistake")
    desk.settle()
    assert everything(desk) != before
    assert total(desk.api, entity="place:united-states") == total(desk.api, entity="place:galway") == 8
    undo = desk.decide("undo", decision=merge["number"], why="a city is no country")
    desk.settle()
    assert everything(desk) == before
    assert total(desk.api, entity="place:galway") == 4
    latest = desk.decisions(limit=2)["items"]
    assert [(one["why"], one["standing"]) for one in latest] == [("a city is no country", True), ("by mistake", False)]
    assert latest[1]["undone_by"] == undo["number"]


def test_merging_needs_no_article_again(desk: Desk) -> None:
    """Neither their texts nor a model: all else of the articles is what it was."""
    before = everything(desk)
    desk.decide("merge", entity="organisation:european-space-agency", into="place:united-states")
    desk.settle()
    after = everything(desk)
    changed = [old["id"] for old, new in zip(before, after, strict=True) if old != new]
    assert changed == ["a20", "a21"]
    assert [{**one, "entities": 0} for one in after] == [{**one, "entities": 0} for one in before]
    assert desk.newsroom.store.behind() == 0


def test_counts_are_those_of_the_articles_after_every_decision(desk: Desk) -> None:
    shown = Counter(one["id"] for article in everything(desk) for one in article["entities"])
    for facet in ("person", "organisation", "place"):
        for value, count in values(desk, facet).items():
            assert shown[value] == count == total(desk.api, entity=value)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("title", "body", "names"),
    [
        (
            "Donald Trump Says Troops Will Leave Kursk After Talks With Russia",
            "Donald Trump spoke on Monday. The troops would leave Kursk, he said after talks with Russia.",
            {"Donald Trump", "Kursk", "Russia"},
        ),
        (
            "Mette Frederiksen Arrives In Paris For Talks With Emmanuel Macron",
            "Mette Frederiksen, of Denmark, came to Paris on Monday. Emmanuel Macron will speak with her.",
            {"Mette Frederiksen", "Paris", "Emmanuel Macron", "Denmark"},
        ),
        (
            "Talks on Monday",
            "President Trump spoke about Ukraine. Trump left for Paris.",
            {"Donald Trump", "Ukraine", "Paris"},
        ),
    ],
)
def test_neither_headlines_in_title_case_nor_titles_of_people_make_names(
    new_store: Callable[[], str], title: str, body: str, names: set[str]
) -> None:
    newsroom: Newsroom = open_newsroom(load_settings(store=new_store(), api_key=KEY), lambda: NOW)
    with served(newsroom) as client:
        posted = client.post("/v1/articles", json={"id": "a", "title": title, "body": body}, headers=AUTHORISED)
        assert posted.status_code == 201
        entities = client.get("/v1/articles/a").json()["entities"]
    assert {one["name"] for one in entities} == names
