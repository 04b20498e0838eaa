from pathlib import Path

import orjson

from indexer.sources.dead_letters import DeadLetters
from indexer.sources.records import Found, Unreadable


def test_a_file_is_made_only_when_there_is_something_to_say(tmp_path: Path) -> None:
    with DeadLetters(tmp_path / "dead.jsonl") as letters:
        assert letters.count == 0
    assert list(tmp_path.iterdir()) == []


def test_letters_are_added_to_those_before_and_bounded(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "dead.jsonl"
    for _ in range(2):
        with DeadLetters(path) as letters:
            letters.add(Unreadable("a.jsonl", 7, "not JSON", "{x"), "not JSON")
            letters.add(Found("a.jsonl", 8, {"body": "ä" * 1_000_000}), "body is too large")
            assert letters.count == 2
    lines = path.read_bytes().splitlines()
    assert orjson.loads(lines[0]) == {"origin": "a.jsonl", "position": 7, "reason": "not JSON", "record": "{x"}
    assert orjson.loads(lines[1])["record"].startswith('{"body": "ä')
    assert (len(lines), max(map(len, lines)) < 2_000) == (4, True)


def test_what_is_nested_too_deeply_to_be_shown_does_not_stop_the_letter(tmp_path: Path) -> None:
    path = tmp_path / "dead.jsonl"
    with DeadLetters(path) as letters:
        letters.add(Found("a", 1, {"labels": orjson.loads("[" * 1_020 + "]" * 1_020)}), "labels is a list, not text")
    assert orjson.loads(path.read_bytes())["record"] == "nested more deeply than can be written"


def test_half_a_surrogate_pair_does_not_stop_the_letter(tmp_path: Path) -> None:
    path = tmp_path / "dead.jsonl"
    with DeadLetters(path) as letters:
        letters.add(Found("a", 1, {"title": "\ud800"}), "no text")
    assert orjson.loads(path.read_bytes())["reason"] == "no text"
