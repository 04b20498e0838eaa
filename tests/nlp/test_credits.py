import pytest

from nlp import credits as credits_


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("KYIV, Nov 14 (Reuters) - Lights came on.", [("KYIV", "place"), ("Reuters", "organisation")]),
        ("TEL AVIV (AP) — Sirens sounded.", [("TEL AVIV", "place"), ("AP", "organisation")]),
        ("By Jane Doe in Basel. Swimmers floated.", [("Jane Doe", "person")]),
        ("By Jane Doe and Ursula von der Aa", [("Jane Doe", "person"), ("Ursula von der Aa", "person")]),
        ("Photo: Maren Oldenburg/dpa. The choir sang.", [("Maren Oldenburg", "person"), ("dpa", "organisation")]),
        ("Refs: ANSA | Merkur", [("ANSA", "organisation"), ("Merkur", "organisation")]),
        ("Refs: | ANSA | Merkur |", [("ANSA", "organisation"), ("Merkur", "organisation")]),
        ("By Friday all was over (Reuters said so).", []),
        ("Electronic Arts and all the others", []),
    ],
)
def test_names_by_their_place_in_a_line(line: str, names: list[tuple[str, str]]) -> None:
    assert sorted((line[start:end], kind) for start, end, kind in credits_.find(line)) == sorted(names)
