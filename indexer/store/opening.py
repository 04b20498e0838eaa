"""One URL picks the store."""

from pathlib import Path

from indexer.errors import InvalidParameter
from indexer.store.port import Store

_FORMS = "embedded:///absolute/folder, embedded:./relative/folder or elasticsearch+https://host:9200/name"


def open_store(url: str, *, elasticsearch_api_key: str | None = None, elasticsearch_ca: str | None = None) -> Store:
    """The store of a URL, not yet prepared; nothing is connected. InvalidParameter if it is not the URL of one."""
    scheme, _, rest = url.partition(":")
    if scheme == "embedded":
        from indexer.store.embedded.store import EmbeddedStore  # noqa: PLC0415 - only the store in use is loaded

        return EmbeddedStore(_folder(url, rest))
    if scheme in ("elasticsearch+http", "elasticsearch+https"):
        from indexer.store.elasticsearch.store import ElasticsearchStore  # noqa: PLC0415 - likewise

        return ElasticsearchStore(url, api_key=elasticsearch_api_key, ca=elasticsearch_ca)
    raise InvalidParameter("store", f"{url!r} is not a store: write {_FORMS}.")


def _folder(url: str, path: str) -> Path:
    """`embedded:` takes a path as it is, and an absolute one also after the empty host of a URL."""
    if path.startswith("//"):
        path = path.removeprefix("//")
        if not path.startswith("/"):
            raise InvalidParameter("store", f"{url!r} names a host, and an embedded store has none: write {_FORMS}.")
    if not path:
        raise InvalidParameter("store", f"{url!r} names no folder: write {_FORMS}.")
    return Path(path)
