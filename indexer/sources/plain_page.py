"""Plain-text pages of a news site: one article, then its Trends and Latest lists.

World Daily News                   the site
World                              the section
Russia / Ukraine / North Korea     the labels, if any

The headline

A caption, if any
The summary

Paragraphs and subheads
...
The agency that wrote it, if any
Refs: | ANSA | Merkur |

Trends

Section, title, time and summary of each item, a line each
Latest

The same
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from indexer.errors import UnreadableSource
from indexer.sources.dates import parse_date
from indexer.sources.identity import text_id
from indexer.sources.text import one_line
from indexer.store.port import Json

_LISTS: Final = ("trends", "latest")
_TIME: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}([.,]\d+)?)?(Z|[+-]\d{2}:?\d{2})?")
_HEADING: Final = 2  # the section and the title of an item
_LONGEST_HEADER: Final = 3
_SHORTEST_HEADER: Final = 2


class Line(NamedTuple):
    """A line that is not blank, and its number in the page, from 1."""

    number: int
    text: str


Block = list[Line]


def read_plain_page(content: bytes) -> list[tuple[int, Json]]:
    """The article of a page and the items of its lists, each with its line. UnreadableSource if it is no such page."""
    blocks = _blocks(_decoded(content))
    ends = [place for place, block in enumerate(blocks) if _is_list(block)]
    page, lists = (blocks[: ends[0]], blocks[ends[0] :]) if ends else (blocks, [])
    if len(page) < _SHORTEST_HEADER or not _SHORTEST_HEADER <= len(page[0]) <= _LONGEST_HEADER:
        raise UnreadableSource("neither a feed, JSON Lines nor a page that begins with its site, section and headline")
    site = page[0][0].text
    items = [item for blocks in _lists(lists) for item in _items(blocks, site)]
    return [_article(page, [fields["published_at"] for _, fields in items]), *items]


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableSource(f"not UTF-8: byte {error.start + 1}") from error


def _blocks(text: str) -> list[Block]:
    blocks: list[Block] = [[]]
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            blocks.append([])
        elif line.strip().lower() in _LISTS:
            blocks += [[Line(number, line.strip())], []]
        else:
            blocks[-1].append(Line(number, line.strip()))
    return [block for block in blocks if block]


def _is_list(block: Block) -> bool:
    return len(block) == 1 and block[0].text.lower() in _LISTS


def _lists(blocks: Sequence[Block]) -> list[list[Block]]:
    lists: list[list[Block]] = []
    for block in blocks:
        if _is_list(block):
            lists.append([])
        else:
            lists[-1].append(block)
    return lists


def _article(page: Sequence[Block], shown: Sequence[str]) -> tuple[int, Json]:
    (site, section, *breadcrumb), headline, *rest = page
    dates, rest = _split_dates(rest)
    lead, *body = rest or [[]]
    body, authors, refs = _credits(body)
    fields: Json = {
        "title": " ".join(line.text for line in headline),
        "summary": lead[-1].text if lead else "",
        "body": "\n\n".join("\n".join(line.text for line in block) for block in body),
        "section": section.text,
        "labels": [label.strip() for line in breadcrumb for label in line.text.split(" / ")],
        "source": site.text,
        "authors": authors,
        "refs": refs,
        "published_at": max(dates or shown, key=_moment, default=None),
    }
    if not dates:  # its lists change from day to day: what it shows of them is not part of which article it is
        fields["id"] = text_id(one_line(fields["source"]), one_line(fields["title"]), "")
    return headline[0].number, fields


def _split_dates(blocks: Sequence[Block]) -> tuple[list[str], list[Block]]:
    dates = [line.text for block in blocks for line in block if _TIME.fullmatch(line.text)]
    others = [[line for line in block if not _TIME.fullmatch(line.text)] for block in blocks]
    return dates, [block for block in others if block]


def _credits(body: list[Block]) -> tuple[list[Block], list[str], list[str]]:
    if not body or not body[-1][-1].text.lower().startswith("refs:"):
        return body, [], []
    *agency, refs = body[-1]
    names = [name.strip() for name in refs.text.partition(":")[2].split("|")]
    return body[:-1], [line.text for line in agency], [name for name in names if name]


def _items(blocks: Sequence[Block], site: str) -> list[tuple[int, Json]]:
    lines = [line for block in blocks for line in block]
    times = [place for place, line in enumerate(lines) if _TIME.fullmatch(line.text)]
    between = [lines[start + 1 : end] for start, end in pairwise([-1, *times, len(lines)])]
    headings = [rest[-_HEADING:] for rest in between[:-1]]
    summaries = [rest[:-_HEADING] for rest in between[1:-1]] + between[-1:]
    return [_item(*parts, site) for parts in zip(headings, (lines[time] for time in times), summaries, strict=False)]


def _item(heading: Block, time: Line, summary: Block, site: str) -> tuple[int, Json]:
    *section, title = heading or [Line(time.number, "")]
    return title.number, {
        "title": title.text,
        "section": section[0].text if section else None,
        "summary": " ".join(line.text for line in summary),
        "source": site,
        "published_at": time.text,
    }


def _moment(date: str) -> int:
    moment = parse_date(date)
    return -1 if moment is None else moment
