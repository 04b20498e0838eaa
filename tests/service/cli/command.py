"""Running the installed `dateline` command in a folder of its own, as a user does."""

import contextlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

COMMAND = str(Path(sys.executable).parent / "dateline")
PATIENCE = 60


def environment(**settings: object) -> dict[str, str]:
    """The environment without anyone's settings but these."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith("DATELINE_")}
    return outside | {f"DATELINE_{name.upper()}": str(value) for name, value in settings.items()}


def dateline(folder: Path, *arguments: str, code: int = 0, **settings: Any) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end; nothing that it says is ever a stack trace."""
    done = subprocess.run(
        [COMMAND, *arguments],
        cwd=folder, env=environment(**settings), capture_output=True, encoding="utf-8", timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode == code, done.stderr
    return done


def printed(folder: Path, *arguments: str, **settings: Any) -> Any:
    """The JSON that a command prints."""
    return json.loads(dateline(folder, *arguments, "--json", **settings).stdout)


@contextlib.contextmanager
def running(folder: Path, *arguments: str, **settings: Any) -> Iterator["subprocess.Popen[bytes]"]:
    """A command that goes on until it is stopped; what it says is in `said`."""
    with (folder / "said").open("wb") as log:
        process = subprocess.Popen([COMMAND, *arguments], cwd=folder, env=environment(**settings), stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def heard(folder: Path, process: "subprocess.Popen[bytes]", pattern: str) -> str:
    """What a running command says that matches, once it has said it."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        over = process.poll() is not None
        if found := re.search(pattern, (folder / "said").read_text("utf-8")):
            return found[0]
        if over:
            break
        time.sleep(0.05)
    raise AssertionError((folder / "said").read_text("utf-8"))


def write_lines(path: Path, records: Iterable[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def record(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "id": f"a{number}",
        "title": f"Report {number} from the harbour",
        "body": "A ship came in.",
        "section": "Home",
        "source": "harbour.example",
        "published_at": f"2024-11-14T{number % 24:02d}:00:00Z",
    } | fields
