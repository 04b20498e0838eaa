import json
from importlib import resources

import pytest

from indexer.catalogue.catalogue import Catalogue
from nlp import names
from nlp.keys import fold
from nlp.lines import Line


def found(line: str) -> list[tuple[str, str]]:
    return [(line[start:end], kind) for start, end, kind in names.load().find(Line("body", 0, line))]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Talks at the Élysée went on.", [("Élysée", "organisation")]),
        ("A rebuke for Sanae Takaichi followed.", [("Sanae Takaichi", "person")]),
        ("Ferries return to Split at last.", [("Split", "place")]),
        ("They split the bill.", []),
        ("Split the bill, says a columnist.", []),
        ("Gap shuts its last store.", [("Gap", "organisation")]),
        ("Gap between rich and poor widens.", []),
    ],
)
def test_names_whose_type_is_beyond_doubt(line: str, expected: list[tuple[str, str]]) -> None:
    assert found(line) == expected


def test_a_phrase_is_no_name() -> None:
    line = "Turkey farms and Visa rules, says Visa"
    assert [names.load().is_phrase(line, line.index(word), line.index(word) + len(word)) for word in ("Turkey", "Visa")]
    assert not names.load().is_phrase(line, line.rindex("Visa"), len(line))


def test_the_catalogue_knows_the_bodies_and_people_and_their_types() -> None:
    catalogue = Catalogue.load()
    written = json.loads(resources.files("nlp").joinpath("names.json").read_text(encoding="utf-8"))
    for kind, forms in (("organisation", written["organisations"]), ("person", written["people"])):
        meant = {form: catalogue.candidates(fold(form)) for form in forms}
        assert [form for form, some in meant.items() if kind not in {one.entry.type for one in some if one}] == []
