import gzip
import resource
import sys
from pathlib import Path

import orjson
import pytest

from indexer.sources.reading import read, size_of
from indexer.sources.records import Found, Item, Unreadable
from tests.indexer.sources.no_network import no_network

RECORDS = [orjson.dumps({"title": f"Ferry {number}"}) for number in range(1, 2_001)]


def items_of(path: Path, content: bytes) -> list[Item]:
    path.write_bytes(content)
    return list(read(str(path), no_network))


def outcomes(items: list[Item]) -> list[tuple[int, object]]:
    return [(item.position, item.fields if isinstance(item, Found) else item.reason) for item in items]


@pytest.mark.parametrize("name", ["a.jsonl", "a.ndjson", "a.json", "a.jsonl.gz", "a"])
def test_every_line_is_a_record_with_its_number(tmp_path: Path, name: str) -> None:
    content = b'\xef\xbb\xbf{"title": "one"}\n\n  \r\n{"title": "four"}'
    items = items_of(tmp_path / name, gzip.compress(content) if name.endswith("gz") else content)
    assert outcomes(items) == [(1, {"title": "one"}), (4, {"title": "four"})]


def test_progress_is_in_bytes_on_disk(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    items = items_of(path, gzip.compress(b"\n".join(RECORDS)))
    assert [item.size for item in items] == [path.stat().st_size] * len(RECORDS)
    assert [item.read for item in items] == sorted(item.read for item in items)
    assert items[-1].read == size_of([str(tmp_path), "https://a.example/feed"])


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"title": "caf\xe9"}', "not UTF-8: byte 15 of the line"),
        (b"[1, 2]", "not a JSON object"),
        (b"7", "not a JSON object"),
        (b'"text"', "not a JSON object"),
        (b"null", "not a JSON object"),
        (b'{"title": NaN}', "not JSON"),
        (b'{"title": "a"} {"title": "b"}', "not JSON"),
        (b'{"title": ' + b"[" * 100_000, "not JSON"),
        (b'{"title": "\\ud800"}', "not JSON"),
        (b"\x00\x01\x02", "not JSON"),
    ],
)
def test_a_broken_line_is_reported_and_the_rest_goes_on(tmp_path: Path, line: bytes, reason: str) -> None:
    first, broken, last = items_of(tmp_path / "a.jsonl", b'{"title": "1"}\n' + line + b'\n{"title": "3"}\n')
    assert isinstance(broken, Unreadable)
    assert (broken.position, broken.reason[: len(reason)]) == (2, reason)
    assert 0 < len(broken.excerpt) <= 500
    assert [isinstance(item, Found) for item in (first, last)] == [True, True]


def test_of_a_key_that_comes_twice_the_last_counts(tmp_path: Path) -> None:
    assert outcomes(items_of(tmp_path / "a.jsonl", b'{"title": "a", "title": "b"}')) == [(1, {"title": "b"})]


def test_a_half_written_last_line_is_reported(tmp_path: Path) -> None:
    *_, last = items_of(tmp_path / "a.jsonl", b'{"title": "1"}\n{"title": "2"}\n{"titl')
    assert isinstance(last, Unreadable)
    assert last.position == 3
    assert last.reason.endswith("(the last line, perhaps half written)")


@pytest.mark.parametrize("kept", [0.3, 0.95])
def test_a_truncated_gzip_gives_every_whole_line_before_its_end(tmp_path: Path, kept: float) -> None:
    whole = gzip.compress(b"\n".join(RECORDS))
    *records, last = items_of(tmp_path / "a.jsonl.gz", whole[: int(len(whole) * kept)])
    assert isinstance(last, Unreadable)
    assert "breaks off" in last.reason
    assert last.position == len(records) + 1
    assert [item.fields["title"] for item in records if isinstance(item, Found)] == [
        f"Ferry {number}" for number in range(1, len(records) + 1)
    ]
    assert len(records) > len(RECORDS) * (kept - 0.25)


def test_damaged_gzip_is_reported(tmp_path: Path) -> None:
    content = bytearray(gzip.compress(b"\n".join(RECORDS)))
    content[len(content) // 2] ^= 0xFF
    last = items_of(tmp_path / "a.jsonl.gz", bytes(content))[-1]
    assert isinstance(last, Unreadable)
    assert "damaged" in last.reason


@pytest.mark.parametrize("content", [b"", b"\n \n", gzip.compress(b"")])
def test_an_empty_file_has_no_records(tmp_path: Path, content: bytes) -> None:
    assert items_of(tmp_path / "a.jsonl", content) == []


def test_a_line_beyond_all_bounds_is_reported_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(b'{"title": "1"}\n{"body": "')
        for _ in range(150):
            file.write(b"x" * 1_000_000)
        file.write(b'"}\n{"title": "3"}\n')
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    _, huge, last = list(read(str(path), no_network))
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * (1 if sys.platform == "darwin" else 1024)
    assert isinstance(huge, Unreadable)
    assert huge.reason == "too large: a line of over 32 MB"
    assert isinstance(last, Found)
    assert last.position == 3
    assert grown < 110_000_000
