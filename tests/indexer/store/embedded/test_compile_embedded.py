"""Queries as Tantivy writes them out, held to a golden file; `tests/contract` holds what they find."""

from pathlib import Path

from indexer.query.ast import All, And, Not, Or, Phrase, Query, Text
from indexer.store.embedded.compile import behind, compile_selection
from indexer.store.embedded.schema import load_fields
from indexer.store.port import Position, Selection

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
}


def test_queries_are_compiled_as_written_down() -> None:
    compiled = {name: compile_selection(selection, FIELDS) for name, selection in SELECTIONS.items()}
    compiled["behind, newest first"] = behind(FIELDS, Position(5, 7), "newest")
    compiled["behind, oldest first"] = behind(FIELDS, Position(5, 7), "oldest")
    assert "".join(f"{name}\n    {query}\n" for name, query in compiled.items()) == GOLDEN.read_text()


def test_a_filter_can_be_ignored() -> None:
    both = Selection(Text("storm"), {"section": ("World",), "source": ("x",)})
    one = Selection(Text("storm"), {"source": ("x",)})
    assert str(compile_selection(both, FIELDS, ignoring="section")) == str(compile_selection(one, FIELDS))


def test_deep_trees_compile() -> None:
    tree: Query = Text("storm")
    for _ in range(60):
        tree = Not(And((tree, Or((Text("gale"), tree)))) if isinstance(tree, Text) else tree)
    assert compile_selection(Selection(tree), FIELDS)
