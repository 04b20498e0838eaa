from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.store.embedded.store import EmbeddedStore


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "newsroom"


@pytest.fixture
def store(folder: Path) -> Iterator[EmbeddedStore]:
    opened = EmbeddedStore(folder)
    opened.prepare()
    yield opened
    opened.close()
