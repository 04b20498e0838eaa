"""`GET /v1/export`: every article once, in parts too, while others write, and never short without a sign."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from threading import Event, Thread
from typing import Any

import httpx
import pytest

from indexer.article import Article
from indexer.errors import StoreUnavailable
from indexer.store.port import Request, Response, Store
from indexer.times import HOUR
from service.answers.exporting import PAGE
from service.newsroom import Newsroom
from tests.service.api.served import NOW, articles, fill, open_filled, problem, served
from tests.service.api.served import article as made

COLUMNS = [
    "id", "url", "title", "summary", "section", "labels", "source", "refs", "authors", "language", "published_at",
    "seen_at", "story", "entities", "cursor",
]  # fmt: skip

Row = dict[str, Any]


def rows(client: httpx.Client, **parameters: Any) -> list[Row]:
    answer = client.get("/v1/export", params=parameters)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.text.splitlines()]


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def ids(exported: list[Row]) -> list[str]:
    return [row["id"] for row in exported]


def test_gives_the_articles_of_a_search_the_oldest_first(api: httpx.Client) -> None:
    for parameters in ({}, {"q": "kursk OR essen"}, {"section": "World"}, {"q": "troops", "from": "2024-11-14T11:00"}):
        found = api.get("/v1/search", params={**parameters, "sort": "oldest", "page_size": 100}).json()["hits"]
        exported = rows(api, **parameters)
        assert [{name: value for name, value in row.items() if name != "cursor"} for row in exported] == [
            hit["article"] for hit in found
        ]
        assert ids(rows(api, **parameters, sort="newest")) == ids(exported)[::-1]


def test_every_row_but_the_last_has_the_cursor_that_continues_after_it(api: httpx.Client) -> None:
    exported = rows(api, q="kursk")
    assert [row["cursor"] is None for row in exported] == [False] * 7 + [True]
    for place, row in enumerate(exported[:-1], 1):
        assert rows(api, q="kursk", cursor=row["cursor"]) == exported[place:]
    newest = rows(api, q="kursk", sort="newest")
    assert rows(api, q="kursk", sort="newest", cursor=newest[4]["cursor"]) == newest[5:]


def test_a_cursor_is_good_for_its_question_only(api: httpx.Client) -> None:
    cursor = rows(api, q="kursk")[0]["cursor"]
    searched = api.get("/v1/search", params={"q": "kursk", "page_size": 1}).json()["cursor"]
    for parameters in ({"q": "storm"}, {"q": "kursk", "sort": "newest"}, {"q": "kursk", "section": "World"}):
        refused = problem(api.get("/v1/export", params={**parameters, "cursor": cursor}), 400)
        assert refused["parameter"] == "cursor"
    for foreign in (searched, cursor[:-1], "0.1.2.x", "x"):
        assert problem(api.get("/v1/export", params={"q": "kursk", "cursor": foreign}), 400)["parameter"] == "cursor"
    both = {"q": "kursk", "cursor": cursor, "format": "csv"}
    assert len(api.get("/v1/export", params=both).text.splitlines()) == 7


def test_bodies_come_where_they_are_asked_for(api: httpx.Client) -> None:
    assert "body" not in rows(api, q="kursk")[0]
    row = rows(api, q="kursk", fields="body")[4]
    assert row["body"] == api.get(f"/v1/articles/{row['id']}").json()["body"]


def test_as_csv_it_has_a_row_of_names_and_one_an_article(api: httpx.Client) -> None:
    answer = api.get("/v1/export?q=kursk&format=csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="articles.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbfid,url,")
    assert answer.content.count(b"\r\n") == 9
    found = table(answer.content)
    assert [list(row) for row in found] == [COLUMNS] * 8
    assert [row["id"] for row in found] == ids(rows(api, q="kursk"))
    assert found[4] == {
        "id": "kursk-3",
        "url": "https://wire3.example/kursk?a=1&b=3",
        "title": "Troops in Kursk 3",
        "summary": "Troops have reached the region.",
        "section": "World",
        "labels": "Russia|Ukraine",
        "source": "wire3.example",
        "refs": "ANSA",
        "authors": "Jane Doe",
        "language": "en",
        "published_at": "2024-11-14T11:34:56.789Z",
        "seen_at": "2024-11-14T11:34:56.789Z",
        "story": "",
        "entities": "place:kursk|organisation:institute-for-the-study-of-war",
        "cursor": rows(api, q="kursk")[4]["cursor"],
    }
    assert found[-1]["cursor"] == ""


def test_the_parts_of_a_csv_fit_together(api: httpx.Client) -> None:
    whole = api.get("/v1/export?q=kursk&format=csv&fields=body").content
    lines = whole.splitlines(keepends=True)
    cursor = table(whole)[2]["cursor"]
    rest = api.get("/v1/export", params={"q": "kursk", "format": "csv", "fields": "body", "cursor": cursor})
    assert b"".join(lines[:4]) + rest.content == whole


def test_a_spreadsheet_finds_no_formula_and_no_broken_row(tmp_path: Path) -> None:
    formulas = ('=HYPERLINK("http://evil.example")', "+1", "-2", "@SUM(A1)", "\t=1", "\r=1")
    harmless = ('He said "no", twice', "Two\nlines", "a;b|c", "1 = 1", "\u05e9\u05dc\u05d5\u05dd \U0001f600")
    stored = [
        made(f"a{number}", NOW + number, text, labels=(text, "b"), section=text)
        for number, text in enumerate((*formulas, *harmless))
    ]
    stored.append(made("-b", NOW - HOUR, "An id like a formula"))
    with served(open_filled(tmp_path / "store", stored)) as client:
        found = table(client.get("/v1/export?format=csv").content)
    assert [row["id"] for row in found] == ["'-b", *(f"a{number}" for number in range(len(stored) - 1))]
    assert [row["title"] for row in found[1:]] == [*(f"'{text}" for text in formulas), *harmless]
    assert [row["labels"] for row in found[1:3]] == [f"'{formulas[0]}|b", "'+1|b"]
    assert all(not cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in found for cell in row.values())


def test_nothing_found_is_an_empty_file(api: httpx.Client) -> None:
    assert rows(api, q="nowhere") == []
    assert table(api.get("/v1/export?q=nowhere&format=csv").content) == []
    assert api.get("/v1/export?q=nowhere&format=csv").content.endswith(b",cursor\r\n")


def test_a_header_says_how_a_query_was_taken(api: httpx.Client) -> None:
    def taken(**parameters: str) -> tuple[str | None, int]:
        answer = api.get("/v1/export", params=parameters)
        return answer.headers.get("dateline-query"), len(answer.text.splitlines())

    assert taken(q="kursk") == (None, 8)
    assert taken(q="kursk galway") == ("relaxed", 38)
    assert taken(q='kursk "') == ("lenient", 8)
    refused = problem(api.get("/v1/export", params={"q": 'kursk "', "strict": "true"}), 400)
    assert refused["column"] == 7
    relaxed = rows(api, q="kursk galway")
    assert rows(api, q="kursk galway", cursor=relaxed[20]["cursor"]) == relaxed[21:]


@pytest.mark.parametrize("parameter", ["page_size=5", "facet=place", "highlight=true", "sort=relevance", "format=xls"])
def test_what_an_export_has_no_use_for_is_refused(api: httpx.Client, parameter: str) -> None:
    assert problem(api.get(f"/v1/export?{parameter}"), 400)["parameter"] == parameter.partition("=")[0]


def test_head_reads_no_articles(tmp_path: Path) -> None:
    newsroom = open_filled(tmp_path / "store", (made(f"a{number}", NOW, "Storm") for number in range(3 * PAGE)))
    watched = Watched(newsroom.store)
    newsroom.store = watched
    with served(newsroom) as client:
        watched.pages = 0
        assert client.head("/v1/export").status_code == 200
    assert watched.pages <= 2


class Watched:
    """A store that counts the pages of exports, and fails at one of them."""

    def __init__(self, store: Store, failing_at: int = 0) -> None:
        self._store = store
        self.failing_at = failing_at
        self.pages = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def search(self, request: Request) -> Response:
        if request.size == PAGE:
            self.pages += 1
            if self.pages == self.failing_at:
                raise StoreUnavailable("gone for a moment")
        return self._store.search(request)


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_a_store_that_fails_on_the_way_breaks_the_answer_off(tmp_path: Path, encoding: str) -> None:
    newsroom = open_filled(tmp_path / "store", (made(f"a{number}", NOW, "Storm") for number in range(3 * PAGE)))
    newsroom.store = Watched(newsroom.store, failing_at=3)
    with served(newsroom) as client:
        received, error = download(client, {}, encoding=encoding)
        assert isinstance(error, httpx.RemoteProtocolError)
        got = complete(received)
        assert 0 < len(got) < 3 * PAGE
        assert got[-1]["cursor"]
        got += rows(client, cursor=got[-1]["cursor"])
    assert len(set(ids(got))) == len(got) == 3 * PAGE


def test_a_store_that_fails_at_once_is_a_problem(tmp_path: Path) -> None:
    newsroom = open_filled(tmp_path / "store", articles())
    newsroom.store = Watched(newsroom.store, failing_at=1)
    with served(newsroom) as client:
        assert problem(client.get("/v1/export"), 503)["detail"] == "gone for a moment"
        assert len(rows(client)) == 39


def download(
    client: httpx.Client, parameters: Row, most: float = float("inf"), encoding: str = "identity"
) -> tuple[bytes, Exception | None]:
    """What arrives until it ends, breaks, or the client has had enough of it."""
    received = bytearray()
    with client.stream("GET", "/v1/export", params=parameters, headers={"Accept-Encoding": encoding}) as answer:
        assert answer.status_code == 200
        try:
            for piece in answer.iter_bytes(10_000):
                received += piece
                if len(received) > most:
                    break
        except httpx.TransportError as error:
            return bytes(received), error
    return bytes(received), None


def complete(received: bytes) -> list[Row]:
    """The rows that have arrived whole."""
    return [json.loads(line) for line in received.splitlines(keepends=True) if line.endswith(b"\n")]


@pytest.fixture
def crowd(new_store: Callable[[], str]) -> Newsroom:
    """Five thousand articles, three to a millisecond."""
    stored = [made(f"old-{n}", NOW - HOUR + n // 3, f"Storm {n}", body="Winds. " * 20) for n in range(5_000)]
    return fill(new_store(), stored)


def keep_writing(newsroom: Newsroom, done: Event) -> None:
    """Add, edit and delete in all parts of a walk."""
    gone = iter(range(0, 5_000, 10))
    for number in count():
        if done.is_set():
            return
        added = [made(f"new-{number}-{at}", NOW - HOUR + at, "Storm new") for at in range(0, 1_700, 100)]
        (seen,) = newsroom.store.get([f"old-{number * 7 % 5_000}"])
        edited = [replace(seen, summary=f"Edited {number}", title=f"Storm edited {number}")] if seen else []
        newsroom.store.write([*added, *edited])
        newsroom.store.delete([f"old-{next(gone, 0)}"])
        newsroom.store.refresh()


@pytest.mark.parametrize("sort", ["oldest", "newest"])
def test_a_download_broken_off_again_and_again_has_everything_once_while_others_write(
    crowd: Newsroom, sort: str
) -> None:
    done = Event()
    writer = Thread(target=keep_writing, args=(crowd, done))
    with served(crowd) as client:
        writer.start()
        try:
            got = list(parts(client, {"q": "storm", "sort": sort, "fields": "body"}, 700_000))
        finally:
            done.set()
            writer.join()
    walked = ids(got)
    throughout = {f"old-{number}" for number in range(5_000) if number % 10}
    assert len(walked) == len(set(walked))
    assert throughout <= set(walked)
    assert set(walked) - {f"old-{number}" for number in range(5_000)}, "nobody wrote"


def parts(client: httpx.Client, parameters: Row, most: int) -> Iterator[Row]:
    """The rows of an export whose connection is killed after every so many bytes."""
    cursor: Row = {}
    while True:
        received, error = download(client, {**parameters, **cursor}, most)
        assert error is None
        got = complete(received)
        yield from got
        if not got or got[-1]["cursor"] is None:
            return
        cursor = {"cursor": got[-1]["cursor"]}


def test_articles_are_asked_for_a_page_at_a_time(tmp_path: Path) -> None:
    stored: list[Article] = [made(f"a{number}", NOW, "Storm") for number in range(PAGE)]
    newsroom = open_filled(tmp_path / "store", stored)
    watched = Watched(newsroom.store)
    newsroom.store = watched
    with served(newsroom) as client:
        assert len(rows(client)) == PAGE
    assert watched.pages == 2
