"""Exported articles as JSON Lines and as CSV. Pure."""

import csv
from collections.abc import Callable, Iterable, Iterator
from io import StringIO
from itertools import islice
from typing import Any, Final, Literal

import orjson

from indexer.article import Article
from service.answers.exporting import Row
from service.answers.models import Article as Shown
from service.answers.shown import fields_of

RowFormat = Literal["jsonl", "csv"]

SEPARATOR: Final = "|"
BYTE_ORDER_MARK: Final = "\ufeff"
_CHUNK: Final = 100
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def written(rows: Iterable[Row], form: RowFormat, *, with_body: bool, continued: bool) -> Iterator[bytes]:
    """Rows as bytes, many at a time. What is `continued` can be put behind what came before: it has no head."""
    pieces = json_lines(rows, with_body=with_body) if form == "jsonl" else csv_rows(rows, with_body=with_body)
    lines = islice(pieces, int(form == "csv" and continued), None)
    while chunk := b"".join(islice(lines, _CHUNK)):
        yield chunk


def json_lines(rows: Iterable[Row], *, with_body: bool) -> Iterator[bytes]:
    """An object a line: the fields of an article, and `cursor`."""
    fields = _fields(with_body=with_body)
    return (
        orjson.dumps(fields(row.article) | {"cursor": row.cursor}, option=orjson.OPT_APPEND_NEWLINE) for row in rows
    )


def csv_rows(rows: Iterable[Row], *, with_body: bool) -> Iterator[bytes]:
    """A row of names, then one an article (RFC 4180): lists joined by "|", entities by their ids.

    It is for spreadsheets: it says that it is UTF-8, and what they would take for a formula gets an apostrophe.
    """
    columns = (*columns_of(with_body=with_body), "cursor")
    fields = _fields(with_body=with_body)
    text = StringIO()
    writer = csv.writer(text)

    def line(cells: Iterable[str]) -> bytes:
        text.seek(0)
        text.truncate()
        writer.writerow(cells)
        return text.getvalue().encode()

    yield BYTE_ORDER_MARK.encode() + line(columns)
    for article, cursor in rows:
        shown = fields(article)
        yield line([*(_cell(shown[name]) for name in columns[:-1]), cursor or ""])


def columns_of(*, with_body: bool) -> tuple[str, ...]:
    """The fields of an article in their order."""
    return tuple(name for name in Shown.model_fields if with_body or name != "body")


def _fields(*, with_body: bool) -> Callable[[Article], dict[str, Any]]:
    return (lambda article: fields_of(article) | {"body": article.body}) if with_body else fields_of


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    if value is None:
        return ""
    return _cell(SEPARATOR.join(one["id"] if isinstance(one, dict) else one for one in value))
