"""The quickstart is run as it is written; what it shows must be what is printed."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.service.cli.command import COMMAND, PATIENCE, environment

TEXT = (Path(__file__).parents[2] / "docs/quickstart.md").read_text("utf-8")
ELSEWHERE = ("make ", "export ", "mkdir ", "dateline serve")
RATE = re.compile(r", [\d,]+/s$")


def commands() -> Iterator[tuple[str, list[str]]]:
    """Every command line of the console blocks, with the lines shown below it."""
    for block in re.findall(r"^```console\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *shown = part.splitlines()
            yield command, shown


def plain(line: str) -> str:
    return RATE.sub("", line.rstrip())


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What each command prints and says, run in their order in one folder."""
    folder = tmp_path_factory.mktemp("quickstart")
    [news] = re.findall(r"^```json\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    (folder / "news.jsonl").write_text(news)
    return {command: _run(command, folder) for command, _ in commands() if not command.startswith(ELSEWHERE)}


def _run(command: str, folder: Path) -> list[str]:
    path = os.pathsep.join([str(Path(COMMAND).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment() | {"PATH": path},
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )
    return [plain(line) for line in (done.stdout + done.stderr).splitlines()]


@pytest.mark.parametrize(("command", "shown"), [each for each in commands() if not each[0].startswith(ELSEWHERE)])
def test_prints_what_it_shows(printed: dict[str, list[str]], command: str, shown: list[str]) -> None:
    assert [line for line in printed[command] if line] == [plain(line) for line in shown]
