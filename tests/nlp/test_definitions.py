import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp import definitions


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("from the Institute for the Study of War (ISW) say", [("ISW", "Institute for the Study of War")]),
        ("The New York Times (NYT) and Médecins Sans Frontières (MSF)",
         [("NYT", "New York Times"), ("MSF", "Médecins Sans Frontières")]),
        ("artificial intelligence (AI) is no name", []),
        ("He resigned (Reuters) at noon (GMT)", []),
        ("((((ISW) (", []),
    ],
)  # fmt: skip
def test_a_text_defines_its_abbreviations(line: str, expected: list[tuple[str, str]]) -> None:
    found = list(definitions.find(line))
    assert [(definition.short, definition.long) for definition in found] == expected
    for definition in found:
        assert line[definition.start : definition.end] == f"{definition.long} ({definition.short})"


@given(st.text(alphabet="AB b()-;.", max_size=60))
def test_any_line_can_be_read(line: str) -> None:
    for definition in definitions.find(line):
        assert line[definition.start :].startswith(definition.long)


def test_a_line_of_many_brackets_takes_no_time() -> None:
    line = "Institute for the Study of War (ISW) " * 2_000
    assert len(list(definitions.find(line))) == 2_000


def test_logging_stays_as_the_application_set_it() -> None:
    program = (
        "import logging; from nlp import definitions; list(definitions.find('United Nations (UN)'));"
        "assert not logging.getLogger().handlers; assert logging.getLogger().level == logging.WARNING"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
