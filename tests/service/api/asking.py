"""Asking the API and the search page, in few words."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any

import httpx

from service.newsroom import Newsroom
from tests.service.api.served import AUTHORISED


def found(api: httpx.Client, **parameters: Any) -> Any:
    answer = api.get("/v1/search", params={name.rstrip("_"): value for name, value in parameters.items()})
    assert answer.status_code == 200, answer.text
    return answer.json()


def total(api: httpx.Client, **parameters: Any) -> int:
    value: int = found(api, **parameters)["total"]["value"]
    return value


def walk(api: httpx.Client, **parameters: Any) -> Iterator[list[str]]:
    """The ids of page after page."""
    cursor: dict[str, str] = {}
    while True:
        answer = found(api, **parameters, **cursor)
        yield [hit["article"]["id"] for hit in answer["hits"]]
        if answer["cursor"] is None:
            return
        cursor = {"cursor": answer["cursor"]}


@contextmanager
def posted(api: httpx.Client, newsroom: Newsroom, record: dict[str, str]) -> Iterator[None]:
    """An article that is gone afterwards."""
    answer = api.post("/v1/articles?refresh=true", json=record, headers=AUTHORISED)
    assert answer.is_success
    yield
    api.delete(f"/v1/articles/{answer.json()['id']}", headers=AUTHORISED)
    newsroom.store.refresh()


def page(api: httpx.Client, q: str) -> str:
    """The search page."""
    answer = api.get("/", params={"q": q}, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    return answer.text


def text_of(shown: str) -> str:
    return " ".join(unescape(re.sub("<[^>]*>", "", shown)).split())
