import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.lines import Line, lines_of
from nlp.mention import Text


@given(st.text(max_size=200), st.text(max_size=200))
def test_a_line_stands_at_its_offset_and_never_ends_inside(title: str, body: str) -> None:
    parts = {"title": title, "body": body, "summary": ""}
    for line in lines_of(Text(title, "", body)):
        assert parts[line.part][line.offset :].startswith(line.text)
        assert line.text.strip()
        assert len(line.text.splitlines()) == 1


def test_parts_come_in_reading_order_and_blank_lines_not_at_all() -> None:
    lines = lines_of(Text("Title", "", "World\n\n  \nMuslims met"))
    assert [(line.part, line.offset, line.text) for line in lines] == [
        ("title", 0, "Title"),
        ("body", 0, "World"),
        ("body", 10, "Muslims met"),
    ]


def test_an_endless_line_comes_in_pieces_that_lose_nothing() -> None:
    body = "word " * 5_000 + "x" * 12_000
    pieces = lines_of(Text("", "", body))
    assert "".join(piece.text for piece in pieces) == body
    assert all(body.startswith(piece.text, piece.offset) for piece in pieces)
    assert [piece.offset for piece in pieces] == sorted({piece.offset for piece in pieces})
    assert max(len(piece.text) for piece in pieces) <= 5_000


@pytest.mark.parametrize(
    ("text", "is_prose"),
    [
        ("Israel Accused of War Crimes in Gaza With Evidence", False),
        ("RUSSIA GATHERS TROOPS", False),
        ("Russia gathers troops in Kursk", True),
        ("World", False),
    ],
)
def test_prose_is_where_words_have_no_capital(text: str, is_prose: bool) -> None:  # noqa: FBT001 - a table's column
    assert Line("title", 0, text).is_prose is is_prose
