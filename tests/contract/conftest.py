"""Every test that takes `store` or `shared_store` runs once per store."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from indexer.store.opening import open_store
from indexer.store.port import Store

Opener = Callable[[], Store]

STORES = ["embedded", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)]


@pytest.fixture(params=STORES)
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A place where there is no store yet, and where nothing is left afterwards."""
    with _place(request, tmp_path) as url:
        yield url


@pytest.fixture
def open_again(store_url: str) -> Iterator[Opener]:
    """Opens the store as another process would."""
    with ExitStack() as opened:
        yield lambda: opened.enter_context(closing(open_store(store_url)))


@pytest.fixture
def store(open_again: Opener) -> Store:
    """An empty store."""
    opened = open_again()
    opened.prepare()
    return opened


@pytest.fixture(params=STORES, scope="module")
def shared_store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One store for all tests of a module that only read it: a new one takes Elasticsearch a second."""
    with _place(request, tmp_path_factory.mktemp("shared")) as url, closing(open_store(url)) as opened:
        opened.prepare()
        yield opened


@contextmanager
def _place(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    if request.param == "embedded":
        yield f"embedded://{folder}/newsroom"
        return
    node: str = request.getfixturevalue("elasticsearch_url")
    prefix = f"contract-{uuid4().hex}"
    yield f"elasticsearch+{node}/{prefix}"
    rows = httpx.get(f"{node}/_cat/indices/{prefix}-*?format=json").raise_for_status().json()
    if names := ",".join(row["index"] for row in rows):
        httpx.delete(f"{node}/{names}").raise_for_status()
