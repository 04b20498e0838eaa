"""The indices of one newsroom: made from `mappings/*.json`, and refused if they are not as these say."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from elasticsearch import BadRequestError, Elasticsearch

import mappings
from indexer.errors import MappingMismatch, StoreUnavailable
from indexer.store.elasticsearch.address import Address
from indexer.store.port import Json

MASTER_TIMEOUT: Final = "10s"
"""Less than the client waits for an answer: so it hears of what the master did not get round to, and never will."""

_NUMBERED: Final = re.compile(r"(.+)-(\d+)")


@dataclass(frozen=True, slots=True)
class Index:
    """One concrete index. Another index under the same name has another `uuid`."""

    name: str
    uuid: str
    shards: int


class Indices:
    """Creates and checks the indices at an address."""

    def __init__(self, client: Elasticsearch, address: Address) -> None:
        self._client = client
        self._address = address

    def prepare(self) -> None:
        """Create what is not there. MappingMismatch if what is there is not understood."""
        articles, records = self._address.articles, self._address.records
        if not self._client.indices.exists(index=articles):
            self._create(f"{articles}-1", mappings.load("articles") | {"aliases": {articles: {}}})
        if not self._client.indices.exists(index=records):
            self._create(records, mappings.load("records"))
        self.check()

    def check(self) -> None:
        """Return if every index is there and as its mapping says. MappingMismatch, StoreUnavailable."""
        for index, name in ((self._address.articles, "articles"), (self._address.records, "records")):
            found = self._client.indices.get_mapping(index=index).body
            for concrete, body in found.items():
                check_mapping(concrete, body["mappings"], mappings.load(name)["mappings"])

    def current(self) -> Index:
        """The index that the alias of the articles points to."""
        found = self._client.indices.get(index=self._address.articles, features="settings").body
        if len(found) != 1:
            raise StoreUnavailable(f"the alias {self._address.articles} points to {len(found)} indices, not to one")
        [(name, body)] = found.items()
        settings = body["settings"]["index"]
        return Index(name, settings["uuid"], int(settings["number_of_shards"]))

    def leftovers(self, current: Index) -> list[str]:
        """The other indices of articles: what a rebuild makes, or made and left."""
        found = self._client.indices.get(index=f"{self._address.articles}-*", features="settings").body
        return [name for name in found if name != current.name and self._number(name)]

    def create_beside(self, current: Index) -> str:
        """A new, empty index of articles without the alias, in place of those that failed rebuilds left.

        It has a number that none of them had: a rebuild that was thought dead must not find another's under its name.
        """
        leftovers = self.leftovers(current)
        self.remove(current, leftovers)
        successor = f"{self._address.articles}-{max(map(self._number, (current.name, *leftovers))) + 1}"
        self._client.indices.create(index=successor, **mappings.load("articles"))
        return successor

    def swap(self, current: Index, successor: str) -> None:
        """Point the alias to the successor, in one step; refused if it does not point to the current index any more."""
        self._change([self._pointing("add", successor)], current)

    def remove(self, current: Index, leftovers: Sequence[str]) -> None:
        """Delete other indices, in one step; refused if the alias does not point to the current index any more."""
        if leftovers:
            gone = [{"remove_index": {"index": name}} for name in leftovers]
            self._change([self._pointing("add", current.name), *gone], current)

    def _change(self, actions: Sequence[Json], current: Index) -> None:
        condition = self._pointing("remove", current.name, must_exist=True)
        # sent again after it was done it would be refused
        self._client.options(max_retries=0).indices.update_aliases(
            actions=[condition, *actions], master_timeout=MASTER_TIMEOUT
        )

    def _pointing(self, action: str, index: str, **options: bool) -> Json:
        return {action: {"index": index, "alias": self._address.articles, **options}}

    def _number(self, name: str) -> int:
        """The number of an index of these articles; 0 is none."""
        match = _NUMBERED.fullmatch(name)
        return int(match[2]) if match and match[1] == self._address.articles else 0

    def _create(self, name: str, body: Json) -> None:
        try:
            self._client.indices.create(index=name, **body)
        except BadRequestError as error:
            if error.message != "resource_already_exists_exception":
                raise


def check_mapping(index: str, found: Json, known: Json) -> None:
    """MappingMismatch unless the mapping found in an index is the one that is known."""
    version, understood = found.get("_meta", {}).get("version"), known["_meta"]["version"]
    if version is None:
        raise MappingMismatch(f"The index {index} was not made by dateline: choose another prefix in DATELINE_STORE.")
    if version != understood:
        raise MappingMismatch(
            f"The index {index} has mapping version {version}, this dateline understands {understood}: "
            "use the dateline that wrote it, or load the articles again under another prefix in DATELINE_STORE."
        )
    changed = sorted(_differing(found.get("properties", {}), known["properties"]))
    if changed:
        raise MappingMismatch(
            f"The mapping of the index {index} was changed from outside ({', '.join(changed)}): "
            "run `dateline rebuild`, which makes it afresh."
        )


def _differing(found: Json, known: Json) -> set[str]:
    return {name for name in found.keys() | known.keys() if found.get(name) != known.get(name)}
