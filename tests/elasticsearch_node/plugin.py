"""The pytest fixture of a real Elasticsearch. Load it with `pytest_plugins = ["tests.elasticsearch_node.plugin"]`."""

import os
from collections.abc import Iterator

import pytest

from tests.elasticsearch_node.node import NoNodeError, running


@pytest.fixture(scope="session")
def elasticsearch_url() -> Iterator[str]:
    """`http://host:port` of DATELINE_TEST_ELASTICSEARCH, else of a node that lasts for the session.

    Where there can be none the test is skipped, or fails if REQUIRE_ES=1.
    """
    given = os.environ.get("DATELINE_TEST_ELASTICSEARCH")
    if given:
        yield given.rstrip("/")
        return
    try:
        with running() as url:
            yield url
    except NoNodeError as lack:
        _do_without(str(lack))


def _do_without(reason: str) -> None:
    if os.environ.get("REQUIRE_ES") == "1":
        pytest.fail(f"REQUIRE_ES=1, but {reason}")
    pytest.skip(reason)
