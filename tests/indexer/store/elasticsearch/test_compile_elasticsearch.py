"""Golden files: what is sent, for reading and for review. UPDATE_GOLDEN=1 writes them afresh."""

import json
import os
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.query.ast import All, And, Field, Fuzzy, Named, Not, Or, Phrase, Prefix, Query, Range, Text
from indexer.query.limits import DEEPEST
from indexer.query.parser import parse
from indexer.store.elasticsearch.compile import compile_query, compile_selection
from indexer.store.elasticsearch.likeness import similar_body
from indexer.store.elasticsearch.searching import histogram_body, search_body
from indexer.store.port import Freshness, Json, Position, Request, Selection
from tests.contract.factories import article, entities

GOLDEN = Path(__file__).parent / "golden"
MOST_NESTED = 30
"""Elasticsearch's `indices.query.bool.max_nested_depth`."""

BODIES = {
    "everything": compile_selection(Selection()),
    "word": compile_selection(Selection(Text("Kursk"))),
    "word-of-two-tokens": compile_selection(Selection(Text("covid-19"))),
    "all-words": compile_selection(Selection(parse('kursk "north korea" -sport'))),
    "any-word": compile_selection(Selection(parse("kursk OR gaza"))),
    "only-not": compile_selection(Selection(parse("NOT sport"))),
    "nested": compile_selection(Selection(parse("a (b OR (c d) OR NOT (e f)) NOT (g OR h)"))),
    "nothing-to-look-for": compile_selection(Selection(And((Text("!!!"), Phrase("..."))))),
    "prefix": compile_selection(Selection(And((Prefix("troop"), Field("title", Prefix("covid-1")))))),
    "fuzzy": compile_selection(Selection(Or((Fuzzy("kursx"), Field("entity", Fuzzy("jane-smth")))))),
    "near": compile_selection(Selection(Or((Phrase("north korea", 5), Field("author", Phrase("ann lee jones", 1)))))),
    "fields": compile_selection(Selection(And((Field("title", Text("storm")), Field("place", Phrase("new york")))))),
    "named-and-ranged": compile_selection(Selection(And((Named("place:kursk"), Not(Range(-5, None)))))),
    "only-a-range": compile_selection(Selection(Range(0, 9))),
    "filters-and-span": compile_selection(
        Selection(Text("kursk"), {"source": ("ansa.it",), "section": ("World", "Politics")}, start=-5, end=9_000)
    ),
    "open-span": compile_selection(Selection(start=0)),
    "newest-first-page": search_body(Request()),
    "oldest-continued": search_body(Request(sort="oldest", size=100, after=Position(1_731_583_796_312, 2**62))),
    "relevance-second-page": search_body(Request(Selection(Text("kursk")), sort="relevance", size=20, offset=20)),
    "relevance-last-page": search_body(Request(Selection(Text("kursk")), sort="relevance", size=20, offset=990)),
    "fresh": search_body(
        Request(Selection(Text("kursk"), end=9_000), sort="fresh", offset=20, freshness=Freshness(8_000, 3_600_000))
    ),
    "boosts": search_body(Request(Selection(Text("kursk")), sort="relevance", boosts=((Text("troops"), 0.25),))),
    "similar": similar_body(
        article("a", "Storm", summary="Surge", body="Harbour", entities=entities("place:kursk", "other:nato")),
        Selection(filters={"section": ("World",)}),
        size=5,
    ),
    "facets": search_body(Request(Selection(Text("kursk")), facets={"section": 10, "other": 5})),
    "facets-with-chosen-values": search_body(
        Request(
            Selection(
                Text("kursk"),
                {"section": ("World",), "entity": ("person:jane-doe", "place:kursk"), "language": ("en",)},
            ),
            facets={"section": 10, "person": 5, "source": 3},
        )
    ),
    "histogram": histogram_body(Selection(Text("kursk")), [-5, 0, 10, 20]),
}  # fmt: skip


@pytest.mark.parametrize("name", BODIES)
def test_what_is_sent(name: str) -> None:
    file = GOLDEN / f"{name}.json"
    text = json.dumps(BODIES[name], indent=1, ensure_ascii=False) + "\n"
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(text, "utf-8")
    assert json.loads(file.read_text("utf-8")) == BODIES[name]


def test_there_is_no_golden_file_of_nothing() -> None:
    assert {file.stem for file in GOLDEN.glob("*.json")} == set(BODIES)


def test_no_body_knows_the_clock() -> None:
    assert '"now' not in json.dumps(BODIES)


SHAPES = ("a ({}) OR b", "a NOT ({}) OR b", "a OR NOT ({})", "NOT ({})", "a ({})", "a OR ({})")


@pytest.mark.parametrize("shapes", [*product(SHAPES, repeat=2)])
def test_what_the_parser_takes_is_not_too_deep(shapes: tuple[str, ...]) -> None:
    text = "NOT c"
    for level in range(DEEPEST):
        text = shapes[level % 2].format(text)
    assert nesting(compile_selection(Selection(parse(text)))) <= MOST_NESTED


WORDS = st.sampled_from("abcd")
QUERIES: st.SearchStrategy[Query] = st.recursive(
    WORDS.map(Text) | st.just(All()) | st.just(Text("!")),
    lambda inner: (
        inner.map(Not)
        | st.lists(inner, min_size=2, max_size=3).map(lambda parts: And(tuple(parts)))
        | st.lists(inner, min_size=2, max_size=3).map(lambda parts: Or(tuple(parts)))
    ),
    max_leaves=8,
)


@given(query=QUERIES, words=st.frozensets(WORDS))
def test_flattening_keeps_the_meaning(query: Query, words: frozenset[str]) -> None:
    assert holds(compile_query(query), words) == bool(means(query, words))


def nesting(compiled: Json) -> int:
    clauses = compiled.get("bool", {})
    inner = (part for kind in ("must", "must_not", "should") for part in clauses.get(kind, ()))
    return 1 + max(map(nesting, inner), default=0)


def holds(compiled: Json, words: frozenset[str]) -> bool:
    """Whether Elasticsearch would find a document of these words, as its documentation of `bool` says."""
    match compiled:
        case {"match_phrase": {"text": word}}:
            return word in words
        case {"match_all": _}:
            return True
        case {"bool": clauses}:
            wanted = all(holds(part, words) for part in clauses.get("must", ()))
            unwanted = any(holds(part, words) for part in clauses.get("must_not", ()))
            should = clauses.get("should")
            return wanted and not unwanted and (should is None or any(holds(part, words) for part in should))
    return False


def means(query: Query, words: frozenset[str]) -> bool | None:
    """The same by the meaning of the tree. None: nothing can be looked for."""
    match query:
        case Text(word):
            return None if word == "!" else word in words
        case Not(part):
            meant = means(part, words)
            return None if meant is None else not meant
        case And(parts) | Or(parts):
            said = [meant for part in parts if (meant := means(part, words)) is not None]
            return (all if isinstance(query, And) else any)(said) if said else None
    return True
