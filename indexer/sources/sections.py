"""One name per section: `sections.json` maps labels, in lower case, to the names shown. Edit it freely."""

import re
from functools import cache
from importlib.resources import files
from typing import Final

import orjson

_SERIAL: Final = re.compile(r"-\d+$")


def section_name(label: str) -> str:
    """The name of a publisher's label, trimmed; a label that the table does not know keeps its own."""
    return known_section(label) or label.strip()


def known_section(label: str) -> str | None:
    """The name of a label that the table knows."""
    return _table().get(label.strip().lower())


def section_in(url: str) -> str | None:
    """The section that an address names: https://bbc.co.uk/news/world-africa-57860993 is from Africa."""
    path = url.partition("?")[0].split("/")[3:]
    names = (known_section(_SERIAL.sub("", segment)) for segment in reversed(path))
    return next((name for name in names if name not in (None, "News")), None)


@cache
def _table() -> dict[str, str]:
    names: dict[str, str] = orjson.loads(files(__package__).joinpath("sections.json").read_bytes())
    return names
