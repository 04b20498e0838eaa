from collections.abc import Iterator

import httpx
import pytest

from service.newsroom import Newsroom
from tests.service.api.served import KEY, articles, open_filled, served


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
