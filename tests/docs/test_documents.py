"""What the documents say of the code is held to the code."""

import re
import shlex
from pathlib import Path
from typing import Final
from urllib.parse import unquote

import click
import pytest

from service.cli.main import DONE, FAILED, INTERRUPTED, STORE_AWAY, USAGE, cli
from service.settings import PREFIX, Settings
from tests.docs import configuration
from tests.docs.documents import ROOT, anchors, command_lines, files, links

DOCUMENTS: Final = files(".md")
OF_TESTS: Final = {"DATELINE_TEST_ELASTICSEARCH"}
INDEX_HOSTS: Final = re.compile(r"pypi[.]org|pythonhosted[.]org|repo1?[.]maven|maven[.]org|npmjs[.]org|anaconda[.]org")


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_every_document_is_looked_at() -> None:
    assert {"README.md", "CONTRIBUTING.md", "docs/quickstart.md", "docs/stores.md"} <= set(map(named, DOCUMENTS))


def test_the_page_of_settings_is_that_of_the_settings() -> None:
    written = (ROOT / "docs/configuration.md").read_text("utf-8")
    assert written == configuration.page(), "run `make docs`"


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_links_lead_somewhere(path: Path) -> None:
    for link in links(path.read_text("utf-8")):
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        target, _, anchor = unquote(link).partition("#")
        place = path.parent / target if target else path
        assert place.exists(), link
        assert not anchor or anchor in anchors(place.read_text("utf-8")), link


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_commands_and_options_are_there(path: Path) -> None:
    for line in command_lines(path.read_text("utf-8")):
        read(cli, shlex.split(line))


def read(command: click.Command, words: list[str]) -> None:
    """Read a command line as far as commands and options go. KeyError, UsageError."""
    _, rest, _ = command.make_parser(click.Context(command)).parse_args(list(words))
    if isinstance(command, click.Group) and rest:
        read(command.commands[rest[0]], rest[1:])


@pytest.mark.parametrize(
    "line", ["sevre", "serve --prot 1", "feeds ad http://a.example", "--stor x search", "serve --port"]
)
def test_a_command_that_is_not_there_would_be_seen(line: str) -> None:
    with pytest.raises((KeyError, click.UsageError)):
        read(cli, line.split())


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_settings_and_targets_are_there(path: Path) -> None:
    text = path.read_text("utf-8")
    settings = {PREFIX + name.upper() for name in Settings.model_fields}
    assert set(re.findall(r"DATELINE_[A-Z_]*[A-Z]", text)) <= settings | OF_TESTS
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:`|^)make ([a-z-]+)", text, re.MULTILINE)) <= targets


def test_the_table_of_exit_codes_has_every_code() -> None:
    rows = re.findall(r"^\| (\d+) \|", (ROOT / "docs/operations.md").read_text("utf-8"), re.MULTILINE)
    assert [int(code) for code in rows] == [DONE, FAILED, USAGE, STORE_AWAY, INTERRUPTED]


def test_no_file_names_a_package_index() -> None:
    written = files(".md", ".py", ".toml", ".yml", ".lock", ".xml", ".json")
    for path in [*written, ROOT / "Makefile", ROOT / "Dockerfile"]:
        assert not INDEX_HOSTS.search(path.read_text("utf-8")), named(path)


def test_metrics_in_the_documents_are_there() -> None:
    text = (ROOT / "docs/operations.md").read_text("utf-8")
    code = (ROOT / "service/api/metrics.py").read_text("utf-8")
    for metric in set(re.findall(r"dateline_[a-z_]+", text)):
        assert f'"{metric.removesuffix("_total")}"' in code
