"""Articles in other languages than the model's get the names that are on lists."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from indexer.article import Article
from indexer.catalogue.catalogue import Catalogue
from indexer.decisions.names import Names
from indexer.extraction import Inline
from indexer.pipeline import Pipeline
from indexer.sources.records import Found
from indexer.store.opening import open_store
from nlp.listed import ListedNames
from nlp.mention import Mention, Text

TITLE = "Die Lage in Israel"


class Titles:
    """Every title is the name of something."""

    def __init__(self, name: str) -> None:
        self.name = name

    def extract(self, texts: Iterable[Text]) -> Iterator[tuple[Mention, ...]]:
        return ((Mention(text.title.lower(), "other", 1, "title", 0, (text.title,)),) for text in texts)


def ingested(folder: Path, model: str, *languages: str | None) -> list[Article | None]:
    """Articles that are alike but for their languages."""
    records = [Found("test", n, {"id": f"{n}", "title": TITLE, "language": one}) for n, one in enumerate(languages)]
    with closing(open_store(f"embedded://{folder}/newsroom")) as store:
        store.prepare()
        names = Names(Catalogue([]))
        for _ in range(2):
            for _ in Pipeline(store, Inline(Titles(model)), lambda: names, lambda: 0).run(records):
                pass
        return store.get([f"{n}" for n in range(len(languages))])


def keys(article: Article | None) -> list[str]:
    assert article
    return [mention.key for mention in article.mentions]


def test_an_english_model_reads_what_is_english_or_says_nothing(tmp_path: Path) -> None:
    english, american, silent, german = ingested(tmp_path, "spacy:en_test-1", "en", "en-US", None, "de")
    assert keys(english) == keys(american) == keys(silent) == [TITLE.lower()]
    assert keys(german) == ["israel"]
    assert german
    assert german.extractor == ListedNames.name


def test_a_model_of_another_language_reads_everything(tmp_path: Path) -> None:
    english, german = ingested(tmp_path, "spacy:de_test-1", "en", "de")
    assert keys(english) == keys(german) == [TITLE.lower()]
