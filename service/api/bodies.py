"""JSON bodies of what editors send, and how the description of the API shows them."""

from typing import Any, Final

import orjson

from indexer.errors import InvalidDecision

JSON: Final = "application/json"


def fields_of(content: bytes) -> dict[str, Any]:
    """The fields of a body that is a JSON object. InvalidDecision."""
    try:
        fields = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise InvalidDecision(f"The body is not JSON: {error}") from None
    if not isinstance(fields, dict):
        raise InvalidDecision("The body is not a JSON object.")
    return fields


def example(content: object) -> dict[str, Any]:
    """An example of an answer, for the description of the API."""
    return {"content": {JSON: {"example": content}}}
