from concurrent.futures import ThreadPoolExecutor

import pytest

from indexer.decisions.deciding import NewestNames, decide, decisions
from indexer.decisions.decision import Act, Alias, Hide, Merge, Retype, Split, Subject, Undo, from_json, to_json
from indexer.errors import DatelineError, DecisionConflict, InvalidDecision, UnknownEntity
from indexer.store.port import Store
from tests.contract.factories import article, entities
from tests.indexer.decisions.desk import CATALOGUE, NOON, RUSSIA, ids, mentions, taken

MERGE = Merge("person:j-doe", "person:jane-doe")
ROE_TO_DOE = Merge("person:jon-roe", "person:jane-doe")


def test_a_decision_is_kept_with_who_when_why_and_what_it_is_about(store: Store) -> None:
    first = decide(store, CATALOGUE, MERGE, who=" Jane ", why="The same. ", now=NOON)
    (second,) = taken(store, Split("person:jane-doe", ("Doe",), "Doe Band", "organisation"))
    assert (first.number, first.at, first.who, first.why, first.act) == (1, NOON, "Jane", "The same.", MERGE)
    assert first.subjects == (
        Subject("person:j-doe", "J. Doe", "person"),
        Subject("person:jane-doe", "Jane Doe", "person"),
    )
    assert second.minted == "organisation:doe-band"
    assert decisions(store) == [first, second]
    assert decisions(store, after=1) == [second]


@pytest.mark.parametrize(
    "act",
    [
        MERGE,
        Split("person:a", ("x", "y"), "New", "other"),
        Alias("person:a", "x"),
        Hide("person:a"),
        Retype("person:a", "place"),
        Undo(3),
    ],
)
def test_any_decision_is_read_back_as_it_was(store: Store, act: Act) -> None:
    (decision,) = taken(store, Hide("person:jane-doe"))
    same = type(decision)(7, NOON, "é", "why", act, decision.subjects)
    assert from_json(to_json(same)) == same


@pytest.mark.parametrize(("who", "why"), [("", "x"), ("x", ""), (" ", "x"), ("x", "\n")])
def test_who_and_why_are_said(store: Store, who: str, why: str) -> None:
    with pytest.raises(InvalidDecision):
        decide(store, CATALOGUE, MERGE, who=who, why=why, now=NOON)
    assert decisions(store) == []


@pytest.mark.parametrize(
    "act",
    [
        Merge("person:jane-doe", "person:jane-doe"),
        Split("person:jane-doe", (), "New", "other"),
        Split("person:jane-doe", ("x",), " ", "other"),
        Split("person:jane-doe", ("x",), "New", "city"),  # type: ignore[arg-type]
        Alias("person:jane-doe", " "),
        Retype("person:jane-doe", "city"),  # type: ignore[arg-type]
        Retype("person:jane-doe", "person"),
        Undo(1),
        Undo(0),
    ],
)
def test_what_makes_no_sense_is_not_decided(store: Store, act: Act) -> None:
    with pytest.raises(InvalidDecision):
        taken(store, act)
    assert decisions(store) == []


def test_an_entity_is_known_by_articles_the_catalogue_or_a_decision(store: Store) -> None:
    with pytest.raises(UnknownEntity):
        taken(store, Merge("person:nobody", "person:jane-doe"))
    with pytest.raises(UnknownEntity):
        taken(store, Hide("place:nowhere"))
    taken(store, Alias(RUSSIA.id, "Rossiya"), Split("person:jane-doe", ("Doe",), "The Doe", "other"))
    taken(store, Retype("other:doe", "person"))
    assert len(decisions(store)) == 3


def test_a_split_gets_an_id_of_its_own(store: Store) -> None:
    split = Split("person:jane-doe", ("Doe",), "Jon Roe", "person")
    first, second = taken(store, split, Split("person:jane-doe", ("Jane",), "Jon Roe", "person"))
    assert (first.minted, second.minted) == ("person:jon-roe-1", "person:jon-roe-2")
    taken(store, Undo(1))
    (other,) = taken(store, Split("person:jane-doe", ("Doe",), "Doe", "person"))
    taken(store, Undo(other.number))
    (again,) = taken(store, Split("person:jane-doe", ("Doe",), "Doe", "person"))
    assert (other.minted, again.minted) == ("person:doe", "person:doe-6")


