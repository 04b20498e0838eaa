"""What names mean after decisions. Sequences of decisions are made at random, and judged as they would be."""

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from indexer.decisions.contradictions import contradiction, entities_of
from indexer.decisions.deciding import named
from indexer.decisions.decision import Act, Alias, Decision, Hide, Merge, Retype, Split, Subject, Undo
from indexer.decisions.names import Names
from indexer.decisions.rulings import replay
from nlp.mention import EntityType, Mention
from tests.indexer.decisions.desk import CATALOGUE, ISW, RUSSIA, article, ids, mention, mentions

NAMES = ("Jane Doe", "J. Doe", "Jon Roe", "Russia", "Russian", "ISW")
IDS = ("person:jane-doe", "person:j-doe", "person:jon-roe", RUSSIA.id, ISW.id, "other:new")
_IDS = st.sampled_from(IDS)
_SURFACES = st.sampled_from(NAMES)
_TYPES = st.sampled_from(["person", "place", "other"])
ACTS: st.SearchStrategy[Act] = st.one_of(
    st.builds(Merge, _IDS, _IDS),
    st.builds(Split, _IDS, st.tuples(_SURFACES), st.just("New"), st.just("other")),
    st.builds(Alias, _IDS, _SURFACES),
    st.builds(Hide, _IDS),
    st.builds(Retype, _IDS, _TYPES),
    st.builds(Undo, st.integers(1, 6)),
)
ARTICLES = st.lists(
    st.builds(mention, _SURFACES, _TYPES, count=st.integers(1, 3), at=st.integers(0, 9)),
    max_size=6,
    unique_by=lambda one: one.key,
)


def after(*acts: Act) -> list[Decision]:
    """The decisions that can be taken of these, one after the other."""
    decisions: list[Decision] = []
    for act in acts:
        impossible = isinstance(act, Undo) and act.number > len(decisions)
        if not impossible and act not in _SENSELESS and not contradiction(decisions, act):
            decisions.append(_decided(len(decisions) + 1, act))
    return decisions


_SENSELESS = {Merge(one, one) for one in IDS}


def _decided(number: int, act: Act) -> Decision:
    subjects = [Subject(one, one.title(), cast("EntityType", one.partition(":")[0])) for one in entities_of(act)]
    if isinstance(act, Split):
        subjects.append(Subject(f"other:new-{number}", act.new_name, act.type or "other"))
    return Decision(number, 0, "Jane", "It is so.", act, tuple(subjects))


def shown(decisions: Sequence[Decision], found: Sequence[Mention]) -> list[str]:
    return ids(named(CATALOGUE, decisions).project(found))


def test_without_decisions_names_mean_what_the_catalogue_says() -> None:
    entities = Names(CATALOGUE).project((mention("Russian", "other", count=2), *mentions("ISW", "Jane Doe")))
    assert ids(entities) == ["place:russia", "organisation:isw", "person:jane-doe"]
    assert [entity.count for entity in entities] == [2, 1, 1]


def test_adjectives_can_be_left_out() -> None:
    names = Names(CATALOGUE, demonyms=False)
    assert names.project((mention("Russian", "other"),)) == ()
    assert ids(names.project((mention("Russia", "place"),))) == ["place:russia"]
    assert names.lookup("Russian") is None
    assert names.lookup("Russia") == RUSSIA
    assert names.stamp != Names(CATALOGUE).stamp


def test_an_article_says_by_which_keys_and_ids_a_decision_finds_it() -> None:
    read = article("a", "ISW", "Jane Doe")
    assert read.keys == ("isw", "jane doe", ISW.id, "person:jane-doe")
    names = named(CATALOGUE, after(Merge("person:jane-doe", ISW.id), Alias(ISW.id, "J.D."), Hide(ISW.id)))
    hidden = names.read(read)
    assert (hidden.entities, hidden.keys, hidden.projected) == ((), read.keys, names.stamp)
    assert names.keys(ISW.id) == {ISW.id, "person:jane-doe", "j.d."}
    assert names.read(hidden) is hidden


def test_a_merged_name_is_shown_as_what_it_was_merged_into() -> None:
    decisions = after(Merge("person:j-doe", "person:jane-doe"), Merge("person:jane-doe", ISW.id))
    names = named(CATALOGUE, decisions)
    (entity,) = names.project(mentions("J. Doe", "Jane Doe", "ISW"))
    assert (entity.id, entity.name, entity.type, entity.count) == (ISW.id, ISW.name, "organisation", 3)
    assert names.rulings.resolve("person:j-doe") == ISW.id
    assert names.get("person:j-doe") == names.get(ISW.id)


def test_an_article_with_the_merged_name_alone_shows_the_right_name() -> None:
    decision = replace(
        _decided(1, Merge("person:j-doe", "person:jane-doe")),
        subjects=(Subject("person:j-doe", "J. Doe", "person"), Subject("person:jane-doe", "Jane Doe", "person", "JD")),
    )
    (entity,) = named(CATALOGUE, [decision]).project(mentions("J. Doe"))
    assert (entity.id, entity.name, entity.short) == ("person:jane-doe", "Jane Doe", "JD")


