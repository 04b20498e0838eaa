import pytest

from nlp import organisations
from nlp.lines import Line


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Analysts from the Institute for the Study of War said", ["Institute for the Study of War"]),
        ("On Monday Human Rights Watch accused them", ["Human Rights Watch"]),
        (
            "studied at the University of Oxford and the University of Ghent",
            ["University of Oxford", "University of Ghent"],
        ),
        ("the US Department of Homeland Security on Tuesday denied it", ["US Department of Homeland Security"]),
        ("the department of the interior", []),
        ("Council of Elders Meets Ministry of Silly Walks", []),
    ],
)
def test_names_of_bodies_are_known_by_their_form_in_prose(line: str, names: list[str]) -> None:
    found = organisations.find(Line("body", 0, line))
    assert [line[start:end] for start, end in found] == names
