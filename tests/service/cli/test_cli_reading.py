import csv
import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.service.cli.command import COMMAND, PATIENCE, dateline, environment, printed, record, write_lines
from tests.service.cli.conftest import Inside

MOMENT = "2024-11-14T12:00:00Z"


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store of a few articles and their names, at its default place."""
    folder = tmp_path_factory.mktemp("newsroom")
    body = "Donald Trump spoke about Kursk. Russia said its troops had taken a village near Kursk."
    kursk = [
        record(n, title=f"Troops in Kursk, report {n}", body=body, section="World", source=f"wire{n}.example")
        for n in range(8)
    ]
    quiet = [
        record(n, body="A ship from Dublin came in.", published_at=f"2024-11-{n % 12 + 1:02d}T00:00:00Z")
        for n in range(20, 60)
    ]
    write_lines(folder / "news.jsonl", [*quiet, *kursk])
    dateline(folder, "ingest", "news.jsonl", "--replay")
    return folder


def store_in(folder: Path) -> str:
    return f"embedded:{folder}/var/dateline"


def test_search_prints_articles_on_stdout_and_their_number_on_stderr(newsroom: Path) -> None:
    done = dateline(newsroom, "search", "kursk", "troops", "--sort", "newest", "--limit", "3")
    header, _, *rows = done.stdout.splitlines()
    assert header.split() == ["time", "section", "source", "title"]
    assert [" ".join(row.split()) for row in rows] == [
        f"2024-11-14 0{n}:00 World wire{n}.example Troops in Kursk, report {n}" for n in (7, 6, 5)
    ]
    assert done.stderr == "8 articles\n"


@pytest.mark.parametrize(
    ("arguments", "total"),
    [
        ([], 48),
        (["kursk"], 8),
        (['"troops in kursk"'], 8),
        (['"kursk in troops"'], 0),
        (["kursk", "OR", "harbour"], 48),
        (["kursk", "xylophone"], 8),
        (["NOT", "kursk"], 40),
        (["--any", "harbour", "xylophone"], 40),
        (["--section", "World", "--source", "wire1.example", "--source", "wire2.example"], 2),
        (["--entity", "place:kursk"], 8),
        (["--from", "2024-11-14", "--to", "2024-11-14", "--tz", "Europe/Rome"], 8),
        (["--to", "2024-11-05"], 15),
        (["\udcff"], 48),
    ],
)
def test_search_takes_words_filters_and_dates(newsroom: Path, arguments: list[str], total: int, inside: Inside) -> None:
    said, _ = inside("--store", store_in(newsroom), "search", "--json", "--limit", "1", *arguments)
    assert json.loads(said)["total"]["value"] == total


def test_a_broken_query_is_read_all_the_same_and_that_is_said(newsroom: Path) -> None:
    done = dateline(newsroom, "search", '"troops in kursk', "--limit", "1")
    assert done.stderr.startswith("read as: ")
    assert "unbalanced quote" in done.stderr
    assert "8 articles" in done.stderr
    assert "these have some" in dateline(newsroom, "search", "kursk xylophone").stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["search", "--from", "yesterday"],
        ["search", "--tz", "Nowhere"],
        ["search", "--half-life", "7d"],
        ["search", "--from", "2024-11-14", "--to", "2024-11-01"],
        ["trends", "--as-of", "soon"],
        ["trends", "--half-life", "8 hours"],
        ["trends", "stories", "--type", "person"],
        ["feeds", "add", "ftp://feeds.example/a"],
        ["feeds", "add", "https://feeds.example/a", "--every", "1s"],
    ],
)
def test_a_value_that_cannot_be_is_code_2(newsroom: Path, arguments: list[str], inside: Inside) -> None:
    out, said = inside("--store", store_in(newsroom), *arguments, code=2)
    assert out == ""
    assert said.startswith("dateline: ")


def test_fresh_weighs_matches_against_age(newsroom: Path, inside: Inside) -> None:
    arguments = ("--store", store_in(newsroom), "search", "harbour", "--json", "--limit", "1", "--sort", "fresh")
    said, _ = inside(*arguments, "--half-life", "1h")
    (hit,) = json.loads(said)["hits"]
    assert hit["article"]["published_at"] == "2024-11-12T00:00:00.000Z"


def test_similar_lists_articles_like_one(newsroom: Path, inside: Inside) -> None:
    said, _ = inside("--store", store_in(newsroom), "similar", "a1", "--limit", "3")
    assert [" ".join(row.split()[4:7]) for row in said.splitlines()[2:]] == ["Troops in Kursk,"] * 3
    dateline(newsroom, "similar", "nope", code=1)


def test_a_minus_excludes_a_word_and_no_option_is_guessed(newsroom: Path, inside: Inside) -> None:
    at = ("--store", store_in(newsroom), "search")
    everything, _ = inside(*at, "report", "--any", "--json")
    fewer, _ = inside(*at, "report", "-harbour", "--any", "--json")
    quoted, _ = inside(*at, "report -harbour", "--any", "--json")
    totals = [json.loads(said)["total"]["value"] for said in (everything, fewer, quoted)]
    assert totals[0] > totals[1] == totals[2]
    assert "--sectoin" in dateline(newsroom, "search", "report", "--sectoin", "World", code=2).stderr


def test_export_writes_everything_and_goes_on_where_it_was_cut_off(newsroom: Path, tmp_path: Path) -> None:
    export = ("--store", store_in(newsroom), "export", "report", "--any", "--output", "all.jsonl", "--bodies")
    dateline(tmp_path, *export)
    file = tmp_path / "all.jsonl"
    whole = file.read_bytes()
    articles = [json.loads(line) for line in whole.splitlines()]
    assert len({one["id"] for one in articles}) == 48
    assert articles[-1]["body"].startswith("Donald Trump")
    for cut in (len(whole) // 2, whole.index(b"\n") + 1, 10):
        file.write_bytes(whole[:cut])
        dateline(tmp_path, *export)
        assert file.read_bytes() == whole
    assert "complete already" in dateline(tmp_path, *export).stderr
    file.write_bytes(whole[: len(whole) // 2])
    refused = dateline(tmp_path, *export, "--section", "World", code=2)
    assert "cursor" in refused.stderr
    file.write_text("mine\n", "utf-8")
    assert "no export" in dateline(tmp_path, *export, code=2).stderr
    assert file.read_text("utf-8") == "mine\n"


def test_export_writes_csv_to_a_new_file(newsroom: Path, tmp_path: Path) -> None:
    export = ("--store", store_in(newsroom), "export", "kursk", "--output", "kursk.csv", "--format", "csv")
    dateline(tmp_path, *export)
    rows = list(csv.DictReader((tmp_path / "kursk.csv").read_text("utf-8-sig").splitlines()))
    assert [row["id"] for row in rows] == [f"a{number}" for number in range(8)]
    assert "already" in dateline(tmp_path, *export, code=2).stderr


def test_trends_are_as_of_a_moment_with_their_reasons(newsroom: Path) -> None:
    answer = printed(newsroom, "trends", "--as-of", MOMENT)
    assert answer["as_of"] == "2024-11-14T12:00:00.000Z"
    assert {"place:kursk", "person:donald-trump"} <= {item["entity"]["id"] for item in answer["items"]}
    assert answer["items"][0]["explain"]["lift"] > 1
    people = printed(newsroom, "trends", "--as-of", MOMENT, "--type", "person", "--section", "World")
    assert {item["entity"]["type"] for item in people["items"]} == {"person"}
    articles = printed(newsroom, "trends", "articles", "--as-of", MOMENT, "--limit", "2")
    assert len(articles["items"]) == 2
    assert "Kursk" in articles["items"][0]["article"]["title"]
    shown = dateline(newsroom, "trends", "--as-of", MOMENT).stdout.splitlines()
    assert shown[0].split() == ["rank", "entities", "status", "score", "now", "usual", "lift", "z", "sources"]
    assert shown[2].split()[0] == "1"


def test_trends_say_when_there_are_none(newsroom: Path) -> None:
    done = dateline(newsroom, "trends", "--as-of", "2019-01-01T00:00:00Z")
    assert len(done.stdout.splitlines()) == 2
    assert "nothing is in the news" in done.stderr


def test_trends_say_what_they_show_instead(newsroom: Path) -> None:
    done = dateline(newsroom, "trends", "stories", "--as-of", "2024-11-24T12:00:00Z")
    assert done.stderr.startswith("nothing is in the news more than usual; these are the newest\n")
    assert len(done.stdout.splitlines()) > 2


def test_entities_are_listed_with_their_numbers_of_articles(newsroom: Path) -> None:
    rows = [line.split() for line in dateline(newsroom, "entities", "list", "--type", "place").stdout.splitlines()[2:]]
    assert ["Kursk", "place", "8", "place:kursk"] in rows
    found = printed(newsroom, "entities", "list", "kursk")
    assert [item["entity"]["id"] for item in found["items"]] == ["place:kursk"]


def test_asking_makes_no_store(inside: Inside, tmp_path: Path) -> None:
    for command in (
        ["search", "x"],
        ["trends"],
        ["entities", "list"],
        ["feeds", "list"],
        ["feeds", "remove", "http://a.example"],
    ):
        assert "There is no store in" in inside(*command, code=3)[1]
    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_goes_away_gets_no_stack_trace(newsroom: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing) as nobody:
        done = subprocess.run(
            [COMMAND, "search", "--json"], cwd=newsroom, env=environment(), stdout=nobody,
            stderr=subprocess.PIPE, timeout=PATIENCE, check=False,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (1, b"")


def test_output_that_cannot_be_written_is_said_in_a_sentence(newsroom: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [COMMAND, "settings"], env=environment(), stdout=full, stderr=subprocess.PIPE, timeout=PATIENCE, check=False
        )
    assert (done.returncode, done.stderr) == (1, b"dateline: No space left on device\n")
