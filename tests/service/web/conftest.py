from collections.abc import Iterator

import httpx
import pytest

from service.newsroom import Newsroom
from tests.service.api.conftest import new_store
from tests.service.web.filled import open_filled
from tests.serving import await_ready, serving

__all__ = ["new_store"]


@pytest.fixture(scope="session")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    filled = open_filled(tmp_path_factory.mktemp("pages") / "store")
    filled.start()
    await_ready(filled)
    yield filled
    filled.stop()


@pytest.fixture(scope="session")
def client(newsroom: Newsroom) -> Iterator[httpx.Client]:
    with serving(newsroom, lifespan="off") as address, httpx.Client(base_url=address) as opened:
        yield opened
