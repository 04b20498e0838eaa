"""Health, metrics, problems, and the description of the API."""

from pathlib import Path
from typing import Any

import httpx
import jsonschema  # type: ignore[import-untyped]
import pytest

from indexer import errors
from service.answers.models import Problem
from service.api.examples import EXAMPLES
from service.api.problems import TABLE, kind_of, problem_response
from tests.service.api.served import AUTHORISED, NOW, article, open_filled, problem, served


def test_health_and_readiness(api: httpx.Client) -> None:
    assert api.get("/healthz").json() == {"status": "alive"}
    assert api.get("/readyz").json() == {"status": "ready"}


def test_metrics(api: httpx.Client) -> None:
    api.get("/v1/articles/nope")
    api.get("/v1/articles/nope-either")
    text = api.get("/metrics")
    assert text.headers["content-type"].startswith("text/plain")
    assert 'dateline_requests_total{route="/v1/articles/{article_id}",status="404"}' in text.text
    assert 'dateline_request_seconds_bucket{le="0.01",route="/v1/articles/{article_id}"}' in text.text
    assert "dateline_articles 39.0" in text.text
    assert "dateline_index_behind_changes 0.0" in text.text
    assert "dateline_trends_ready 1.0" in text.text
    assert "dateline_trends_changes 39.0" in text.text
    assert "dateline_store_up 1.0" in text.text
    assert "nope" not in text.text


@pytest.mark.parametrize(
    ("method", "path", "status", "kind"),
    [
        ("GET", "/v1/nope", 404, "/problems/not-found"),
        ("GET", "/v1/articles/", 404, "/problems/not-found"),
        ("POST", "/v1/search", 405, "/problems/method-not-allowed"),
        ("PUT", "/v1/articles/a", 405, "/problems/method-not-allowed"),
    ],
)
def test_what_the_framework_refuses_is_a_problem_too(
    api: httpx.Client, method: str, path: str, status: int, kind: str
) -> None:
    assert problem(api.request(method, path), status)["type"] == kind


def test_every_error_has_a_status() -> None:
    family = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, errors.DatelineError)]
    for error in family:
        assert kind_of(error.__new__(error)).status >= 400
    names = [kind.name for _, kind in TABLE]
    assert len(names) == len(set(names))


def test_a_row_of_the_table_hides_none_below_it() -> None:
    kinds = [kind for kind, _ in TABLE]
    for place, kind in enumerate(kinds):
        assert not any(issubclass(kind, above) for above in kinds[:place])


def test_what_is_unforeseen_says_nothing_of_itself() -> None:
    answer = problem_response(RuntimeError("a secret"))
    assert answer.status_code == 500
    assert b"secret" not in bytes(answer.body)


def test_other_origins_may_read(api: httpx.Client) -> None:
    answer = api.get("/v1/latest", headers={"Origin": "https://example.org"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "etag" in answer.headers["access-control-expose-headers"].lower()
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "DELETE"}
    assert api.options("/v1/articles/a", headers=asked).status_code == 400
    polling = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "if-none-match"}
    assert api.options("/v1/latest", headers=asked | polling).status_code == 200


@pytest.mark.parametrize(
    "path", ["/", "/healthz", "/v1/search", "/v1/latest?format=rss", "/v1/export", "/v1/articles/nope", "/nope"]
)
def test_head_answers_as_get_does_without_the_body(api: httpx.Client, path: str) -> None:
    got, head = api.get(path), api.head(path)
    assert (head.status_code, head.content) == (got.status_code, b"")
    assert head.headers["content-type"] == got.headers["content-type"]
    assert head.headers.get("etag") == got.headers.get("etag")


def test_head_does_nothing_where_there_is_no_get(writing: httpx.Client) -> None:
    assert writing.head("/v1/articles", headers=AUTHORISED).status_code == 405


def test_which_origins_may_read_is_a_setting(tmp_path: Path) -> None:
    newsroom = open_filled(tmp_path / "store", [article("a", NOW, "A")], cors_origins="https://a.example")
    with served(newsroom) as client:
        for origin, allowed in (("https://a.example", "https://a.example"), ("https://b.example", None)):
            answer = client.get("/v1/latest", headers={"Origin": origin})
            assert answer.headers.get("access-control-allow-origin") == allowed


def test_large_answers_are_compressed(api: httpx.Client) -> None:
    assert api.get("/v1/search?page_size=50").headers["content-encoding"] == "gzip"
    assert "content-encoding" not in api.get("/v1/search?page_size=1").headers


@pytest.fixture(scope="module")
def described(api: httpx.Client) -> dict[str, Any]:
    description: dict[str, Any] = api.get("/openapi.json").json()
    return description


