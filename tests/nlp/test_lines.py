import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.lines import Line, lines_of
from nlp.mention import Text


@given(st.text(max_size=200), st.text(max_size=200))
def test_a_line_stands_at_its_offset_and_never_ends_inside(title: str, body: str) -> None:
    parts = {"title": title, "body": body, "summary": ""}
    for line in lines_of(Text(title, "", body)):
        written = parts[line.part][line.offset :][: len(line.text)].replace("\n", " ")
        assert line.text.casefold().replace("\n", " ") == written.casefold()
        assert line.text == written or line.part == "title"
        assert line.text.strip()
        assert len(line.text.splitlines()) == 1


def test_parts_come_in_reading_order_and_blank_lines_not_at_all() -> None:
    lines = lines_of(Text("Title", "", "World\n\n  \nMuslims met"))
    assert [(line.part, line.offset, line.text) for line in lines] == [
        ("title", 0, "Title"),
        ("body", 0, "World"),
        ("body", 10, "Muslims met"),
    ]


WRAPPED = """Perini Investment Properties
Inc said it has agreed to buy three properties in the New
York region, on the advice of the Bank of Communications
Ltd.
    The Securities and Exchange Commission and Donald
Trump have been told, it said.

Shares in the company had risen slightly in the past few
weeks.
"""


def test_a_paragraph_that_was_wrapped_is_one_line() -> None:
    lines = lines_of(Text("Title", "", WRAPPED))[1:]
    assert [line.text.split()[0] for line in lines] == ["Perini", "The", "Shares"]
    assert "Properties Inc said" in lines[0].text
    assert "Communications Ltd." in lines[0].text
    assert "Donald Trump have" in lines[1].text
    assert all(WRAPPED[line.offset :].replace("\n", " ").startswith(line.text) for line in lines)


def test_a_list_in_a_wrapped_text_stays_one() -> None:
    lines = lines_of(Text("", "", f"{WRAPPED}\nRefs:\nANSA\nMerkur\n"))
    assert [line.text for line in lines[-3:]] == ["Refs:", "ANSA", "Merkur"]


@pytest.mark.parametrize(
    "body",
    [
        "Israel Accused of War Crimes in Gaza With Evidence\nOECD Reports Record Immigration\nMuslim Contributions",
        "World\niPhone news\nDaily Mail",
        "A paragraph on one line, however long it may be, ends where its line ends, as on most pages.\n" * 3,
        "The first paragraph has more letters in its only line than anyone would wrap a text at, " * 2 + "\nor so.",
        "    Shr 34 cts vs 1.19 dlrs\n    Net 807,000 vs 2,858,000\n    Assets of the whole group 510.2 mln vs 479.7",
    ],
)
def test_lines_that_are_no_paragraph_stay_apart(body: str) -> None:
    assert [line.text.strip() for line in lines_of(Text("", "", body))] == [line.strip() for line in body.splitlines()]


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


@pytest.mark.parametrize(
    ("title", "read"),
    [
        ("NETANYAHU TO ADDRESS CONGRESS", "Netanyahu To Address Congress"),
        ("US TROOPS LEAVE U.S. BASE", "US Troops Leave U.S. Base"),
        ("WHO LEFT US WITH NOTHING", "Who Left us With Nothing"),
        ("NATO SUMMIT", "NATO SUMMIT"),
        ("Trump wins", "Trump wins"),
    ],
)
def test_a_headline_in_capitals_is_read_in_title_case_with_every_letter_in_its_place(title: str, read: str) -> None:
    [line] = lines_of(Text(title, "", ""))
    assert (line.text, len(line.text)) == (read, len(title))
