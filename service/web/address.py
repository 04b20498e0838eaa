"""Addresses of pages: the parameters of one page, changed into the links of the next."""

from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

from indexer.sources.identity import web_address

Pairs = tuple[tuple[str, str], ...]

CURSOR = "cursor"
"""Belongs to one list only: every link that changes the list leaves it out."""


@dataclass(frozen=True, slots=True)
class Address:
    """A path and its parameters, in the order they were given; those without a value are left out of the text."""

    path: str
    pairs: Pairs = ()

    def __str__(self) -> str:
        given = [(name, value) for name, value in self.pairs if value]
        return f"{self.path}?{urlencode(given)}" if given else self.path

    def values(self, name: str) -> tuple[str, ...]:
        return tuple(value for key, value in self.pairs if key == name and value)

    def value(self, name: str) -> str:
        """The last value of a parameter, empty if it has none."""
        return next(iter(reversed(self.values(name))), "")

    def without(self, *names: str) -> "Address":
        """The address without these parameters, at the first page of its list."""
        dropped = {*names, CURSOR}
        return replace(self, pairs=tuple(pair for pair in self.pairs if pair[0] not in dropped))

    def having(self, name: str, value: str) -> "Address":
        """The address with this as the only value of a parameter."""
        rest = self.without(name)
        return replace(rest, pairs=(*rest.pairs, (name, value)))

    def toggled(self, name: str, value: str) -> "Address":
        """The address with one value of a repeatable parameter added, or removed if it is there."""
        rest = self.without()
        if (name, value) in rest.pairs:
            return replace(rest, pairs=tuple(pair for pair in rest.pairs if pair != (name, value)))
        return replace(rest, pairs=(*rest.pairs, (name, value)))


def article_path(article_id: str) -> str:
    return f"/articles/{quote(article_id, safe='')}"


def entity_path(entity_id: str) -> str:
    return f"/entities/{quote(entity_id, safe=':')}"


def story_path(story_id: str) -> str:
    return f"/stories/{quote(story_id, safe='')}"


def phrase_path(text: str) -> str:
    """A search for a text as a phrase."""
    return str(Address("/", (("q", f'"{text.replace(chr(34), " ").strip()}"'),)))


def outward(url: str | None) -> str | None:
    """The URL if it is one of http or https that a page may link to, else None."""
    return web_address(url) if url else None
