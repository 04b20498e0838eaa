"""Names whose type is beyond doubt, and words that are mistaken for names. A list of forms, not of entities.

`names.json` has bodies and people under forms that mean nothing else, so that no model has to guess them; places and
companies that are words, which are names inside a sentence; places that are forenames; ordinary words that are also
names, which a headline in Title Case cannot tell apart; and phrases in which such words are no names.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from nlp.finder import Finder
from nlp.lines import Line
from nlp.mention import EntityType

_AFTER_A_WORD: Final = re.compile(r"(?:^|[\s(])[a-z][\w'\u2019-]*,? $")
_DOES: Final = re.compile(
    r" (?:to (?!be )[a-z]+|will|says?|said|wins?|loses?|lost|cuts?|closes?|shuts?|opens?|buys?|sells?|lifts?|raises?|"
    r"posts?|reports?|launches|launched|hires?|names?|plans?|halts?|sues?|sued|warns?|unveils?|recalls?|agrees?|faces|"
    r"fined|ordered|beats|misses|signs?|starts?|pays?|denies|rejects|bans?|apologises)\b"
)
_NEXT_WORD: Final = re.compile(r"[ -]([^\W\d_]+)")
_LOOK_BACK: Final = 30


@dataclass(frozen=True, slots=True)
class Names:
    """What is known of names without a model."""

    anywhere: tuple[tuple[EntityType, Finder], ...]
    after_words: tuple[tuple[EntityType, Finder], ...]
    forenames: frozenset[str]
    words: frozenset[str]
    phrases: frozenset[str]

    def is_phrase(self, line: str, start: int, end: int) -> bool:
        """Whether a word with the one after it speaks of a thing: "turkey farms", "visa rules"."""
        following = _NEXT_WORD.match(line, end)
        return following is not None and f"{line[start:end]} {following[1]}".lower() in self.phrases

    def find(self, line: Line) -> Iterator[tuple[int, int, EntityType]]:
        """Where names start and end whose type is beyond doubt, and the type."""
        for kind, finder in self.anywhere:
            yield from ((start, end, kind) for start, end in finder.find(line.text))
        for kind, finder in self.after_words if line.is_prose else ():
            yield from ((*span, kind) for span in finder.find(line.text) if _is_named(line.text, *span))


@cache
def load() -> Names:
    """Read the names: some milliseconds, once per process."""
    written = json.loads(resources.files("nlp").joinpath("names.json").read_text(encoding="utf-8"))
    return Names(
        anywhere=(("organisation", Finder(written["organisations"])), ("person", Finder(written["people"]))),
        after_words=(("place", Finder(written["places"])), ("organisation", Finder(written["companies"]))),
        forenames=frozenset(map(str.lower, written["forenames"])),
        words=frozenset(written["words"]),
        phrases=frozenset(written["phrases"]),
    )


def _is_named(line: str, start: int, end: int) -> bool:
    """Whether a word has a capital inside a sentence, or does at its start what companies do."""
    if start == 0:
        return _DOES.match(line, end) is not None
    return _AFTER_A_WORD.search(line[max(0, start - _LOOK_BACK) : start]) is not None
