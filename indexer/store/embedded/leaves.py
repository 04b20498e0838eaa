"""The leaves of a query, words in fields, as Tantivy queries. Pure."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, NamedTuple

from tantivy import Occur, Query, Token

from indexer.query.ast import FieldName, Fuzzy, Leaf, Phrase, Prefix, Text
from indexer.query.nearness import Pair, near_pairs
from indexer.query.tokens import LONGEST_FUZZY
from indexer.store.embedded.schema import Fields
from indexer.store.fields import LOOKED_IN, TEXT, UNSTEMMED, WORDS, encodable

_STRETCH: Final = 8

Make = Callable[[str], Query]
"""The query of some tokens, for the name of a field."""


class _Place(NamedTuple):
    """Where a leaf is looked for: fields, and their analysis."""

    fields: tuple[str, ...]
    analyzer: str


def compile_leaf(leaf: Leaf, name: FieldName | None, fields: Fields) -> Query | None:
    """The query of a leaf in the field `name`, or in the whole text. None if analysis finds no token in it."""
    place = _place(leaf, name)
    text = leaf.word if isinstance(leaf, Text | Fuzzy) else leaf.text
    tokens = fields.analyzers[place.analyzer].pre_tokenize(encodable(text)).tokens
    return _best(place.fields, _make(leaf, tokens, fields)) if tokens else None


def _place(leaf: Leaf, name: FieldName | None) -> _Place:
    as_written = isinstance(leaf, Prefix | Fuzzy)
    if name is None:
        return _Place((WORDS,), "plain") if as_written else _Place((TEXT,), "news")
    if name == "title":
        return _Place((UNSTEMMED[name],), "plain") if as_written else _Place((name,), "news")
    return _Place(LOOKED_IN[name], "plain")


def _best(names: Sequence[str], make: Make) -> Query:
    """In any of the fields; the best one counts."""
    parts = [make(name) for name in names]
    return parts[0] if len(parts) == 1 else Query.disjunction_max_query(parts)


def _make(leaf: Leaf, tokens: Sequence[Token], fields: Fields) -> Make:
    match leaf:
        case Prefix():
            return partial(_beginning, tokens, fields)
        case Fuzzy():
            return partial(_about, tokens, fields)
        case Phrase(_, slop) if slop and len(tokens) > 1:
            return partial(_near, near_pairs([token.text for token in tokens], slop), fields)
        case _:
            return partial(_together, tokens, fields)


def _together(tokens: Sequence[Token], fields: Fields, name: str) -> Query:
    if len(tokens) == 1:
        return Query.term_query(fields.schema, name, tokens[0].text, "freq")
    return Query.phrase_query(fields.schema, name, [(token.position, token.text) for token in tokens])


def _near(pairs: Sequence[Pair], fields: Fields, name: str) -> Query:
    return _all([_pair(pair, fields, name) for pair in pairs])


def _pair(pair: Pair, fields: Fields, name: str) -> Query:
    first, second, moves = pair
    if first == second:
        return _again(first, moves + 1, fields, name)
    return Query.phrase_query(fields.schema, name, [first, second], moves)


def _again(word: str, farthest: int, fields: Fields, name: str) -> Query:
    """A word twice, at most so many places apart.

    Tantivy lets a word stand near itself. So it is looked for in the middle of where it may be, at most half the way
    from either end; with an even number of places that is twice.
    """
    middle = (farthest + 1) // 2
    middles = {middle, farthest + 1 - middle}
    phrases = [Query.phrase_query(fields.schema, name, [(0, word), (gap, word)], middle - 1) for gap in sorted(middles)]
    return phrases[0] if len(phrases) == 1 else Query.disjunction_max_query(phrases)


def _beginning(tokens: Sequence[Token], fields: Fields, name: str) -> Query:
    """The last token as a prefix, all before it as whole words. Scores 1."""
    whole = [Query.term_query(fields.schema, name, token.text, "basic") for token in tokens[:-1]]
    last = Query.fuzzy_term_query(fields.schema, name, tokens[-1].text, distance=0, prefix=True)
    return Query.const_score_query(_all([*whole, last]), 1.0)


def _about(tokens: Sequence[Token], fields: Fields, name: str) -> Query:
    """Every token or one like it. Scores 1."""
    return Query.const_score_query(_all([_fuzzy(fields, name, token.text) for token in tokens]), 1.0)


def _all(parts: list[Query]) -> Query:
    return parts[0] if len(parts) == 1 else Query.boolean_query([(Occur.Must, part) for part in parts])


def _fuzzy(fields: Fields, name: str, token: str) -> Query:
    """Tantivy's own fuzzy query cannot hold the first letter fast, and a second query would look at other words too."""
    if not 1 < len(token) <= LONGEST_FUZZY:
        return Query.term_query(fields.schema, name, token, "basic")
    patterns = [Query.regex_query(fields.schema, name, pattern) for pattern in edits(token)]
    return Query.boolean_query([(Occur.Should, pattern) for pattern in patterns])


def edits(token: str) -> list[str]:
    """Regular expressions that together match a token of two letters or more and all that are one edit away from it,
    the first letter being the same.

    Several, because Tantivy takes automata of 1,000 states at most. Neighbours share a letter, so that any two letters
    next to each other can be swapped.
    """
    starts = range(1, max(2, len(token) - 1), _STRETCH - 1)
    return [
        f"{token[:start]}({_edited(token[start : start + _STRETCH])}){token[start + _STRETCH :]}" for start in starts
    ]


def _edited(text: str) -> str:
    """At most one letter more, less or other, or two neighbours swapped."""
    if not text:
        return ".?"
    first, rest = text[0], text[1:]
    swapped = [rest[0] + first + rest[1:]] if rest else []
    return "|".join([f"{first}({_edited(rest)})", f".?{rest}", f".{text}", *swapped])
