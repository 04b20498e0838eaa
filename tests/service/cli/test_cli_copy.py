"""Copying a newsroom between stores of all kinds, also one that was cut off or is written to meanwhile."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer import copying
from indexer.article import Article
from indexer.copying import CARRIED, copy
from indexer.errors import InvalidParameter
from indexer.store.opening import open_store
from indexer.store.port import Json, Selection, Store
from tests.contract.factories import article, entities
from tests.service.cli.command import dateline, heard, running
from tests.service.cli.conftest import Inside

KINDS = ["embedded", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)]
BODY = "A ship came in. " * 40
NewUrl = Callable[[str], str]


@pytest.fixture
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[NewUrl]:
    """Makes URLs of stores that are not there yet, of a kind; nothing is left of them."""
    family, nodes = f"copy-{uuid4().hex}", set[str]()

    def make(kind: str) -> str:
        if kind == "embedded":
            return f"embedded:{tmp_path / uuid4().hex}"
        nodes.add(request.getfixturevalue("elasticsearch_url"))
        return f"elasticsearch+{next(iter(nodes))}/{family}-{uuid4().hex}"

    yield make
    for node in nodes:
        for row in httpx.get(f"{node}/_cat/indices/{family}-*?format=json").raise_for_status().json():
            httpx.delete(f"{node}/{row['index']}").raise_for_status()


@pytest.fixture
def opened(new_url: NewUrl) -> Iterator[Callable[[str], Store]]:
    """Makes stores of a kind, prepared."""
    with ExitStack() as stores:

        def make(kind: str) -> Store:
            store = stores.enter_context(closing(open_store(new_url(kind))))
            store.prepare()
            return store

        yield make


def news(number: int, **fields: object) -> Article:
    return article(
        f"a{number}",
        f"Report {number}",
        at=number,
        body=BODY,
        section="World",
        entities=entities("place:kursk"),
        **fields,
    )


def filled(store: Store, number: int = 30) -> Store:
    """Articles, deletions, and every kind of record."""
    store.write([news(n) for n in range(number)])
    store.delete(["a3", "a4"])
    store.put_record("decision", "000001", {"act": "hide"})
    store.put_record("refusal", "one", {"id": "hide~person:he"})
    store.put_record("pin", "00000001", {"number": 1})
    store.put_record("alert", "1:entity:place:kursk", {"subject": "place:kursk"})
    store.put_record("feed", "one", {"url": "https://a.example/rss"})
    store.put_record("secret", "cursors", {"value": "secret"})
    store.put_record("lease", "worker", {"holder": "somebody"})
    return store


def articles_of(store: Store) -> dict[str, Article]:
    """What a store holds, by its changes."""
    found: dict[str, Article | None] = {}
    mark = None
    while (changes := store.changes(mark, 200)).items:
        found |= {change.id: change.article for change in changes.items}
        mark = changes.mark
    return {article_id: one for article_id, one in found.items() if one}


def records_of(store: Store) -> dict[str, dict[str, Json]]:
    return {kind: store.records(kind) for kind in CARRIED}


def assert_equal(source: Store, target: Store) -> None:
    assert articles_of(target) == articles_of(source)
    assert records_of(target) == records_of(source)


def copy_all(source: Store, target: Store) -> None:
    for _ in copy(source, target, "the source"):
        pass


@pytest.mark.parametrize("to", KINDS)
@pytest.mark.parametrize("from_", KINDS)
def test_everything_comes_across_and_again_what_has_changed_since(
    opened: Callable[[str], Store], from_: str, to: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "BATCH", 7)
    source, target = filled(opened(from_)), opened(to)
    copy_all(source, target)
    assert_equal(source, target)
    assert len(articles_of(target)) == 28
    assert "worker" not in target.records("lease")
    assert target.records("refusal") == {"one": {"id": "hide~person:he"}}
    assert target.records("pin").keys() == {"00000001"}
    assert target.records("alert").keys() == {"1:entity:place:kursk"}
    target.refresh()
    assert target.count(Selection(filters={"entity": ("place:kursk",)})) == 28

    source.delete(["a5", "a6"])
    source.write([news(6, modified_at=1), news(7, summary="Edited"), news(40)])
    source.put_record("decision", "000002", {"act": "undo", "number": 1})
    source.drop_record("feed", "one")
    copy_all(source, target)
    assert_equal(source, target)


def test_an_article_that_was_deleted_and_came_again_is_as_in_the_source(opened: Callable[[str], Store]) -> None:
    source, target = opened("embedded"), opened("embedded")
    source.write([news(1, modified_at=9)])
    copy_all(source, target)
    source.delete(["a1"])
    source.write([article("a1", "Born again", at=77, modified_at=5)])
    copy_all(source, target)
    assert_equal(source, target)


_Step = tuple[str, list[int]]
_steps: st.SearchStrategy[list[_Step]] = st.lists(
    st.tuples(
        st.sampled_from(["write", "delete", "renew", "copy"]), st.lists(st.integers(0, 2), min_size=1, max_size=3)
    ),
    min_size=4,
    max_size=12,
)


@given(_steps)
@settings(max_examples=30, deadline=None)
def test_however_often_it_is_cut_off_it_ends_with_equal_stores(steps: Sequence[_Step]) -> None:
    with (
        TemporaryDirectory() as folder,
        pytest.MonkeyPatch.context() as patch,
        closing(open_store(f"embedded:{folder}/source")) as source,
        closing(open_store(f"embedded:{folder}/target")) as target,
    ):
        patch.setattr(copying, "BATCH", 2)
        source.prepare()
        target.prepare()
        for moment, (step, numbers) in enumerate(steps):
            if step == "copy":
                _cut_off(source, target, numbers[0])
            if step in {"delete", "renew"}:
                source.delete([f"a{n}" for n in numbers])
            if step in {"write", "renew"}:
                source.write([article(f"a{n}", f"As of {moment}", at=moment, modified_at=n) for n in numbers])
        copy_all(source, target)
        assert_equal(source, target)


def _cut_off(source: Store, target: Store, batches: int) -> None:
    """Copy a few batches, the last of which is there without its mark."""
    before = target.records("copy")
    for _ in zip(range(batches + 1), copy(source, target, "the source"), strict=False):
        pass
    if before and batches % 2:
        target.put_record("copy", "the source", before["the source"])


@pytest.mark.parametrize("kind", KINDS)
def test_a_store_is_not_copied_into_itself(opened: Callable[[str], Store], new_url: NewUrl, kind: str) -> None:
    url = new_url(kind)
    with closing(open_store(url)) as one, closing(open_store(url)) as same:
        one.prepare()
        with pytest.raises(InvalidParameter, match="the store that is to be copied"):
            copy_all(one, same)
        assert not one.records("copy")


def test_only_an_empty_store_or_one_that_is_a_copy_is_written_to(opened: Callable[[str], Store]) -> None:
    source = filled(opened("embedded"))
    uses: tuple[Callable[[Store], object], ...] = (
        lambda store: store.write([news(1)]),
        lambda store: store.put_record("feed", "two", {}),
        lambda store: store.put_record("decision", "000001", {"act": "merge"}),
    )
    for use in uses:
        used = opened("embedded")
        use(used)
        before = articles_of(used), records_of(used)
        with pytest.raises(InvalidParameter, match="one that is empty"):
            copy_all(source, used)
        assert (articles_of(used), records_of(used)) == before
    other = opened("embedded")
    copy_all(opened("embedded"), other)
    with pytest.raises(InvalidParameter, match="is a copy of the source"):
        list(copy(source, other, "another source"))


def test_decisions_made_in_a_copy_are_never_lost(opened: Callable[[str], Store]) -> None:
    source, target = filled(opened("embedded")), opened("embedded")
    copy_all(source, target)
    target.put_record("decision", "000002", {"act": "merge"})
    source.put_record("decision", "000002", {"act": "retype"})
    with pytest.raises(InvalidParameter, match="Decisions have been made"):
        copy_all(source, target)
    assert target.records("decision")["000002"] == {"act": "merge"}


def test_the_command_copies_says_so_and_refuses_what_cannot_be(tmp_path: Path, inside: Inside) -> None:
    with closing(open_store(f"embedded:{tmp_path}/source")) as source:
        source.prepare()
        filled(source)
    _, said = inside("copy", "--from", "embedded:source", "--to", "embedded:target")
    assert said.endswith("copied: 28 articles written, 2 deleted\n")
    _, again = inside("copy", "--from", f"embedded:{tmp_path}/source", "--to", "embedded:target")
    assert again.endswith("copied: 28 articles written, 2 deleted\n")
    assert (
        "the store that is to be copied"
        in inside("copy", "--from", "embedded:source", "--to", "embedded:source/", code=2)[1]
    )
    assert (
        "There is no store in nowhere"
        in inside("copy", "--from", "embedded:nowhere", "--to", "embedded:new", code=3)[1]
    )
    assert not (tmp_path / "new").exists()
    assert "--to" in inside("copy", "--from", "embedded:source", code=2)[1]


@pytest.mark.slow
@pytest.mark.parametrize(("from_", "to"), [("embedded", "elasticsearch"), ("elasticsearch", "embedded")])
@pytest.mark.elasticsearch
def test_a_killed_copy_that_is_started_again_ends_with_equal_stores(
    tmp_path: Path, new_url: NewUrl, from_: str, to: str
) -> None:
    source_url, target_url = new_url(from_), new_url(to)
    arguments = ["copy", "--from", source_url, "--to", target_url]
    chance = random.Random(1)  # noqa: S311 - which moments, not which secrets
    with closing(open_store(source_url)) as source, closing(open_store(target_url)) as target:
        source.prepare()
        for start in range(0, 12_000, 500):
            source.write([news(n) for n in range(start, start + 500)])
        filled(source, 5)
        for _ in range(3):
            with running(tmp_path, *arguments) as process:
                heard(tmp_path, process, "copying")
                time.sleep(chance.uniform(0.2, 1))
        done = dateline(tmp_path, *arguments)
        assert done.stderr.endswith("copied: 11,998 articles written, 2 deleted\n")
        assert_equal(source, target)
        assert target.count(Selection()) == 11_998