def test_a_split_takes_no_id_that_an_article_has(store: Store) -> None:
    store.write([article("x", entities=entities("person:jon-roe-1"))])
    store.refresh()
    (split,) = taken(store, Split("person:jane-doe", ("Doe",), "Jon Roe", "person"))
    assert split.minted == "person:jon-roe-2"


CONFLICTS: list[tuple[list[Act], Act, int]] = [
    ([MERGE], MERGE, 1),
    ([MERGE], Merge("person:j-doe", RUSSIA.id), 1),
    ([MERGE], Merge("person:jane-doe", "person:j-doe"), 1),
    ([MERGE], Hide("person:j-doe"), 1),
    ([MERGE], Alias("person:j-doe", "x"), 1),
    ([Hide("person:j-doe")], Hide("person:j-doe"), 1),
    ([Hide("person:j-doe")], Merge("person:jane-doe", "person:j-doe"), 1),
    ([Alias("person:j-doe", "The Doe")], Alias("person:jane-doe", "doe"), 1),
    ([Alias("person:j-doe", "Doe")], Split("person:jane-doe", ("doe",), "New", "other"), 1),
    ([Split("person:j-doe", ("doe",), "New", "other")], Split("person:j-doe", ("Doe",), "N", "other"), 1),
    ([Split("person:j-doe", ("doe",), "New", "other")], Alias("person:j-doe", "doe"), 1),
    ([Retype("person:j-doe", "other")], Retype("person:j-doe", "other"), 1),
    ([MERGE, Undo(1)], Undo(1), 2),
    ([Split("person:j-doe", ("doe",), "New", "other"), Hide("other:new")], Undo(1), 2),
    ([Split("person:j-doe", ("doe",), "New", "other"), Undo(1)], Hide("other:new"), 1),
    ([MERGE, Undo(1), Hide("person:j-doe")], Undo(2), 3),
]


@pytest.mark.parametrize(("before", "act", "number"), CONFLICTS)
def test_what_contradicts_a_standing_decision_is_refused_and_says_which(
    store: Store, before: list[Act], act: Act, number: int
) -> None:
    standing = taken(store, *before)[number - 1]
    with pytest.raises(DecisionConflict, match="Jane") as conflict:
        taken(store, act)
    assert (conflict.value.number, conflict.value.who, conflict.value.at) == (number, standing.who, NOON)
    assert len(decisions(store)) == len(before)


def test_an_undone_decision_is_in_nobodys_way(store: Store) -> None:
    taken(store, MERGE, Undo(1), Merge("person:j-doe", "person:jon-roe"), Undo(3), Undo(2), Undo(5), Undo(2))
    names = NewestNames(store, CATALOGUE)()
    assert names.rulings.resolve("person:j-doe") == "person:jane-doe"


def test_of_many_at_once_each_gets_a_number_and_those_who_contradict_are_told(store: Store) -> None:
    acts: list[Act] = [Merge("person:j-doe", f"person:{name}") for name in ("jane-doe", "jon-roe") * 4]
    acts += [Alias(RUSSIA.id, f"alias {number}") for number in range(8)]

    def attempt(act: Act) -> DatelineError | None:
        try:
            decide(store, CATALOGUE, act, who="Jane", why="It is so.", now=NOON)
        except DatelineError as error:
            return error
        return None

    with ThreadPoolExecutor(8) as pool:
        errors = [error for error in pool.map(attempt, acts) if error]
    assert [type(error) for error in errors] == [DecisionConflict] * 7
    assert [decision.number for decision in decisions(store)] == list(range(1, 10))


def test_names_that_are_asked_again_know_what_was_decided_meanwhile(store: Store) -> None:
    newest = NewestNames(store, CATALOGUE)
    before = newest()
    assert newest() is before
    taken(store, MERGE)
    assert ids(newest().project(mentions("J. Doe"))) == ["person:jane-doe"]
    assert (before.number, newest().number) == (0, 1)
    assert before.stamp != newest().stamp
