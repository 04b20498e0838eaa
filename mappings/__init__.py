"""The fields of everything that is stored, once, as plain JSON. See README.md beside this file."""

import json
from importlib.resources import files
from typing import Any


def load(name: str) -> dict[str, Any]:
    """The settings and mappings of an index: `load("articles")`."""
    text = (files(__name__) / f"{name}.json").read_text("utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded
