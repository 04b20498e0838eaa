import json
import shutil
from pathlib import Path

import pytest

from service.settings import Settings
from tests.service.cli.command import dateline, printed, record, write_lines
from tests.service.cli.conftest import Inside

OPML = """<opml version="2.0"><body><outline text="News">
  <outline text="Harbour" xmlUrl="https://harbour.example/rss"/>
  <outline text="Files" xmlUrl="file:///etc/passwd"/>
</outline></body></opml>"""


def test_rebuild_makes_the_text_index_afresh(tmp_path: Path) -> None:
    write_lines(tmp_path / "news.jsonl", [record(1), record(2)])
    dateline(tmp_path, "ingest", "news.jsonl", "--extractor", "none")
    index = tmp_path / "var/dateline/index"
    before = {path.name for path in index.iterdir() if path.is_dir()}
    assert dateline(tmp_path, "rebuild").stderr.endswith("rebuilt\n")
    assert before.isdisjoint(path.name for path in index.iterdir() if path.is_dir())
    shutil.rmtree(index)
    assert printed(tmp_path, "search", "harbour")["total"]["value"] == 2


def test_doctor_finds_what_is_well_and_what_is_not(tmp_path: Path, small_model: str) -> None:
    write_lines(tmp_path / "news.jsonl", [record(1), record(2)])
    dateline(tmp_path, "ingest", "news.jsonl", "--extractor", "none")
    well = printed(tmp_path, "doctor", model=small_model)
    assert [(row["check"], row["ok"]) for row in well] == [("python", True), ("model", True), ("store", True)]
    assert "2 articles, 0 changes to take in" in well[2]["found"]
    ill = dateline(tmp_path, "--store", "embedded:elsewhere", "doctor", code=1, model="xx_none").stdout
    assert "'xx_none' is not installed" in ill
    assert "There is no store in elsewhere:" in ill
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("folder", [".", "var/dateline"])
def test_where_there_is_no_store_a_rebuild_says_so_and_makes_nothing(tmp_path: Path, folder: str) -> None:
    (tmp_path / folder).mkdir(parents=True, exist_ok=True)
    before = set(tmp_path.rglob("*"))
    said = dateline(tmp_path, "rebuild", code=3).stderr
    assert said == "dateline: There is no store in var/dateline: `dateline ingest`, `serve` or `work` makes one.\n"
    assert set(tmp_path.rglob("*")) == before


def test_settings_show_every_value_but_no_secret(inside: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_API_KEY", "hunter2")
    monkeypatch.setenv("DATELINE_ELASTICSEARCH_API_KEY", "swordfish")
    monkeypatch.setenv("DATELINE_CORS_ORIGINS", "https://a.example, https://b.example")
    shown, _ = inside("settings")
    as_json, _ = inside("settings", "--json")
    values = json.loads(as_json)
    assert list(values) == [f"DATELINE_{setting.upper()}" for setting in Settings.model_fields]
    assert all(f"{variable} " in shown for variable in values)
    assert "https://a.example,https://b.example " in shown
    assert values["DATELINE_PORT"] == 8000
    assert not any(secret in said for said in (shown, as_json) for secret in ("hunter2", "swordfish"))


def test_a_setting_that_cannot_be_is_named(inside: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_PORT", "many")
    _, said = inside("settings", code=2)
    assert said.startswith("dateline: DATELINE_PORT: ")
    assert "many" not in said


def test_feeds_are_added_once_listed_and_removed(inside: Inside) -> None:
    url = "https://news.example/rss"
    assert inside("feeds", "add", url, "--every", "5m", "--title", "News") == ("", f"following {url}\n")
    assert inside("feeds", "add", url) == ("", f"{url} is followed already\n")
    [feed] = json.loads(inside("feeds", "list", "--json")[0])
    assert (feed["url"], feed["title"], feed["interval"], feed["status"]) == (url, "News", 300_000, "not polled yet")
    row = inside("feeds", "list")[0].splitlines()[2]
    assert row.split() == [url, "News", "not", "polled", "yet", "0", "never", "now", "0"]
    assert inside("feeds", "remove", url) == ("", f"no longer following {url}\n")
    assert inside("feeds", "remove", url, code=1) == ("", f"{url} was not followed\n")


def test_an_opml_list_is_imported_but_for_what_is_no_web_address(inside: Inside, tmp_path: Path) -> None:
    (tmp_path / "feeds.opml").write_text(OPML)
    _, said = inside("feeds", "import", "feeds.opml", code=1)
    assert said == (
        "refused: 'file:///etc/passwd' is not an http or https address\n1 feeds added, 0 known before, 1 refused\n"
    )
    assert [feed["url"] for feed in json.loads(inside("feeds", "list", "--json")[0])] == ["https://harbour.example/rss"]
    (tmp_path / "feeds.opml").write_text("<html/>")
    assert "not an OPML list" in inside("feeds", "import", "feeds.opml", code=1)[1]
    assert "No such file" in inside("feeds", "import", "missing.opml", code=2)[1]
