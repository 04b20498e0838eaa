"""What of a query can be marked in a text. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from indexer.query.ast import And, Field, Fuzzy, Not, Or, Phrase, Prefix, Query, Text
from indexer.query.nearness import Pair, near_pairs
from indexer.query.tokens import fold, terms, tokens

Needle = tuple[str, ...]


@dataclass(frozen=True)
class Needles:
    """As terms the `phrases`, words together or one alone, and as pairs the words that stand `near` each other.

    Folded only: whole `words`, the beginnings of words, and words with a letter wrong.
    """

    phrases: tuple[Needle, ...] = ()
    near: tuple[tuple[Pair, ...], ...] = ()
    words: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    fuzzy: tuple[str, ...] = ()

    @cached_property
    def by_first(self) -> dict[str, tuple[Needle, ...]]:
        """The phrases by their first term."""
        grouped: dict[str, tuple[Needle, ...]] = {}
        for phrase in self.phrases:
            grouped[phrase[0]] = (*grouped.get(phrase[0], ()), phrase)
        return grouped

    @cached_property
    def are_stems(self) -> bool:
        """Whether only phrases are looked for."""
        return not (self.words or self.prefixes or self.fuzzy)

    def like(self, word: str) -> Iterator[Needle]:
        """The needles that a folded word is one of, or begins like, or is nearly."""
        yield from ((one,) for one in self.words if one == word)
        yield from ((one + "*",) for one in self.prefixes if word.startswith(one))
        yield from ((one + "~",) for one in self.fuzzy if is_nearly(one, word))


def needles(query: Query, *, in_title: bool) -> Needles:
    """What is looked for in the title, or in the rest of the text; not what is excluded, nor names of entities."""
    found = [_needles(part) for part in dict.fromkeys(_leaves(query, in_title=in_title))]
    return Needles(
        *(
            tuple(dict.fromkeys(needle for each in found for needle in getattr(each, kind)))
            for kind in ("phrases", "near", "words", "prefixes", "fuzzy")
        )
    )


def is_nearly(word: str, other: str) -> bool:
    """Whether at most one letter was added, left out, changed or swapped with the next; never the first one."""
    if word[:1] != other[:1] or abs(len(word) - len(other)) > 1:
        return False
    same = next((place for place, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), None)
    if same is None:
        return True
    left, right = word[same:], other[same:]
    return (
        left[1:] == right[1:]
        or left[1:] == right
        or left == right[1:]
        or (left[:2] == right[1::-1] and left[2:] == right[2:])
    )


def _leaves(query: Query, *, in_title: bool) -> Iterator[Text | Phrase | Prefix | Fuzzy]:
    match query:
        case Text() | Phrase() | Prefix() | Fuzzy():
            yield query
        case Field("title", leaf) if in_title:
            yield leaf
        case And(parts) | Or(parts):
            for part in parts:
                yield from _leaves(part, in_title=in_title)
        case Not(Not(part)):
            yield from _leaves(part, in_title=in_title)
        case _:
            return


def _needles(leaf: Text | Phrase | Prefix | Fuzzy) -> Needles:
    match leaf:
        case Prefix(text):
            *whole, last = _folded(text) or [""]
            return Needles(words=tuple(whole), prefixes=(last,) if last else ())
        case Fuzzy(word):
            return Needles(fuzzy=tuple(_folded(word)))
        case Phrase(text, slop) if slop and len(terms(text)) > 1:
            return Needles(near=(tuple(near_pairs(terms(text), slop)),))
        case Text(text) | Phrase(text):
            found = tuple(terms(text))
            return Needles(phrases=(found,) if found else ())


def _folded(text: str) -> list[str]:
    return list(map(fold, tokens(text)))
