"""`docs/configuration.md`, made from the settings themselves: `python -m tests.docs.configuration` prints it."""

import sys
from collections.abc import Iterator
from typing import Any

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from service.settings import PREFIX, Settings

HEAD = """# Configuration

Every setting is an environment variable; `--store`, `--host` and `--port` on the command line stand above theirs.
`dateline settings` prints the values in force, but for secrets. A value that cannot be ends a command with code 2 and
the name of its variable. `dateline demo` takes its store, host and port from its options only.

This page is made from `service/settings.py`: `make docs`.

| variable | default | what it is for |
|---|---|---|
"""


def page() -> str:
    """The page, in Markdown."""
    return HEAD + "".join(_rows())


def _rows() -> Iterator[str]:
    for name, field in Settings.model_fields.items():
        yield f"| `{PREFIX}{name.upper()}` | {_default(field)} | {field.description} |\n"


def _default(field: FieldInfo) -> str:
    default: Any = field.get_default()
    if default is None:
        return "none; a secret" if SecretStr in getattr(field.annotation, "__args__", ()) else "none"
    text = ",".join(default) if isinstance(default, tuple) else str(default)
    return f"`{text.lower() if isinstance(default, bool) else text}`"


if __name__ == "__main__":
    sys.stdout.write(page())
