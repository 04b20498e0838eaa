"""Queries as Tantivy writes them out, held to a golden file; `tests/contract` holds what they find."""

import re
from pathlib import Path

from indexer.query.ast import All, And, Field, Fuzzy, Named, Not, Or, Phrase, Prefix, Query, Range, Text
from indexer.store.embedded.compile import behind, compile_selection, scored
from indexer.store.embedded.schema import load_fields
from indexer.store.port import Position, Request, Selection

GOLDEN = Path(__file__).with_name("queries.golden.txt")
FIELDS = load_fields()
SELECTIONS = {
    "everything": Selection(),
    "a word": Selection(Text("Storms")),
    "a word of two tokens": Selection(Text("covid-19")),
    "a word too long to be found, inside a phrase": Selection(Phrase(f"gale {'x' * 201} force")),
    "words": Selection(And((Text("storm"), Or((Text("gale"), Text("wind"))), Not(Text("calm"))))),
    "only not": Selection(Not(Text("calm"))),
    "nothing to look for": Selection(Text("!!!")),
    "filters and a span": Selection(All(), {"section": ("World",), "entity": ("place:kursk",)}, 5, 9),
    "from a moment": Selection(All(), start=5),
    "a prefix": Selection(Prefix("Troop")),
    "a prefix behind a word": Selection(Prefix("covid-1")),
    "a fuzzy word": Selection(Fuzzy("kurs")),
    "a fuzzy word of many letters": Selection(Field("title", Fuzzy("constitution"))),
    "a fuzzy word that is too long to vary": Selection(Field("title", Fuzzy("x" * 25))),
    "near words": Selection(Field("title", Phrase("storm hits coast", 2))),
    "a word near itself": Selection(Field("title", Phrase("gale gale", 1))),
    "a word in fields": Selection(Field("entity", Text("New-York"))),
    "a name": Selection(Named("place:kursk")),
    "a range": Selection(And((Text("storm"), Not(Range(5, None))))),
}


def test_queries_are_compiled_as_written_down() -> None:
    compiled = {name: compile_selection(selection, FIELDS) for name, selection in SELECTIONS.items()}
    boosted = Request(Selection(Field("title", Text("storm"))), boosts=((Field("title", Text("gale")), 0.5),))
    compiled["boosts"] = scored(compile_selection(boosted.selection, FIELDS), boosted, FIELDS)
    titled = Request(Selection(Or((Text("storm"), Phrase("gale force")))))
    compiled["titles"] = scored(compile_selection(titled.selection, FIELDS), titled, FIELDS)
    compiled["behind, newest first"] = behind(FIELDS, Position(5, 7), "newest")
    compiled["behind, oldest first"] = behind(FIELDS, Position(5, 7), "oldest")
    written = "".join(f"{name}\n    {_without_automata(query)}\n" for name, query in compiled.items())
    assert written == GOLDEN.read_text()


def _without_automata(query: object) -> str:
    return re.sub(r'(Regex\("[^"]*"\)).*?(, field)', r"\1\2", str(query), flags=re.DOTALL)


def test_a_filter_can_be_ignored() -> None:
    both = Selection(Text("storm"), {"section": ("World",), "source": ("x",)})
    one = Selection(Text("storm"), {"source": ("x",)})
    assert str(compile_selection(both, FIELDS, ignoring="section")) == str(compile_selection(one, FIELDS))


def test_deep_trees_compile() -> None:
    tree: Query = Text("storm")
    for _ in range(60):
        tree = Not(And((tree, Or((Text("gale"), tree)))) if isinstance(tree, Text) else tree)
    assert compile_selection(Selection(tree), FIELDS)
