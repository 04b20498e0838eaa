from collections.abc import Callable, Iterator
from uuid import uuid4

import httpx
import pytest

from service.newsroom import Newsroom
from tests.service.api.served import KEY, articles, open_filled, served

STORES = ["embedded", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)]


@pytest.fixture(params=STORES, scope="module")
def new_store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], str]]:
    """Makes URLs of empty stores of one kind; whoever takes it runs once per kind."""
    if request.param == "embedded":
        yield lambda: f"embedded:{tmp_path_factory.mktemp('api') / 'store'}"
        return
    node: str = request.getfixturevalue("elasticsearch_url")
    family = f"api-{uuid4().hex}"
    yield lambda: f"elasticsearch+{node}/{family}-{uuid4().hex}"
    rows = httpx.get(f"{node}/_cat/indices/{family}-*?format=json").raise_for_status().json()
    for row in rows:
        httpx.delete(f"{node}/{row['index']}").raise_for_status()


@pytest.fixture(scope="session")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A served newsroom that no test changes."""
    with served(open_filled(tmp_path_factory.mktemp("api") / "store", articles())) as client:
        yield client


@pytest.fixture
def writable(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """A newsroom with a key, not served yet."""
    return open_filled(tmp_path_factory.mktemp("api") / "store", articles(), api_key=KEY, max_body_bytes=10_000)


@pytest.fixture
def writing(writable: Newsroom) -> Iterator[httpx.Client]:
    with served(writable) as client:
        yield client
