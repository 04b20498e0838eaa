from pathlib import Path

import pytest

from indexer.errors import InvalidParameter
from indexer.store.embedded.store import EmbeddedStore
from indexer.store.opening import open_store


@pytest.mark.parametrize(
    ("url", "folder"),
    [
        ("embedded:///var/lib/dateline", "/var/lib/dateline"),
        ("embedded:./var/demo", "var/demo"),
        ("embedded:demo", "demo"),
        ("embedded:/a b/100%", "/a b/100%"),
    ],
)
def test_an_embedded_store_is_named_by_its_folder(url: str, folder: str) -> None:
    store = open_store(url)
    assert isinstance(store, EmbeddedStore)
    assert store._folder == Path(folder)
    store.close()


@pytest.mark.parametrize(
    "url", ["", "embedded", "embedded:", "embedded://", "embedded://host/x", "http://x:9200/y", "x"]
)
def test_what_is_no_store_is_refused(url: str) -> None:
    with pytest.raises(InvalidParameter, match="write embedded:") as refused:
        open_store(url)
    assert refused.value.parameter == "store"
