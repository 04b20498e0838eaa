"""Strings as articles keep them: letters composed with their marks (NFC, so that both stores can fold them), no control
characters, no halves of surrogate pairs, no space around.
"""

import re
from html.parser import HTMLParser
from typing import Final
from unicodedata import normalize

_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_BREAKS: Final = re.compile(r"[ \t]*\n[ \t\n]*\n[ \t]*")
_BLOCKS: Final = frozenset({
    "address", "article", "blockquote", "br", "dd", "div", "dl", "dt", "figure", "footer", "h1", "h2", "h3", "h4", "h5",
    "h6", "header", "hr", "li", "ol", "p", "pre", "section", "table", "td", "th", "tr", "ul",
})  # fmt: skip
_UNSEEN: Final = frozenset({"script", "style", "template"})


def clean(text: str) -> str:
    """The text without what cannot be printed; lines and paragraphs stay."""
    return _printable(text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text).strip()


def one_line(text: str) -> str:
    """The text without what cannot be printed, on one line, with single spaces."""
    return " ".join(_printable(text).split())


def opening(text: str, length: int = 100) -> str:
    """How a text begins: its first line, cut between words where it is longer than `length`."""
    line = one_line(text.strip().partition("\n")[0])
    if len(line) <= length:
        return line
    gap = line.rfind(" ", 0, length)
    return line[: gap if gap > 0 else length] + "…"


def from_html(markup: str) -> str:
    """The text of a piece of HTML, a blank line between its blocks."""
    reader = _TextReader()
    reader.feed(markup)
    reader.close()
    return _BREAKS.sub("\n\n", clean("".join(reader.pieces)))


def _printable(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    return normalize("NFC", _UNPRINTABLE.sub("", text))


class _TextReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - HTMLParser's signature
        self._unseen += tag in _UNSEEN
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        self._unseen = max(0, self._unseen - (tag in _UNSEEN))
        self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.pieces.append(re.sub(r"\s+", " ", data))

    def _break(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.pieces.append("\n\n")
