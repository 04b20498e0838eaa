"""By which words an article's like is looked for; `tests/contract` holds what is found."""

import pytest

from indexer.query.ast import Text
from indexer.store.embedded.store import EmbeddedStore
from indexer.store.port import Selection
from tests.contract.factories import article, entities, filled


@pytest.fixture
def wire(store: EmbeddedStore) -> EmbeddedStore:
    fillers = (article(f"filler{number}", "Report", body="The weather and the day") for number in range(40))
    filled(
        store,
        article("grain", "Talks", body="grain exports"),
        article("drone", "Strike", body="drone strikes"),
        article("common", "Report", body="The weather"),
        article("named", "Harbour", entities=entities("place:odesa")),
        *fillers,
    )
    return store


def alike(store: EmbeddedStore, text: str, title: str = "", size: int = 10, *names: str) -> list[str]:
    asked = article("asked", title, body=text, entities=entities(*names))
    return [hit.article.id for hit in store.similar(asked, Selection(), size)]


def test_words_of_the_title_count_double(wire: EmbeddedStore) -> None:
    assert alike(wire, "grain", "drone", 1) == ["drone"]
    assert alike(wire, "drone", "grain", 1) == ["grain"]


def test_rare_words_tell_more_than_common_ones_and_stop_words_nothing(wire: EmbeddedStore) -> None:
    assert alike(wire, "weather weather grain", "", 1) == ["grain"]
    assert alike(wire, "the and the") == []


def test_names_are_looked_for_too(wire: EmbeddedStore) -> None:
    assert alike(wire, "", "", 10, "place:odesa") == ["named"]


def test_a_page_is_full_whether_the_article_is_stored_or_not(wire: EmbeddedStore) -> None:
    [stored] = wire.get(["filler1"])
    assert stored is not None
    for one in (stored, article("asked", "Report", body="The weather")):
        hits = wire.similar(one, Selection(), 5)
        assert len(hits) == 5
        assert one.id not in {hit.article.id for hit in hits}


def test_limits_change_neither_the_order_nor_the_scores(wire: EmbeddedStore) -> None:
    asked = article("asked", "Weather", body="grain")
    plain = wire.similar(asked, Selection(), 50)
    limited = wire.similar(asked, Selection(Text("weather")), 50)
    assert [(hit.article.id, hit.score) for hit in plain if hit.article.id != "grain"] == [
        (hit.article.id, hit.score) for hit in limited
    ]
