"""JSON Lines: one object per line, read in constant memory."""

from typing import BinaryIO, Final

import orjson

from indexer.sources.document import UNREADABLE, Document
from indexer.sources.records import Item, Items

LONGEST_LINE: Final = 32_000_000
_PIECE: Final = 1_000_000
_BOM: Final = b"\xef\xbb\xbf"


def read_lines(document: Document) -> Items:
    """The records of a JSON Lines document. A line that is not an object is Unreadable, and reading goes on."""
    number = 0
    try:
        while line := document.stream.readline(LONGEST_LINE):
            number += 1
            if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
                _skip_line(document.stream)
                yield document.unreadable(number, f"too large: a line of over {LONGEST_LINE // 1_000_000} MB", line)
            elif not line.isspace():
                yield _item(document, number, line.removeprefix(_BOM) if number == 1 else line)
    except UNREADABLE as error:
        yield document.unreadable(number + 1, f"the file breaks off or is damaged here: {error}")


def _item(document: Document, number: int, line: bytes) -> Item:
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return document.unreadable(number, _why(line, error), line)
    if not isinstance(value, dict):
        return document.unreadable(number, "not a JSON object", line)
    return document.found(number, value)


def _why(line: bytes, error: orjson.JSONDecodeError) -> str:
    try:
        line.decode()
    except UnicodeDecodeError as undecodable:
        return f"not UTF-8: byte {undecodable.start + 1} of the line"
    end = "" if line.endswith(b"\n") else " (the last line, perhaps half written)"
    return f"not JSON: {error.msg}, column {error.colno}{end}"


def _skip_line(stream: BinaryIO) -> None:
    while (piece := stream.readline(_PIECE)) and not piece.endswith(b"\n"):
        pass
