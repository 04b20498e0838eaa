"""Names are found in the same words, whether their articles are of today or older than trends remember."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.times import DAY
from service.answers.entities import entities
from service.answers.questions import EntitiesQuestion, ask
from service.newsroom import Newsroom
from tests.service.api.served import NOW, article, entity, open_filled


@pytest.fixture(params=[1, 400], ids=["new", "old"])
def newsroom(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Newsroom]:
    names = (
        entity("Nord-Ost Klinik", "organisation"),
        entity("Jane Doe", "person"),
        entity("Essen", "place", short="ESN"),
    )
    at = NOW - request.param * DAY
    stored = article("a", at, "Nord-Ost Klinik, Jane Doe and Essen (ESN)", entities=names)
    opened = open_filled(tmp_path / "store", [stored])
    opened.load_trends()
    yield opened
    opened.stop()


@pytest.mark.parametrize(
    ("text", "name"),
    [("nord ost", "Nord-Ost Klinik"), ("ost klinik", "Nord-Ost Klinik"), ("DOE", "Jane Doe"), ("esn", "Essen")],
)
def test_names_are_found_by_their_words(newsroom: Newsroom, text: str, name: str) -> None:
    found = entities(newsroom, ask(EntitiesQuestion, {"q": text})).items
    assert [(one.entity.name, one.articles) for one in found] == [(name, 1)]


def test_what_no_name_has_finds_none(newsroom: Newsroom) -> None:
    assert entities(newsroom, ask(EntitiesQuestion, {"q": "doe essen"})).items == []
