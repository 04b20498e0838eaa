from collections.abc import Callable
from copy import deepcopy
from threading import Thread

import pytest
from elasticsearch import Elasticsearch

import mappings
from indexer.errors import MappingMismatch, StoreUnavailable
from indexer.store.elasticsearch.indices import check_mapping
from indexer.store.elasticsearch.store import ElasticsearchStore
from indexer.store.port import Json
from tests.indexer.store.elasticsearch.conftest import Opener

pytestmark = pytest.mark.elasticsearch
KNOWN: Json = mappings.load("articles")["mappings"]


def changed(change: Callable[[Json], object]) -> Json:
    found: Json = deepcopy(KNOWN)
    change(found)
    return found


@pytest.mark.parametrize(
    ("found", "says"),
    [
        ({}, "not made by dateline: choose another prefix"),
        (changed(lambda found: found["_meta"].update(version=99)), "version 99, this dateline understands 4: use"),
        (changed(lambda found: found["properties"].pop("title")), r"\(title\): run `dateline rebuild`"),
        (changed(lambda found: found["properties"].update(x={"type": "long"}, id={"type": "text"})), r"\(id, x\)"),
    ],
)
def test_a_mapping_that_is_not_understood_is_refused(found: Json, says: str) -> None:
    check_mapping("news-articles-1", KNOWN, KNOWN)
    with pytest.raises(MappingMismatch, match=says):
        check_mapping("news-articles-1", found, KNOWN)


def test_prepare_makes_what_is_missing_and_nothing_else(open_again: Opener, client: Elasticsearch, prefix: str) -> None:
    store = open_again()
    with pytest.raises(StoreUnavailable, match="not there"):
        store.ping()
    store.prepare()
    made = client.indices.get(index=f"{prefix}-*").body
    assert set(made) == {f"{prefix}-articles-1", f"{prefix}-records"}
    store.prepare()
    assert client.indices.get(index=f"{prefix}-*").body == made
    store.ping()


def test_processes_can_prepare_at_once(open_again: Opener) -> None:
    failures: list[Exception] = []

    def prepare() -> None:
        try:
            open_again().prepare()
        except Exception as failure:  # noqa: BLE001 - whatever it is
            failures.append(failure)

    threads = [Thread(target=prepare) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_another_version_is_refused(
    store: ElasticsearchStore, open_again: Opener, client: Elasticsearch, prefix: str
) -> None:
    client.indices.put_mapping(index=f"{prefix}-articles", meta={"version": 99})
    for refused in (open_again().prepare, store.ping):
        with pytest.raises(MappingMismatch, match=f"{prefix}-articles-1 has mapping version 99"):
            refused()


def test_foreign_indices_under_the_same_names_are_refused(
    open_again: Opener, client: Elasticsearch, prefix: str
) -> None:
    client.indices.create(index=f"{prefix}-records")
    with pytest.raises(MappingMismatch, match="choose another prefix"):
        open_again().prepare()


def test_a_field_added_from_outside_is_found_and_mended_by_a_rebuild(
    store: ElasticsearchStore, client: Elasticsearch, prefix: str
) -> None:
    client.indices.put_mapping(index=f"{prefix}-articles", properties={"colour": {"type": "keyword"}})
    with pytest.raises(MappingMismatch, match=r"\(colour\): run `dateline rebuild`"):
        store.ping()
    store.rebuild()
    store.ping()


def test_the_analyzer_cuts_folds_and_stems(store: ElasticsearchStore, client: Elasticsearch, prefix: str) -> None:
    text = "The WHO's Müller\u2019s elections: covid-19, 東京都, " + "x" * 201
    found = client.indices.analyze(index=f"{prefix}-articles", analyzer="news", text=text)
    assert [token["token"] for token in found["tokens"]] == [
        *("the", "who", "muller", "elect", "covid", "19"),
        *("東", "京", "都"),
    ]
