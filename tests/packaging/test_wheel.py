"""The wheel holds all that a newsroom needs, and runs where there is no checkout."""

import os
import re
import signal
import subprocess
import sys
import sysconfig
import time
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import httpx
import pytest

ROOT: Final = Path(__file__).parents[2]
PROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PACKAGES: Final = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
PATIENCE: Final = 120
NEEDED: Final = {
    "mappings/articles.json",
    "mappings/records.json",
    "indexer/query/query.lark",
    "indexer/sources/sections.json",
    "service/sample/newsroom.jsonl",
    "indexer/catalogue/places.json",
    "nlp/model/ner/model",
    "nlp/model/README.md",
    "nlp/model/LICENSE",
    "nlp/encoder_model/weights.npz",
    "nlp/encoder_model/README.md",
    "indexer/stories/weights.json",
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    _run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder), cwd=ROOT)
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def contents(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as opened:
        return set(opened.namelist())


def _run(*command: str, cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_holds_every_file_of_the_packages_and_nothing_else(contents: set[str]) -> None:
    files = (path for package in PACKAGES for path in (ROOT / package).rglob("*") if path.is_file())
    ours = {path.relative_to(ROOT).as_posix() for path in files if "__pycache__" not in path.parts}
    about = {name for name in contents if name.startswith("dateline-")}
    assert contents - about == ours
    assert contents >= NEEDED
    assert [name for name in about if name.endswith("licenses/LICENSE")]
    for folder in ("service/web/templates", "service/web/static", "indexer/catalogue"):
        assert [name for name in contents if name.startswith(f"{folder}/") and not name.endswith(".py")], folder


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment with the wheel, and with the dependencies of this one."""
    home = tmp_path_factory.mktemp("installed") / "venv"
    _run(sys.executable, "-m", "venv", "--without-pip", str(home), cwd=ROOT)
    programs = home / "bin"
    _run(
        sys.executable, "-m", "pip", "--python", str(programs / "python"),
        "install", "--quiet", "--no-deps", "--no-index", str(wheel), cwd=ROOT,
    )  # fmt: skip
    [packages] = home.glob("lib/python*/site-packages")
    # A folder named in a .pth file comes last, and its own .pth files, the checkout's among them, are not read.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    return programs


def test_it_is_not_the_checkout_that_is_installed(installed: Path, tmp_path: Path) -> None:
    show = f"import {', '.join(PACKAGES)}; print(*({', '.join(PACKAGES)}), sep='\\n')"
    for line in _run(str(installed / "python"), "-c", show, cwd=tmp_path).splitlines():
        assert str(installed.parent) in line
    assert _run(str(installed / "dateline"), "--version", cwd=tmp_path) == f"dateline {PROJECT['project']['version']}\n"


def test_the_demo_runs_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("DATELINE_", "PYTHON"))}
    log = tmp_path / "log"
    with log.open("wb") as said:
        demo = subprocess.Popen([installed / "dateline", "demo", "--port", "0"], cwd=tmp_path, env=outside, stderr=said)
    try:
        address = _until_ready(demo, log)
        trends = httpx.get(f"{address}/v1/trends/entities", timeout=PATIENCE).json()
        assert {"place:kursk", "place:ukraine"} <= {item["entity"]["id"] for item in trends["items"]}
        for path in ("/", "/articles/sample-001", "/entities/place:kursk", "/docs"):
            assert httpx.get(f"{address}{path}", timeout=PATIENCE).status_code == 200
        page = httpx.get(address, timeout=PATIENCE).text
        for asset in re.findall(r'(?:href|src)="(/static/[^"]+)"', page):
            assert httpx.get(f"{address}{asset}", timeout=PATIENCE).status_code == 200
        demo.send_signal(signal.SIGINT)
        assert demo.wait(PATIENCE) == 0
    finally:
        demo.kill()
        demo.wait()


def _until_ready(demo: "subprocess.Popen[bytes]", log: Path) -> str:
    """The address of the demo, once it says that it is ready."""
    for address in _addresses(demo, log):
        if httpx.get(f"{address}/readyz", timeout=PATIENCE).is_success:
            return address
    raise AssertionError(log.read_text())


def _addresses(demo: "subprocess.Popen[bytes]", log: Path) -> Iterator[str]:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and demo.poll() is None:
        if found := re.search(r"serving .* on (http://127\.0\.0\.1:\d+)", log.read_text()):
            yield found[1]
        time.sleep(0.1)
