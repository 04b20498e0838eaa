r"""Decisions in files: CSV for spreadsheets, JSON for programs. Pure.

The same fields as over HTTP. What a spreadsheet would take for a formula has an apostrophe before it, as in exports of
articles, and so has what begins with one. Names that share a cell are joined by "|"; in a name that is written "\|",
and a backslash "\\". So what is read is what was written.
"""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO
from typing import Any, Final, Literal, NamedTuple

from indexer.errors import UnreadableSource

Form = Literal["csv", "json"]

COLUMNS: Final = (
    "number", "at", "who", "why", "act", "entity", "into", "names", "new_name", "type", "surface", "decision",
    "new_entity",
)  # fmt: skip
SEPARATOR: Final = "|"
BYTE_ORDER_MARK: Final = "\ufeff"
_ESCAPED: Final = re.compile(r"[\\|]")
_ESCAPE: Final = re.compile(r"\\([\\|])")
_NAME: Final = re.compile(r"(?:\\[\\|]|[^|])+")
_GUARDED: Final = ("=", "+", "-", "@", "\t", "\r", "'")


class Line(NamedTuple):
    """The fields of one decision in a file, and where it stands: "line 3"."""

    place: str
    fields: dict[str, Any]


def written(decisions: Iterable[Mapping[str, Any]], form: Form) -> bytes:
    """Decisions as the content of a file, one a line."""
    rows = [{name: decision[name] for name in COLUMNS if name in decision} for decision in decisions]
    return (_csv(rows) if form == "csv" else _json(rows)).encode()


def read(content: bytes, form: Form) -> Iterator[Line]:
    """The decisions of a file. UnreadableSource if it is of another form."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableSource("not UTF-8") from error
    return _from_csv(text) if form == "csv" else _from_json(text)


def _csv(rows: Iterable[Mapping[str, Any]]) -> str:
    text = StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return BYTE_ORDER_MARK + text.getvalue()


def _json(rows: Iterable[Mapping[str, Any]]) -> str:
    return "[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]\n"


def _cell(value: object) -> str:
    text = _joined(value) if isinstance(value, tuple) else str(value)
    return f"'{text}" if text.startswith(_GUARDED) else text


def _joined(names: Iterable[str]) -> str:
    return SEPARATOR.join(_ESCAPED.sub(r"\\\g<0>", name) for name in names)


def _names(cell: str) -> list[str]:
    return [_ESCAPE.sub(r"\1", name) for name in _NAME.findall(cell)]


def _from_csv(text: str) -> Iterator[Line]:
    reader = csv.DictReader(StringIO(text, newline=""), strict=True)
    try:
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise UnreadableSource(f"not CSV: {error}, at line {reader.line_num}") from error
    if "act" not in (reader.fieldnames or ()):
        raise UnreadableSource(f"the first line names the columns, as {','.join(COLUMNS)}: there is no act in it")
    for number, row in rows:
        fields: dict[str, Any] = {name: _bare(value) for name, value in row.items() if name and value}
        if "names" in fields:
            fields["names"] = _names(fields["names"])
        yield Line(f"line {number}", fields)


def _bare(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_GUARDED) else cell


def _from_json(text: str) -> Iterator[Line]:
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableSource(f"not JSON: {error}") from error
    if not isinstance(rows, list):
        raise UnreadableSource("not a list of decisions")
    return (Line(f"entry {number}", row if isinstance(row, dict) else {"": row}) for number, row in enumerate(rows, 1))
