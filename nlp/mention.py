"""The fact that extraction finds: a name, counted inside one text."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

EntityType = Literal["person", "organisation", "place", "other"]
Part = Literal["title", "summary", "body"]


class Text(NamedTuple):
    """What an extractor reads of an article. A part that is missing is the empty string."""

    title: str
    summary: str
    body: str


@dataclass(frozen=True, slots=True)
class Mention:
    """One name in one text, resolved within that text only.

    `key` is the folded name (see `nlp.keys.fold`): a bare "Trump" after "Donald Trump" has the key
    "donald trump", "ISW" after "Institute for the Study of War (ISW)" the key of the full name.
    `count` is the number of occurrences in the whole text. `offset` is where the first one starts, in code
    points, in the part named by `part`. `surfaces` are the forms as written (of a title in capitals: in Title
    Case), the most frequent first (ties: the first seen first). `short` is the abbreviation that the text itself
    defines for the name, if it does.
    """

    key: str
    type: EntityType
    count: int
    part: Part
    offset: int
    surfaces: tuple[str, ...]
    short: str | None = None


class Extractor(Protocol):
    """Finds names. `name` identifies the component and its version, and is stored with every article."""

    @property
    def name(self) -> str: ...

    def extract(self, texts: Iterable[Text]) -> Iterator[tuple[Mention, ...]]:
        """Yield one tuple of mentions per text, in the order of the texts, each key at most once per tuple."""
        ...


class NoExtractor:
    """The twin that finds nothing, for loading without names and for tests."""

    name = "none"

    def extract(self, texts: Iterable[Text]) -> Iterator[tuple[Mention, ...]]:
        return (() for _ in texts)
