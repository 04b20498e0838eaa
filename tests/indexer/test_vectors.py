"""Every article has a vector of what it says, made once for a text."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from indexer import vectors
from indexer.article import Article
from indexer.catalogue.catalogue import Catalogue
from indexer.copying import copy
from indexer.decisions.names import Names
from indexer.extraction import Inline
from indexer.pipeline import Pipeline
from indexer.sources.records import Found
from indexer.store.opening import open_store
from indexer.store.port import Store
from indexer.vectors import likeness, with_vectors
from nlp.encoder import Encoder, text_of
from nlp.mention import NoExtractor

STORM = {"id": "storm", "title": "Storm closes the harbour", "body": "Ships wait outside. " * 40}
CUP = {"id": "cup", "title": "Rovers win the cup", "body": "They scored twice in the second half."}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(f"embedded://{tmp_path}/newsroom")) as opened:
        opened.prepare()
        yield opened


def ingest(store: Store, *records: dict[str, str]) -> list[str]:
    """What became of the records."""
    names = Names(Catalogue([]))
    pipeline = Pipeline(store, Inline(NoExtractor()), lambda: names, lambda: 0)
    found = [Found("test", number, record) for number, record in enumerate(records)]
    return [result.outcome for results in pipeline.run(found) for result in results]


def stored(store: Store, article_id: str) -> Article:
    (article,) = store.get([article_id])
    assert article
    return article


def test_every_article_has_the_vector_of_its_text(store: Store) -> None:
    assert ingest(store, STORM, CUP, {"id": "silent", "title": "?!"}) == ["new"] * 3
    expected = Encoder.load().encode([text_of(one["title"], one["body"]) for one in (STORM, CUP)])
    assert [stored(store, one).vector for one in ("storm", "cup")] == [row.tobytes() for row in expected]
    assert not any(stored(store, "silent").vector)


def test_a_vector_is_made_again_only_for_another_text(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    ingest(store, STORM, CUP)
    before, asked = stored(store, "storm"), list[str]()

    def noting(articles: list[Article]) -> list[Article]:
        asked.extend(article.id for article in articles if not article.vector)
        return with_vectors(articles)

    monkeypatch.setattr("indexer.pipeline.with_vectors", noting)
    assert ingest(store, STORM, CUP) == ["unchanged"] * 2
    assert ingest(store, {**STORM, "section": "Weather"}) == ["changed"]
    assert (asked, stored(store, "storm").vector) == ([], before.vector)
    assert ingest(store, {**STORM, "title": "Harbour open again"}) == ["changed"]
    assert asked == ["storm"]
    assert stored(store, "storm").vector != before.vector


def test_vectors_and_stories_come_along_to_another_store(store: Store, tmp_path: Path) -> None:
    ingest(store, STORM, CUP)
    store.revise(["storm"], lambda one: replace(one, grouped="cup", story="cup"))
    store.rebuild()
    with closing(open_store(f"embedded://{tmp_path}/other")) as other:
        other.prepare()
        for _ in copy(store, other, "store"):
            pass
        assert other.get(["storm", "cup"]) == store.get(["storm", "cup"])


def test_likeness_is_of_vectors_of_one_encoder() -> None:
    one, same, other = with_vectors(
        [_article("a", "Storm hits"), _article("b", "Storm hits"), _article("c", "Cup won")]
    )
    assert likeness(one.vector, same.vector) == pytest.approx(1, abs=0.05)
    assert likeness(one.vector, other.vector) < likeness(one.vector, same.vector)
    assert likeness(one.vector, b"") == likeness(one.vector, b"\x7f") == likeness(b"", b"") == 0
    assert vectors.with_vectors([]) == []


def _article(article_id: str, title: str, at: int = 0) -> Article:
    return Article(id=article_id, title=title, seen_at=at, ranked_at=at)
