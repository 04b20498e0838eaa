import json
import subprocess
import sys
from collections.abc import Iterator

import click
import pytest

from indexer import errors
from service.cli.main import cli, exit_code, run
from tests.service.cli.command import COMMAND

HEAVY = ("spacy", "pandas", "numpy", "tantivy", "elasticsearch", "fastapi", "pydantic", "rich")
HELP_FOR_ALL = f"""
import contextlib, io, json, sys
from service.cli.main import run
for path in json.loads(sys.argv[1]):
    with contextlib.redirect_stdout(io.StringIO()) as said:
        code = run([*path, "--help"])
    assert code == 0 and said.getvalue().startswith(" ".join(["Usage: dateline", *path])), (path, code)
print(json.dumps([name for name in {HEAVY} if name in sys.modules]))
"""


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in group.commands.items():
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


def test_every_help_answers_without_loading_what_does_the_work() -> None:
    paths = [(), *(path for path, _ in commands(cli))]
    assert len(paths) == 39
    done = subprocess.run([sys.executable, "-c", HELP_FOR_ALL, json.dumps(paths)], capture_output=True, check=True)
    assert json.loads(done.stdout) == []


def test_the_installed_command_helps_and_tells_its_version() -> None:
    said = subprocess.run([COMMAND, "--help"], capture_output=True, text=True, check=True).stdout
    assert all(name in said for name in cli.commands)
    assert subprocess.run([COMMAND, "--version"], capture_output=True, text=True, check=True).stdout.startswith(
        "dateline "
    )


@pytest.mark.parametrize("path", [" ".join(path) for path, _ in commands(cli)])
def test_every_option_is_explained(path: str) -> None:
    command = dict(commands(cli))[tuple(path.split())]
    assert command.get_short_help_str(limit=80).endswith("."), "the first sentence fits the list of commands"
    for parameter in command.params:
        assert isinstance(parameter, click.Argument) or getattr(parameter, "help", None) or parameter.name == "sort"


@pytest.mark.parametrize(
    "arguments", [[], ["nonsense"], ["search", "--limit", "0"], ["ingest"], ["trends", "--nonsense"]]
)
def test_a_command_line_that_cannot_be_is_code_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "Usage: dateline" in said.err


def test_the_first_row_that_fits_gives_the_code() -> None:
    expected = {
        errors.StoreUnavailable("away"): 3,
        errors.MappingMismatch("old"): 1,
        errors.InvalidQuery("bad", 1): 2,
        errors.InvalidParameter("port", "bad"): 2,
        errors.UnreadableSource("gone"): 1,
        errors.NamesUnavailable("none"): 1,
        PermissionError(13, "no", "file"): 1,
    }
    assert {error: exit_code(error) for error in expected} == expected
