"""Posting and deleting articles over HTTP."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from indexer.times import parse
from service.newsroom import Newsroom, open_newsroom
from service.settings import load_settings
from tests.service.api.served import AUTHORISED, ids, problem, served

NEWS = {"id": "news", "title": "Fire in Essen", "body": "A fire broke out.", "section": "World", "source": "a.example"}


def post(client: httpx.Client, body: Any, query: str = "", **headers: str) -> httpx.Response:
    content = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.post(f"/v1/articles{query}", content=content, headers={**AUTHORISED, **headers})


def lines(answer: httpx.Response) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.text.splitlines()]


def test_one_article(writing: httpx.Client) -> None:
    first = post(writing, NEWS, "?refresh=true")
    assert (first.status_code, first.json()) == (201, {"id": "news", "outcome": "new", "detail": None})
    assert ids(writing.get("/v1/search?q=fire")) == ["news"]
    again = post(writing, NEWS)
    assert (again.status_code, again.json()["outcome"]) == (200, "unchanged")
    changed = post(writing, {**NEWS, "title": "Fire in Essen is out"})
    assert (changed.status_code, changed.json()["outcome"]) == (200, "changed")
    stored = writing.get("/v1/articles/news").json()
    assert (stored["title"], stored["body"]) == ("Fire in Essen is out", "A fire broke out.")
    assert (stored["seen_at"], stored["published_at"]) == ("2024-11-14T12:34:56.789Z", None)


def test_many_articles_get_a_line_each_in_order(writing: httpx.Client) -> None:
    body = "\n".join(
        [json.dumps(NEWS), "{broken", "", json.dumps({"id": "bad id", "title": "x"}), "[1]", json.dumps(NEWS)]
    )
    answered = lines(post(writing, body, "?refresh=true", **{"Content-Type": "application/x-ndjson"}))
    assert [(line["id"], line["outcome"]) for line in answered] == [
        ("news", "new"),
        (None, "failed"),
        (None, "failed"),
        (None, "failed"),
        ("news", "unchanged"),
    ]
    assert all((line["detail"] is None) == (line["outcome"] != "failed") for line in answered)
    assert "not JSON" in answered[1]["detail"]
    assert ids(writing.get("/v1/search?q=essen&source=a.example")) == ["news"]


def test_a_date_that_cannot_be_used_is_said(writing: httpx.Client) -> None:
    detail = post(writing, NEWS | {"published_at": "nope"}).json()["detail"]
    assert "published_at" in detail


@pytest.mark.parametrize("article_id", [".", ".."])
def test_an_id_that_no_address_can_hold_is_refused(writing: httpx.Client, article_id: str) -> None:
    assert problem(post(writing, NEWS | {"id": article_id}), 400)["type"] == "/problems/invalid-article"


def test_many_articles_need_no_media_type(writing: httpx.Client) -> None:
    body = json.dumps({"title": "One"}) + "\n" + json.dumps({"title": "Two"}) + "\n"
    assert [line["outcome"] for line in lines(post(writing, body))] == ["new", "new"]
    assert lines(post(writing, b"")) == []


def test_an_article_gets_an_id_of_its_address(writing: httpx.Client) -> None:
    first = post(writing, {"title": "A", "url": "https://Example.org/a?utm_source=x#top"}).json()
    assert len(first["id"]) == 32
    assert post(writing, {"title": "A", "url": "https://example.org/a"}).json()["id"] == first["id"]


@pytest.mark.parametrize(
    "body", [{"title": ""}, {"id": "not an id", "title": "x"}, {}, [], '{"title": "half', b'{"title": "\xff"}']
)
def test_a_single_record_that_is_no_article_is_a_problem(writing: httpx.Client, body: Any) -> None:
    assert problem(post(writing, body), 400)["type"] == "/problems/invalid-article"


def test_what_is_sent_as_lines_is_answered_in_lines(writing: httpx.Client) -> None:
    for body, outcome in (('{"title": "One"}\n', "new"), ("{}\n", "failed")):
        (line,) = lines(post(writing, body, **{"Content-Type": "application/x-ndjson; charset=utf-8"}))
        assert line["outcome"] == outcome


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic eDp5"}, {"Authorization": "Bearer kéy".encode()}],
)
def test_writing_needs_the_key(writing: httpx.Client, headers: Any) -> None:
    for answer in (
        writing.post("/v1/articles", json=NEWS, headers=headers),
        writing.delete("/v1/articles/kursk-1", headers=headers),
    ):
        assert problem(answer, 401)["type"] == "/problems/key-missing"
        assert answer.headers["www-authenticate"] == "Bearer"
    assert writing.get("/v1/articles/kursk-1").status_code == 200


def test_without_a_key_nobody_can_write(api: httpx.Client) -> None:
    for answer in (post(api, NEWS), api.delete("/v1/articles/kursk-1", headers=AUTHORISED)):
        assert problem(answer, 403)["type"] == "/problems/writing-disabled"


def test_a_body_may_not_be_too_large(writing: httpx.Client) -> None:
    def pieces() -> Iterator[bytes]:
        yield from (b"x" * 1_000 for _ in range(11))

    announced = post(writing, "x" * 11_000)
    chunked = writing.post("/v1/articles", content=pieces(), headers=AUTHORISED)
    for answer in (announced, chunked):
        assert problem(answer, 413)["detail"] == "The body has more than 10,000 bytes; send it in parts."


def test_what_is_compressed_is_not_expanded(writing: httpx.Client) -> None:
    assert "not UTF-8" in problem(post(writing, b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"), 400)["detail"]


def test_writing_takes_no_other_parameters(writing: httpx.Client) -> None:
    assert "'refresh'" in problem(post(writing, NEWS, "?refrsh=true"), 400)["detail"]


def test_readers_do_not_wait_for_writers(writable: Newsroom, writing: httpx.Client) -> None:
    with ThreadPoolExecutor(50) as pool:
        with writable._ingesting:
            posts = [pool.submit(post, writing, {"title": f"Number {number}"}) for number in range(50)]
            time.sleep(0.5)
            for path in ("/healthz", "/v1/latest", "/"):
                assert writing.get(path, timeout=10).status_code == 200
        assert {answer.result().status_code for answer in posts} == {201}


def test_deleting(writing: httpx.Client) -> None:
    deleted = writing.delete("/v1/articles/kursk-1", headers=AUTHORISED)
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert problem(writing.get("/v1/articles/kursk-1"), 404)
    assert problem(writing.delete("/v1/articles/kursk-1", headers=AUTHORISED), 404)


@pytest.mark.slow
def test_names_are_found_in_what_is_posted(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("named") / "store"
    settings = load_settings(store=f"embedded:{folder}", api_key="a key for tests")
    newsroom: Newsroom = open_newsroom(settings, lambda: parse("2024-11-14"))
    with served(newsroom) as client:
        posted = {"id": "a", "title": "Talks", "body": "Donald Trump spoke about Ukraine on Monday."}
        assert post(client, posted).status_code == 201
        entities = client.get("/v1/articles/a").json()["entities"]
    assert {one["name"] for one in entities} == {"Donald Trump", "Ukraine"}
