"""What pages say when something is not there, not ready or not sound."""

import re
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.service.web.filled import open_filled
from tests.service.web.page import Page, page
from tests.serving import serving


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/articles/none", 404, "There is no article 'none'."),
        ("/entities/place:none", 404, "There is no entity 'place:none'."),
        ("/entities/place:kursk?interval=year", 400, "interval"),
        ("/static/none.css", 404, "There is no file"),
        ("/nowhere/at/all", 404, "There is no page /nowhere/at/all."),
        ("/?from=soon", 400, "'soon' is not a time"),
        ("/?cursor=forged", 400, "cursor"),
        ("/?page_size=1000", 400, "page_size"),
        ("/?sort=sideways", 400, "sort"),
    ],
)
def test_errors_are_pages(client: httpx.Client, path: str, status: int, said: str) -> None:
    assert said in page(client, path, status).text


def test_programs_that_ask_for_an_unknown_path_get_no_page(client: httpx.Client) -> None:
    response = client.get("/nowhere", headers={"Accept": "application/json"})
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


def test_while_trends_are_loaded_pages_say_so(tmp_path: Path) -> None:
    filled = open_filled(tmp_path / "store")
    with serving(filled, lifespan="off", ready=False) as address, httpx.Client(base_url=address) as early:
        assert "Trends are being counted" in page(early, "/").text
        assert "would be usual" not in page(early, "/entities/place:kursk").text
    filled.stop()


def test_a_store_that_is_away_is_a_page_to_retry(tmp_path: Path) -> None:
    filled = open_filled(tmp_path / "store")
    filled.store.close()
    with serving(filled, lifespan="off", ready=False) as address:
        response = httpx.get(f"{address}/?q=kursk")
    assert response.status_code == 503
    assert int(response.headers["retry-after"]) >= 1
    assert '<a href="/?q=kursk">Retry</a>' in response.text


def test_static_files_are_kept_for_a_year_under_a_name_of_their_content(client: httpx.Client) -> None:
    (stylesheet,) = [one["href"] for one in page(client, "/").all("link") if one["rel"] == "stylesheet"]
    response = client.get(stylesheet)
    assert response.headers["content-type"] == "text/css; charset=utf-8"
    assert "immutable" in response.headers["cache-control"]
    assert re.fullmatch(r"/static/dateline\.css\?[0-9a-f]{12}", stylesheet)
    assert "url(" not in response.text
    assert client.get("/static/icon.svg").headers["content-type"] == "image/svg+xml"


@given(q=st.text(max_size=60))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_query_breaks_the_page(client: httpx.Client, q: str) -> None:
    response = client.get("/", params={"q": q})
    assert response.status_code == 200
    typed = next(one for one in Page(response.text).all("input") if one["name"] == "q")
    assert typed["value"] == (q if q.strip() else "")
