"""Where an Elasticsearch store is, read from its URL."""

import re
from dataclasses import dataclass
from typing import Final

from indexer.errors import InvalidParameter

_URL: Final = re.compile(r"elasticsearch\+(https?)://([^/?#]+)(?:/([^/?#]*))?/?")
_HOST: Final = re.compile(r"(\[[0-9a-fA-F:.]+\]|[^\s:@\[\]]+)(:\d{1,5})?")
_PREFIX: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")
_PORT: Final = ":9200"


@dataclass(frozen=True, slots=True)
class Address:
    """The nodes, as URLs, and the prefix of the names of this newsroom's indices."""

    hosts: tuple[str, ...]
    prefix: str

    @property
    def articles(self) -> str:
        """The alias of the index of articles."""
        return f"{self.prefix}-articles"

    @property
    def records(self) -> str:
        return f"{self.prefix}-records"


def parse_address(url: str) -> Address:
    """Read `elasticsearch+http://host:9200/news`; hosts of one cluster are joined by commas. InvalidParameter."""
    match = _URL.fullmatch(url)
    if match is None:
        raise InvalidParameter("store", f"{url!r} is not of the form elasticsearch+http://host:9200/news")
    scheme, hosts, prefix = match[1], match[2], match[3] or "dateline"
    if not _PREFIX.fullmatch(prefix):
        raise InvalidParameter("store", f"{prefix!r} cannot begin the name of an index: use a-z, 0-9, _ and -")
    return Address(tuple(_host(scheme, host) for host in hosts.split(",")), prefix)


def _host(scheme: str, text: str) -> str:
    if "@" in text:
        raise InvalidParameter("store", "a URL is no place for a password: set DATELINE_ELASTICSEARCH_API_KEY")
    match = _HOST.fullmatch(text)
    if match is None:
        raise InvalidParameter("store", f"{text!r} is not a host or host:port")
    return f"{scheme}://{match[1]}{match[2] or _PORT}"
