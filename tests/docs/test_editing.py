"""What `docs/editing.md` shows is what is printed, at the command line and over HTTP. "…" stands for anything."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.service.cli.command import COMMAND, PATIENCE, environment, heard, running

TEXT = (Path(__file__).parents[2] / "docs/editing.md").read_text("utf-8")
COLUMNS = re.compile(r" {2,}")


def commands() -> Iterator[tuple[str, list[str]]]:
    """Every command line of the console blocks, with the lines shown below it."""
    for block in re.findall(r"^```console\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *shown = part.splitlines()
            yield command, shown


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What each command prints and says, run in their order in one folder; those of curl against a service there."""
    folder = tmp_path_factory.mktemp("editing")
    [news] = re.findall(r"^```json\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    (folder / "news.jsonl").write_text(news)
    return {command: _run(command, folder) for command, _ in commands()}


def _run(command: str, folder: Path) -> list[str]:
    if not command.startswith("curl "):
        return _printed(command, folder)
    with running(folder, "serve", "--port", "0", api_key="KEY") as process:
        address = heard(folder, process, r"(?<= on http://)127\.0\.0\.1:\d+(?=;)")
        ready = f"curl -s --retry 20 --retry-connrefused -o ready {address}/readyz"
        return _printed(f"{ready} && {command.replace('localhost:8000', address)}", folder)


def _printed(command: str, folder: Path) -> list[str]:
    path = os.pathsep.join([str(Path(COMMAND).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder, env=environment() | {"PATH": path}, capture_output=True, encoding="utf-8", timeout=PATIENCE,
        check=False,
    )  # fmt: skip
    return (done.stdout + done.stderr).splitlines()


@pytest.mark.parametrize(("command", "shown"), list(commands()))
def test_prints_what_it_shows(printed: dict[str, list[str]], command: str, shown: list[str]) -> None:
    assert len(printed[command]) == len(shown), printed[command]
    for line, expected in zip(printed[command], shown, strict=True):
        pattern = ".*".join(map(re.escape, plain(expected).split("…")))
        assert re.fullmatch(pattern, plain(line)), line


def plain(line: str) -> str:
    """A line whatever the widths of its columns."""
    return re.sub("─+", "─", COLUMNS.sub("  ", line.strip()))
