"""What a search box offers as one types."""

import time
from typing import Any

import httpx
import pytest

from tests.service.api.served import problem


def suggested(api: httpx.Client, typed: str, **parameters: Any) -> Any:
    return api.get("/v1/suggest", params={"q": typed, **parameters}).raise_for_status().json()


@pytest.fixture(scope="module", autouse=True)
def loaded(api: httpx.Client) -> None:
    """Names come from trends, which are loaded behind the first answers."""
    for _ in range(200):
        if api.get("/readyz").is_success:
            return
        time.sleep(0.05)
    pytest.fail("never ready")


def names(answer: Any) -> list[str]:
    return [one["entity"]["name"] for one in answer["entities"]]


def test_a_name_and_titles_are_suggested_from_the_first_letters_on(api: httpx.Client) -> None:
    answer = suggested(api, "kur")
    assert set(answer) == {"entities", "titles", "as_of", "data_as_of"}
    kursk = answer["entities"][0]
    assert kursk["entity"] == {"id": "place:kursk", "name": "Kursk", "type": "place", "short": None}
    assert kursk["articles"] == api.get("/v1/search?entity=place:kursk").json()["total"]["value"]
    assert "Kursk" in answer["titles"][0]["title"]
    published = [one["published_at"] for one in answer["titles"]]
    assert published == sorted(published, reverse=True)


def test_one_wrong_letter_is_forgiven(api: httpx.Client) -> None:
    assert names(suggested(api, "krusk")) == names(suggested(api, "kursk"))


def test_a_title_has_all_the_words_and_comes_once(api: httpx.Client) -> None:
    titles = [one["title"] for one in suggested(api, "galway stor", limit=20)["titles"]]
    assert titles
    assert all("Storm" in title and "Galway" in title for title in titles)
    assert len(titles) == len(set(titles))


@pytest.mark.parametrize("typed", ["", "   ", "!!!", "\U0001f680", "zzzzzz", '"', "(", "title:", "a" * 200])
def test_nothing_that_can_be_typed_is_an_error(api: httpx.Client, typed: str) -> None:
    answer = suggested(api, typed)
    assert (answer["entities"], answer["titles"]) == ([], [])


def test_limits_are_kept(api: httpx.Client) -> None:
    answer = suggested(api, "s", limit=1)
    assert max(len(answer["entities"]), len(answer["titles"])) <= 1
    assert problem(api.get("/v1/suggest?q=x&limit=21"), 400)["parameter"] == "limit"
    assert problem(api.get("/v1/suggest?query=x"), 400)["detail"]
