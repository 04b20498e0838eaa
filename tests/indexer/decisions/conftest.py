from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.store.port import Store
from tests.indexer.decisions.desk import article, newsroom


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A newsroom in which three persons are named."""
    with newsroom(tmp_path, article("a", "Jane Doe", "J. Doe"), article("b", "Jon Roe", "Jane Doe")) as opened:
        yield opened
