"""A `get` for tests of what is on disk."""

from indexer.errors import UnreadableSource
from indexer.sources.fetch import Fetched


def no_network(url: str) -> Fetched:
    raise UnreadableSource(f"{url}: this test has no network")
