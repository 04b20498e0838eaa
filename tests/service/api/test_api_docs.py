"""docs/api.md lists the endpoints, parameters and problems that there are."""

import re
from pathlib import Path
from typing import Any

import httpx

from service.api.problems import TABLE

PAGE = (Path(__file__).parents[3] / "docs" / "api.md").read_text("utf-8")
METHODS = "GET|POST|DELETE"


def listed(text: str) -> set[str]:
    """The names in the first column of the tables of a text."""
    rows = re.findall(r"^\| (`[^|]*`) \|", text, re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row)}


def endpoints() -> dict[tuple[str, str], set[str]]:
    """The documented parameters of each endpoint; endpoints named together share their table."""
    found: dict[tuple[str, str], set[str]] = {}
    for part in re.split(rf"^(?=`(?:{METHODS}) /v1)", PAGE, flags=re.MULTILINE)[1:]:
        first, _, rest = part.partition("\n")
        for method, path in re.findall(rf"`({METHODS}) (/v1[^`]*)`", first):
            found[method.lower(), path] = listed(rest.split("\n## ")[0])
    return found


def test_every_endpoint_and_parameter_is_documented(api: httpx.Client) -> None:
    described: dict[str, Any] = api.get("/openapi.json").json()["paths"]
    there = {
        (method, re.sub(r"{\w+}", "{id}", path)): {
            one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"
        }
        for path, methods in described.items()
        if path.startswith("/v1")
        for method, operation in methods.items()
    }
    documented = endpoints()
    for what in ("articles", "stories"):
        documented["get", f"/v1/trends/{what}"] = documented["get", f"/v1/trends/{what}"] - {"type"}
    assert documented == there


def test_every_problem_is_documented() -> None:
    rows = re.findall(r"^\| `(/problems/[\w-]+)` \| (\d+) \|", PAGE, re.MULTILINE)
    assert {(kind, int(status)) for kind, status in rows} == {
        (f"/problems/{kind.name}", kind.status) for _, kind in TABLE
    }


def test_the_polling_header_is_documented(api: httpx.Client) -> None:
    assert f"Cache-Control: {api.get('/v1/latest').headers['cache-control']}" in PAGE
