"""The leaves of a query, words in fields, as Elasticsearch queries. Pure."""

from collections.abc import Sequence
from typing import Final

from indexer.query.ast import FieldName, Fuzzy, Leaf, Phrase, Prefix, Text
from indexer.query.nearness import Pair, near_pairs
from indexer.query.tokens import LONGEST, LONGEST_FUZZY, fold, terms, tokens
from indexer.store.fields import LOOKED_IN, TEXT, UNSTEMMED, WORDS, encodable
from indexer.store.port import Json

_ONE_EDIT: Final[Json] = {
    "fuzziness": 1,
    "prefix_length": 1,
    "fuzzy_transpositions": True,
    # the default takes 50 of the words that are meant, and counts the rare ones for more
    "fuzzy_rewrite": "constant_score",
}


def compile_leaf(leaf: Leaf, name: FieldName | None) -> Json | None:
    """The query of a leaf in the field `name`, or in the whole text. None if analysis finds no token in it."""
    text = encodable(leaf.word if isinstance(leaf, Text | Fuzzy) else leaf.text)
    if not terms(text):
        return None
    match leaf:
        case Prefix():
            return _scoring_1([_prefix(text, field) for field in _as_written(name)])
        case Fuzzy():
            return _scoring_1([_fuzzy(_words(text), field) for field in _as_written(name)])
        case Phrase(_, slop) if slop and len(_words(text)) > 1:
            pairs = near_pairs(_words(text), slop)
            return _best([_near(pairs, field) for field in _analysed(name)])
        case _:
            return _together(text, _analysed(name))


def _analysed(name: FieldName | None) -> Sequence[str]:
    return LOOKED_IN[name] if name else (TEXT,)


def _as_written(name: FieldName | None) -> Sequence[str]:
    if name is None:
        return (WORDS,)
    return (UNSTEMMED[name],) if name in UNSTEMMED else LOOKED_IN[name]


def _words(text: str) -> list[str]:
    """The tokens as written, without those that are too long to be found."""
    return [token for token in tokens(text) if len(token) <= LONGEST]


def _together(text: str, fields: Sequence[str]) -> Json:
    return _best([{"match_phrase": {field: text}} for field in fields])


def _near(pairs: Sequence[Pair], field: str) -> Json:
    near = [{"match_phrase": {field: {"query": f"{one} {other}", "slop": moves}}} for one, other, moves in pairs]
    return {"bool": {"must": near}}


def _prefix(text: str, field: str) -> Json:
    return {"match_bool_prefix": {field: {"query": text, "operator": "and"}}}


def _fuzzy(words: Sequence[str], field: str) -> Json:
    parts = [{"match": {field: {"query": word, **_edits(word)}}} for word in words]
    return {"bool": {"filter": parts}} if len(parts) > 1 else parts[0]


def _edits(word: str) -> Json:
    return _ONE_EDIT if 1 < len(fold(word)) <= LONGEST_FUZZY else {}


def _scoring_1(queries: Sequence[Json]) -> Json:
    return {"constant_score": {"filter": _best(queries)}}


def _best(queries: Sequence[Json]) -> Json:
    return {"dis_max": {"queries": [*queries]}} if len(queries) > 1 else queries[0]
