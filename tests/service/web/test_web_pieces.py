from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import QueryParams

from indexer.errors import InvalidParameter
from indexer.times import DAY, HOUR, MINUTE, SECOND, parse, to_text
from service.answers.models import Bucket
from service.answers.questions import SearchQuestion
from service.web.address import Address, article_path, entity_path, outward, phrase_path
from service.web.chart import Bar, bars, timeline
from service.web.moments import moment, relative
from service.web.names import spelled
from service.web.parameters import address, question
from service.web.text import Block, Piece, blocks, elided, pieces

NOW = parse("2026-03-12T10:30:00Z")


@st.composite
def marked_texts(draw: st.DrawFn) -> tuple[str, list[tuple[int, int]]]:
    text = draw(st.text())
    edges = sorted(draw(st.sets(st.integers(0, len(text)))))
    return text, [(start, end) for start, end in zip(edges[::2], edges[1::2], strict=False)]


@given(marked_texts())
def test_pieces_are_the_text_cut_at_its_marks(marked: tuple[str, list[tuple[int, int]]]) -> None:
    text, marks = marked
    cut = list(pieces(text, marks))
    assert "".join(piece.text for piece in cut) == text
    assert [piece.text for piece in cut if piece.marked] == [text[start:end] for start, end in marks]


def test_marks_count_code_points() -> None:
    assert list(pieces("\U0001f600 Kursk", [(2, 7)])) == [
        Piece("\U0001f600 ", marked=False),
        Piece("Kursk", marked=True),
    ]


def test_a_short_line_above_a_sentence_is_a_subhead() -> None:
    body = "What Comes Next\r\n\r\nThe army waits.\nIt has time\n\nThe End"
    assert blocks(body) == [
        Block("subhead", "What Comes Next"),
        Block("paragraph", "The army waits."),
        Block("paragraph", "It has time"),
        Block("paragraph", "The End"),
    ]


def test_a_body_can_be_empty() -> None:
    assert blocks("") == blocks(" \n\n") == []


def test_a_passage_from_within_a_sentence_has_dots() -> None:
    cut = [Piece("they said. More to", marked=False)]
    assert "".join(piece.text for piece in elided("they said. More to", cut)) == "… they said. More to …"
    assert elided("All of it.", cut) == cut


@pytest.mark.parametrize(
    ("age", "said"),
    [
        (0, "just now"),
        (59 * SECOND, "just now"),
        (MINUTE, "1 minute ago"),
        (59 * MINUTE, "59 minutes ago"),
        (25 * HOUR, "1 day ago"),
        (14 * DAY, "14 days ago"),
        (15 * DAY, ""),
        (-MINUTE, ""),
    ],
)
def test_how_long_ago(age: int, said: str) -> None:
    assert relative(NOW - age, NOW) == said


def test_a_moment_has_its_exact_time() -> None:
    assert moment("2026-03-11T09:05:00.250Z", NOW) == (
        "2026-03-11T09:05:00.250Z",
        "11 Mar 2026, 09:05 UTC",
        "1 day ago",
    )


def test_toggling_twice_changes_nothing_but_the_page() -> None:
    here = Address("/", (("q", "a b"), ("section", "World"), ("cursor", "xyz")))
    there = here.toggled("section", "Politics")
    assert str(there) == "/?q=a+b&section=World&section=Politics"
    assert there.toggled("section", "Politics") == here.without()
    assert str(here.toggled("section", "World")) == "/?q=a+b"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//host/x", "/x", "http:", "", None, "http://["]
)
def test_only_web_addresses_are_links(url: str | None) -> None:
    assert outward(url) is None


def test_web_addresses_are_links() -> None:
    assert outward("https://wire.example/a?b=1") == "https://wire.example/a?b=1"


def test_ids_and_phrases_are_quoted_in_paths() -> None:
    assert article_path("a~b/c?d") == "/articles/a~b%2Fc%3Fd"
    assert entity_path("place:kursk#x") == "/entities/place:kursk%23x"
    assert phrase_path('North "x" Korea') == "/?q=%22North++x++Korea%22"


def test_parameters_that_are_not_of_the_question_are_left_out() -> None:
    given_ = QueryParams("q=a&section=World&section=Sport&utm_source=mail&from=&cursor=c")
    assert str(address(SearchQuestion, "/", given_)) == "/?q=a&section=World&section=Sport&cursor=c"
    asked = question(SearchQuestion, given_, page_size=7)
    assert (asked.q, asked.section, asked.from_, asked.page_size) == ("a", ("World", "Sport"), None, 7)


def test_a_value_that_cannot_be_is_refused() -> None:
    with pytest.raises(InvalidParameter) as refused:
        question(SearchQuestion, QueryParams("page_size=0"))
    assert refused.value.parameter == "page_size"


def test_an_unknown_name_is_spelled_from_its_id() -> None:
    assert spelled("person:jane-doe") == "Jane Doe"
    assert spelled("odd") == "odd"


def bucket(start: int, length: int, articles: int) -> Bucket:
    end = start + length
    times = {"start": to_text(start), "end": to_text(end)}
    return Bucket(**times, articles=articles, all=articles, share=1.0, incomplete=end > NOW)


def test_bars_are_named_in_their_zone() -> None:
    start = parse("2026-03-11T23:00:00Z")
    assert bars([bucket(start, DAY, 2)], "day", "Europe/Rome") == [Bar("12 Mar 2026", "12 Mar", 2, incomplete=True)]
    assert bars([bucket(start, HOUR, 1)], "hour", "UTC") == [
        Bar("11 Mar 2026, 23:00", "Wed 23:00", 1, incomplete=False)
    ]
    assert bars([bucket(start, 7 * DAY, 0)], "week", "UTC")[0].label == "week from 11 Mar 2026"


class Svg(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.mark.parametrize("length", [0, 1, 2, 48])
def test_a_chart_needs_no_script_and_no_style(length: int) -> None:
    counted = [Bar(f"<b>{number}", f"<i>{number}", number, incomplete=number == length - 1) for number in range(length)]
    svg = Svg(timeline(counted, "<title> & co", "<description>"))
    assert not {"script", "style", "b", "i"} & {tag for tag, _ in svg.tags}
    assert not [attributes for _, attributes in svg.tags if "style" in attributes or "onclick" in attributes]
    root = svg.tags[0][1]
    assert root["role"] == "img"
    named = {attributes["id"] for tag, attributes in svg.tags if "id" in attributes}
    assert set(str(root["aria-labelledby"]).split()) == named
    assert {"<title> & co", "<description>"} <= set(svg.texts)


def test_the_bar_that_is_not_over_is_marked() -> None:
    svg = Svg(timeline([Bar("one", "1", 5, incomplete=False), Bar("two", "2", 3, incomplete=True)], "t", "d"))
    drawn = [
        attributes["class"] for tag, attributes in svg.tags if tag == "rect" and "bar-" in str(attributes["class"])
    ]
    assert drawn == ["bar-complete", "bar-incomplete"]
    assert "two: 3 (so far)" in svg.texts
