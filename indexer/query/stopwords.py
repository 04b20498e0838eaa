"""Words that say nothing of what an article is about. They are indexed, and only left out of queries that say more."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from indexer.query.ast import And, Named, Or, Query, Text, is_condition
from indexer.query.tokens import fold

_ARTICLES: Final = "a an the this that these those"
_PRONOUNS: Final = (
    "i me my mine myself we us our ours ourselves you your yours yourself he him his himself she her hers herself "
    "it its itself they them their theirs themselves who whom whose which what"
)
_VERBS: Final = (
    "am is are was were be been being have has had having do does did doing will would shall should can could may "
    "might must ought cannot"
)
_PREPOSITIONS: Final = (
    "about above after against among at before below between by down during for from in into of off on onto out over "
    "through to toward towards under until up upon with within without"
)
_OTHERS: Final = (
    "and but or nor if because as while than so not no yes there here when where why how all any both each few more "
    "most other some such own same too very only just again further then once also"
)
STOP_WORDS: Final = frozenset(f"{_ARTICLES} {_PRONOUNS} {_VERBS} {_PREPOSITIONS} {_OTHERS}".split())


def without_stop_words(query: Query) -> Query:
    """The query without its stop words, wherever words that are none stand beside them.

    A word in capitals ("WHO") is a name, unless all are written so and it is none that is known. Phrases are left as
    they are.
    """
    words = list(_words(query))
    shouting = len(words) > 1 and all(word.isupper() for word in words)
    return _without(query, shouting=shouting)


def is_stop_word(word: str, *, shouting: bool = False) -> bool:
    """Whether a word, as typed, is a stop word and not a name in capitals."""
    named = word.isupper() and len(word) > 1 and not shouting
    return not named and fold(word) in STOP_WORDS


def _without(query: Query, *, shouting: bool) -> Query:
    match query:
        case And(parts) | Or(parts):
            shouting = shouting and not any(isinstance(part, Named) for part in parts)
            rest = [
                part for part in parts if not (isinstance(part, Text) and is_stop_word(part.word, shouting=shouting))
            ]
            if all(map(is_condition, rest)):
                return query
            kept = tuple(_without(part, shouting=shouting) for part in rest)
            return kept[0] if len(kept) == 1 else replace(query, parts=kept)
        case _:
            return query


def _words(query: Query) -> Iterator[str]:
    match query:
        case Text(word):
            yield word
        case And(parts) | Or(parts):
            for part in parts:
                yield from _words(part)
        case _:
            return
