"""A page as its reader sees it: its text, its links and its elements."""

import re
from html.parser import HTMLParser
from typing import Final

import httpx

VOID: Final = {"meta", "link", "input", "img", "br", "hr"}


class Page(HTMLParser):
    """A page as its elements, each checked to be closed where it should be."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.text = ""
        self._in_link = False
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.elements.append((tag, attributes))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "a":
            self._in_link = True
            self.links.append((attributes["href"], ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        if tag == "a":
            self._in_link = False

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._in_link:
            href, text = self.links[-1]
            self.links[-1] = href, text + data

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def link(self, label: str) -> str:
        """The address behind the first link whose label begins so."""
        return next(href for href, text in self.links if " ".join(text.split()).startswith(label))

    @property
    def addresses(self) -> list[str]:
        return [href for href, _ in self.links]


def page(client: httpx.Client, path: str, status: int = 200) -> Page:
    response = client.get(path, headers={"Accept": "text/html"})
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    return Page(response.text)


def total(shown: Page) -> int:
    found = re.search(r"([\d,]+) articles?", shown.text)
    assert found is not None
    return int(found[1].replace(",", ""))


def hits(shown: Page) -> list[str]:
    """The ids of the found articles, in their order."""
    text = "".join(
        f"<{tag} {attributes.get('class', '')} {attributes.get('href', '')}>" for tag, attributes in shown.elements
    )
    return re.findall(r"<h2  ><a  /articles/([^>]+)>", text)