def test_a_split_takes_some_names_away() -> None:
    decisions = after(Split(RUSSIA.id, ("Russian Federation",), "New", "other"))
    assert shown(decisions, mentions("Russian Federation", "Moscow")) == ["other:new-1", "person:moscow"]
    assert shown(decisions, (mention("Russia", "place"),)) == ["place:russia"]


def test_a_name_that_came_by_a_merge_can_be_split_off() -> None:
    decisions = after(Merge("person:j-doe", "person:jane-doe"), Split("person:jane-doe", ("J. Doe",), "New", "other"))
    assert shown(decisions, mentions("J. Doe", "Jane Doe")) == ["other:new-2", "person:jane-doe"]


def test_what_was_split_off_can_be_merged_back() -> None:
    decisions = after(Split(RUSSIA.id, ("Russians",), "New", "other"), Merge("other:new-1", RUSSIA.id))
    assert shown(decisions, (mention("Russians", "other"),)) == ["place:russia"]


def test_an_alias_counts_before_the_catalogue() -> None:
    decisions = after(Alias(ISW.id, "Russia"))
    assert shown(decisions, (mention("Russia", "place"),)) == [ISW.id]
    names = named(CATALOGUE, decisions)
    assert [entry and entry.id for entry in map(names.lookup, ("Russia", "russian"))] == [ISW.id, RUSSIA.id]


def test_a_hidden_entity_is_in_no_article_and_stands_for_no_name() -> None:
    names = named(CATALOGUE, after(Hide(RUSSIA.id)))
    assert ids(names.project((mention("Russia", "place"), *mentions("ISW")))) == [ISW.id]
    assert names.lookup("Russia") is None
    assert RUSSIA.id not in {entry.id for entry in names}


def test_a_retyped_entity_keeps_its_id() -> None:
    names = named(CATALOGUE, after(Retype(ISW.id, "other")))
    (entity,) = names.project(mentions("ISW"))
    assert (entity.id, entity.type) == (ISW.id, "other")
    entry = names.get(ISW.id)
    assert entry
    assert entry.type == "other"


def test_what_was_decided_about_a_retyped_entity_does_not_keep_its_type() -> None:
    retyped = Subject("person:jane-doe", "Jane Doe", "place")
    decisions = [
        *after(Retype("person:jane-doe", "place")),
        Decision(2, 0, "Jane", "It is so.", Alias("person:jane-doe", "J. Doe"), (retyped,)),
        _decided(3, Undo(1)),
    ]
    (entity,) = named(CATALOGUE, decisions).project(mentions("J. Doe"))
    assert (entity.id, entity.type) == ("person:jane-doe", "person")


def test_an_entity_stands_for_all_forms_that_mean_it_now() -> None:
    decisions = after(
        Merge("person:j-doe", "person:jane-doe"), Alias("person:jane-doe", "JD"), Merge("person:jane-doe", ISW.id)
    )
    entry = named(CATALOGUE, decisions).get(ISW.id)
    assert entry
    assert {*ISW.surfaces, "JD", "Person:Jane-Doe", "Person:J-Doe"} == set(entry.surfaces)
    split = after(Split(RUSSIA.id, ("Russian Federation",), "New", "other"))
    names = named(CATALOGUE, split)
    assert names.lookup("russian federation") == names.get("other:new-1")


@given(st.lists(ACTS, max_size=6), ACTS)
def test_a_decision_and_its_undo_leave_everything_as_it_was(acts: list[Act], last: Act) -> None:
    before = after(*acts)
    with_last = after(*acts, last)
    if len(with_last) > len(before):
        undone = [*with_last, _decided(len(with_last) + 1, Undo(len(with_last)))]
        assert replay(undone) == replay(before)
        redone = [*undone, _decided(len(undone) + 1, Undo(len(undone)))]
        assert replay(redone) == replay(with_last)


@given(st.lists(ACTS, max_size=6), ARTICLES)
def test_entities_do_not_depend_on_the_order_of_mentions_or_articles(acts: list[Act], found: list[Mention]) -> None:
    names = named(CATALOGUE, after(*acts))
    backwards = names.project(found[::-1])
    assert names.project(found) == backwards
    assert named(CATALOGUE, after(*acts)).project(found) == backwards


@given(st.lists(ACTS, max_size=6), ARTICLES)
def test_nothing_is_shown_that_is_merged_or_hidden(acts: list[Act], found: list[Mention]) -> None:
    names = named(CATALOGUE, after(*acts))
    for entity in names.project(found):
        assert names.rulings.resolve(entity.id) == entity.id
        assert entity.id not in names.rulings.hidden
        assert entity.type == names.rulings.types.get(entity.id, entity.type)


@given(st.lists(ACTS, max_size=5), ARTICLES)
def test_counts_are_moved_and_not_lost(acts: list[Act], found: list[Mention]) -> None:
    decisions = after(*(act for act in acts if not isinstance(act, Hide)))
    entities = named(CATALOGUE, decisions).project(found)
    assert sum(entity.count for entity in entities) == sum(one.count for one in found)


@given(st.lists(ACTS, max_size=8))
def test_every_id_leads_somewhere(acts: list[Act]) -> None:
    rulings = named(CATALOGUE, after(*acts)).rulings
    for one in IDS:
        assert rulings.resolve(rulings.resolve(one)) == rulings.resolve(one)
