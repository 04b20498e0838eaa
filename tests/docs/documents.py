"""The documents of the repository, and what stands in them."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
_NOT_OURS: Final = {".git", ".venv", "var", "dist", "build", "htmlcov", "node_modules"}
_FENCED: Final = re.compile(r"^```(?:console|sh|bash)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SPAN: Final = re.compile(r"`([^`\n]+)`")
_LINK: Final = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING: Final = re.compile(r"^#+ +(.+)$", re.MULTILINE)
_COMMAND: Final = re.compile(r"(?:^|[\s/\"'])dateline (?=[a-z-])([^|;&>]*)")


def files(*suffixes: str) -> list[Path]:
    """The files of the repository with one of the suffixes, without what tools have put there."""
    found = (path for path in ROOT.rglob("*") if path.is_file() and path.suffix in suffixes)
    return sorted(path for path in found if not any(_is_foreign(part) for part in path.relative_to(ROOT).parts[:-1]))


def links(text: str) -> list[str]:
    """Where the links lead that are written outside code."""
    prose = _SPAN.sub("", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL))
    return _LINK.findall(prose)


def anchors(text: str) -> set[str]:
    """What the headings can be linked by."""
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in _HEADING.findall(text)}


def command_lines(text: str) -> Iterator[str]:
    """What follows `dateline` in the code of a document."""
    fenced = [
        line for block in _FENCED.findall(text) for line in block.splitlines() if line.startswith(("$ ", "dateline "))
    ]
    for code in fenced + _SPAN.findall(_FENCED.sub("", text)):
        yield from (found.strip() for found in _COMMAND.findall(code))


def _is_foreign(part: str) -> bool:
    return part in _NOT_OURS or (part.startswith(".") and part != ".ci")
