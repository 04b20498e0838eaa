"""The names of one real page, whole: what is found, under which one id, and what must not be invented."""

from pathlib import Path

import pytest

from indexer.article import Entity
from indexer.catalogue.catalogue import Catalogue
from indexer.decisions.names import Names
from nlp import spacy_extractor
from nlp.mention import Text

_PAGE = Path(__file__).parents[2].parent / "shared" / "data" / "model_page.txt"

pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not _PAGE.exists(), reason="../shared/data/model_page.txt is not there"),
]


@pytest.fixture(scope="module")
def articles() -> list[tuple[Entity, ...]]:
    """The entities of the main article, then of each item of the Trends list."""
    main, trends = _PAGE.read_text(encoding="utf-8").split("\nTrends\n")
    lines = main.split("\n")
    title, summary = lines[4], lines[7]
    body = main.split(summary)[1].split("Clam Reports")[0]
    blocks = [block.strip() for block in trends.removesuffix("Latest").split("\n\n") if block.strip()]
    items = [Text(title, summary, "") for _, title, _, summary in zip(*[iter(blocks)] * 4, strict=True)]
    known = Names(Catalogue.load())
    mentions = spacy_extractor.load().extract([Text(title, summary, body), *items])
    return [known.project(found) for found in mentions]


def test_the_main_article(articles: list[tuple[Entity, ...]]) -> None:
    found = {entity.name: (entity.id, entity.type) for entity in articles[0]}
    assert (
        found.items()
        >= {
            "Russia": ("place:russia", "place"),
            "Kursk": ("place:kursk", "place"),
            "Institute for the Study of War": ("organisation:institute-for-the-study-of-war", "organisation"),
            "Ukraine": ("place:ukraine", "place"),
            "North Korea": ("place:north-korea", "place"),
            "Donald Trump": ("person:donald-trump", "person"),
            "New York Times": ("organisation:new-york-times", "organisation"),
        }.items()
    )
    counts = {entity.id: entity.count for entity in articles[0]}
    assert (counts["place:kursk"], counts["organisation:institute-for-the-study-of-war"]) == (5, 2)
    assert {entity.short for entity in articles[0]} >= {"ISW", "NYT"}


def test_the_trends(articles: list[tuple[Entity, ...]]) -> None:
    names = [{entity.name for entity in entities} for entities in articles[1:]]
    assert names[0] == {"Organisation for Economic Co-operation and Development"}
    assert names[1] >= {"America", "Christopher Columbus"}
    assert names[2] >= {"Middle East", "Israel", "Gaza"}
    assert names[3] == {"Israel", "West Bank", "Itamar Ben-Gvir"}
    assert names[5] == {"Human Rights Watch", "United Nations", "Israel", "Gaza", "Palestine"}


def test_each_name_is_one_entity_and_none_is_invented(articles: list[tuple[Entity, ...]]) -> None:
    ids = {entity.id for entities in articles for entity in entities}
    names = [name for _, name in {(entity.id, entity.name) for entities in articles for entity in entities}]
    wanted = ["Russia", "Kursk", "Institute for the Study of War", "Gaza", "Ukraine", "North Korea", "Donald Trump"]
    assert [names.count(name) for name in wanted] == [1] * len(wanted)
    assert len(ids) == len(names)
    assert not [name for name in names if name.endswith(("Crimes", "Displacement", "Troop", "Levels"))]
