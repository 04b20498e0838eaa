"""What stories are after decisions. Sequences of decisions are made at random, and judged as they would be."""

from collections.abc import Sequence
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from indexer.decisions.contradictions import contradiction, entities_of
from indexer.decisions.decision import STORY, Act, Decision, Merge, Split, Subject, Undo
from indexer.decisions.rulings import replay
from indexer.decisions.stories import Stories

BORN: Final = {"a": "a", "b": "a", "c": "a", "d": "d", "e": "d", "f": "f"}
"""Articles, and the stories that they were put into."""
NEW: Final = "newcomer"
_IDS = st.sampled_from([f"{STORY}{one}" for one in (*"adadfbe", "a-3")])
_MERGES = st.builds(Merge, _IDS, _IDS)
_UNDOS = st.builds(Undo, st.integers(1, 8))
_SPLITS = st.builds(Split, _IDS, st.lists(st.sampled_from(sorted(BORN)), min_size=1, max_size=3).map(tuple))
ACTS = st.lists(st.one_of(_MERGES, _SPLITS, _UNDOS), max_size=12)


def after(acts: Sequence[Act]) -> list[Decision]:
    """The decisions that can be taken of these, one after the other."""
    decisions: list[Decision] = []
    for act in acts:
        if _makes_sense(decisions, act) and not contradiction(decisions, act):
            decisions.append(_decided(decisions, act))
    return decisions


def _makes_sense(decisions: Sequence[Decision], act: Act) -> bool:
    match act:
        case Undo(number):
            return number <= len(decisions)
        case Split(story, articles):
            return all(f"{STORY}{shown(decisions)[one]}" == story for one in articles)
        case _:
            known = {*BORN.values(), *shown(decisions).values()}
            ids = entities_of(act)
            return ids[0] != ids[1] and all(one.removeprefix(STORY) in known for one in ids)


def _decided(decisions: Sequence[Decision], act: Act) -> Decision:
    number, subjects = len(decisions) + 1, [Subject(one, "Title", "story") for one in entities_of(act)]
    if isinstance(act, Split):
        plain = f"{STORY}{act.names[0]}"
        taken = {*(f"{STORY}{one}" for one in BORN.values()), *(one.id for each in decisions for one in each.subjects)}
        subjects.append(Subject(plain if plain not in taken else f"{plain}-{number}", "Title", "story"))
    return Decision(number, 0, "Jane", "It is so.", act, tuple(subjects))


def stories(decisions: Sequence[Decision]) -> Stories:
    return replay(decisions).stories


def shown(decisions: Sequence[Decision]) -> dict[str, str]:
    """The story that each article is shown in."""
    return {article: stories(decisions).story(article, grouped) for article, grouped in BORN.items()}


@given(ACTS)
def test_an_article_is_shown_in_a_story_that_is_not_merged_away(acts: list[Act]) -> None:
    decisions = after(acts)
    assert all(stories(decisions).leads_to(story) == story for story in shown(decisions).values())


@given(ACTS)
def test_undoing_everything_from_the_last_leaves_things_as_they_were(acts: list[Act]) -> None:
    decisions = after(acts)
    history = [shown(decisions[:number]) for number in range(len(decisions) + 1)]
    for number in range(len(decisions), 0, -1):
        undo = Undo(number)
        assert not contradiction(decisions, undo)
        decisions.append(_decided(decisions, undo))
        assert shown(decisions) == history[number - 1]
    assert shown(decisions) == BORN


@given(ACTS, st.sampled_from(sorted(BORN)))
def test_who_joins_an_article_is_shown_where_it_is_shown(acts: list[Act], article: str) -> None:
    told = stories(after(acts))
    group = told.group(article, BORN[article])
    assert told.story(NEW, group) == told.story(article, BORN[article])


@given(st.lists(st.one_of(_MERGES, _UNDOS), max_size=12), st.sampled_from(sorted(BORN)), st.integers(0, 12))
def test_who_joined_an_article_stays_beside_it_whatever_is_merged_and_undone(
    acts: list[Act], article: str, moment: int
) -> None:
    decisions = after(acts)
    group = stories(decisions[:moment]).group(article, BORN[article])
    assert group == BORN[article]
    assert stories(decisions).story(NEW, group) == shown(decisions)[article]


@given(ACTS, ACTS)
def test_who_joined_what_was_split_off_goes_back_with_it(acts: list[Act], more: list[Act]) -> None:
    decisions = after(acts)
    joined = {article: stories(decisions).group(article, grouped) for article, grouped in BORN.items()}
    later = after([*(one.act for one in decisions), *more])
    there = set(stories(later).minted) | {f"{STORY}{one}" for one in BORN.values()}
    for group in joined.values():
        assert f"{STORY}{stories(later).leads_to(group)}" in there


def test_a_decision_about_a_story_says_nothing_about_names() -> None:
    rulings = replay(after([Split(f"{STORY}a", ("b",)), Merge(f"{STORY}d", f"{STORY}a")]))
    assert (rulings.moves, rulings.merged, rulings.subjects, rulings.surfaces) == ({}, {}, {}, {})
    assert rulings.resolve(f"{STORY}d") == f"{STORY}a"
    assert rulings.place("b", "person:b") == "person:b"