def test_the_description_names_every_endpoint(described: dict[str, Any]) -> None:
    assert {(method, path) for path, one in described["paths"].items() for method in one} == {
        ("get", "/v1/search"),
        ("get", "/v1/export"),
        ("get", "/v1/timeline"),
        ("get", "/v1/latest"),
        ("get", "/v1/suggest"),
        ("get", "/v1/articles/{article_id}"),
        ("get", "/v1/articles/{article_id}/similar"),
        ("delete", "/v1/articles/{article_id}"),
        ("post", "/v1/articles"),
        ("get", "/v1/entities"),
        ("get", "/v1/entities/{entity_id}"),
        ("get", "/v1/entities/{entity_id}/timeline"),
        ("get", "/v1/entities/{entity_id}/related"),
        ("get", "/v1/entities/{entity_id}/articles"),
        ("get", "/v1/stories/{story_id}"),
        ("get", "/v1/decisions"),
        ("post", "/v1/decisions"),
        ("get", "/v1/trends/entities"),
        ("get", "/v1/trends/articles"),
        ("get", "/v1/trends/stories"),
        ("get", "/v1/alerts"),
        ("get", "/v1/pins"),
        ("post", "/v1/pins"),
        ("get", "/v1/suggestions"),
        ("post", "/v1/suggestions/{suggestion_id}"),
        ("get", "/healthz"),
        ("get", "/readyz"),
        ("get", "/metrics"),
    }


def test_every_answer_is_described_with_problems_and_an_example(described: dict[str, Any]) -> None:
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            assert operation["description"]
            assert "422" not in operation["responses"]
            if not path.startswith("/v1"):
                continue
            assert {"400", "503", "default"} <= set(operation["responses"])
            assert all("description" in one for one in operation.get("parameters", ()) if one["in"] == "query")
            if method != "delete":
                whole = "application/x-ndjson" if path == "/v1/export" else "application/json"
                answer = operation["responses"].get("200") or operation["responses"]["201"]
                assert answer["content"][whole]["example"], path


def test_the_examples_fit_their_models_and_schemas(described: dict[str, Any]) -> None:
    for model, example in EXAMPLES.items():
        model.model_validate(example)
        schema = {"$ref": f"#/components/schemas/{model.__name__}", "components": described["components"]}
        jsonschema.validate(example, schema)
    for path in described["paths"].values():
        for operation in path.values():
            for response in operation["responses"].values():
                shown = response.get("content", {}).get("application/problem+json")
                assert shown is None or Problem.model_validate(shown["example"])


def test_writing_is_described_as_needing_a_key(described: dict[str, Any]) -> None:
    (scheme,) = described["components"]["securitySchemes"].values()
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    assert described["paths"]["/v1/articles"]["post"]["security"]
    assert described["paths"]["/v1/articles/{article_id}"]["delete"]["security"]
    assert described["paths"]["/v1/decisions"]["post"]["security"]
    assert described["paths"]["/v1/pins"]["post"]["security"]
    assert "security" not in described["paths"]["/v1/search"]["get"]


def test_answers_fit_their_schemas(api: httpx.Client, described: dict[str, Any]) -> None:
    for path, model in {
        "/v1/search?q=kursk&highlight=true&facet=place": "SearchAnswer",
        "/v1/latest": "LatestAnswer",
        "/v1/suggest?q=kurs": "SuggestAnswer",
        "/v1/articles/kursk-1": "ArticleAnswer",
        "/v1/entities": "EntitiesAnswer",
        "/v1/entities/place:kursk": "EntityAnswer",
        "/v1/entities/place:kursk/timeline": "EntityTimelineAnswer",
        "/v1/entities/place:kursk/related": "RelatedAnswer",
        "/v1/suggestions": "SuggestionsAnswer",
        "/v1/alerts": "AlertsAnswer",
        "/v1/pins": "PinsAnswer",
        "/v1/entities/place:kursk/articles": "SearchAnswer",
        "/v1/timeline?q=kursk": "TimelineAnswer",
        "/v1/export?section=World&sort=newest&from=2024-11-14T12:10:00Z": "ExportedArticle",
        "/v1/articles/kursk-1/similar": "SimilarAnswer",
        "/v1/trends/entities?explain=true": "TrendingEntitiesAnswer",
        "/v1/trends/articles": "TrendingArticlesAnswer",
        "/v1/trends/stories?explain=true": "TrendingStoriesAnswer",
    }.items():
        schema = {"$ref": f"#/components/schemas/{model}", "components": described["components"]}
        jsonschema.validate(api.get(path).json(), schema)
