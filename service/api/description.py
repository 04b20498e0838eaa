"""The OpenAPI description, with an example of every answer and every problem."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from service.api.examples import EXAMPLES
from service.api.problems import MEDIA_TYPE, TABLE

Described = dict[str, Any]


def describe(app: FastAPI) -> Described:
    """The description of an application, made once."""
    if app.openapi_schema is None:
        # The framework drops every null it is given, also those of examples: they come in afterwards.
        described = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            routes=app.routes,
            separate_input_output_schemas=False,
        )
        for status, media_type, content in _contents(described):
            _add_example(status, media_type, content)
        app.openapi_schema = described
    return app.openapi_schema


def _contents(described: Described) -> Iterator[tuple[str, str, Described]]:
    for path in described["paths"].values():
        for operation in path.values():
            for status, response in operation["responses"].items():
                for media_type, content in response.get("content", {}).items():
                    yield status, media_type, content


def _add_example(status: str, media_type: str, content: Described) -> None:
    name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    if media_type == MEDIA_TYPE:
        content["example"] = _problem(status)
    elif name in _BY_NAME:
        content["example"] = _BY_NAME[name]


def _problem(status: str) -> Described:
    """The first kind of problem with a status; the last of the table stands for all others."""
    kind = next((kind for _, kind in TABLE if str(kind.status) == status), TABLE[-1][1])
    return {"type": f"/problems/{kind.name}", "title": kind.title, "status": kind.status, "detail": f"{kind.title}."}


_BY_NAME = {model.__name__: example for model, example in EXAMPLES.items()}
