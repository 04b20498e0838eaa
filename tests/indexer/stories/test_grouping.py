from collections.abc import Sequence
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Article
from indexer.stories.evidence import DIMENSIONS, Traits, traits_of
from indexer.stories.grouping import Window, assign, days_around
from indexer.stories.members import MOST, REACH
from indexer.times import DAY, HOUR, MINUTE, Millis

NOON: Millis = 19_700 * DAY + 12 * HOUR
TEXTS = (
    ("Two shot dead in central Brussels", "A gunman killed two Swedish football fans in the Belgian capital."),
    ("Two Swedes shot dead in Brussels", "A gunman killed two football fans in the centre of the Belgian capital."),
    ("Brussels gunman who shot two Swedes killed", "Police in the Belgian capital killed the gunman in a cafe."),
    ("Opposition wins election in Poland", "Exit polls show that the ruling Law and Justice party lost."),
    ("Poland: opposition wins the election", "The ruling Law and Justice party lost its majority, exit polls show."),
    ("Zelda becomes a film", "Nintendo announced a live-action film of The Legend of Zelda."),
    ("Market talk: basic materials", ""),
)
COMMON = {"two": 3.0, "in": 1.0, "dead": 4.0, "the": 0.5, "wins": 4.0, "talk": 4.0, "market": 4.0}


def rarity(word: str) -> float:
    return COMMON.get(word, 8.0)


def meaning(text: str) -> bytes:
    """A vector by the words of a text: like texts, like vectors."""
    sums = np.zeros(DIMENSIONS)
    for word in text.lower().split():
        sums += np.random.default_rng(list(word.encode())).normal(size=DIMENSIONS)
    return bytes(np.rint(127 * sums / np.sqrt((sums**2).sum())).astype(np.int8))


def traits(article_id: str, text: int, at: Millis = NOON, source: str = "") -> Traits:
    title, body = TEXTS[text]
    vector = meaning(f"{title} {body}")
    article = Article(id=article_id, title=title, body=body, seen_at=at, ranked_at=at, source=source, vector=vector)
    return traits_of(article, rarity)


STREAMS = st.lists(
    st.tuples(st.integers(0, len(TEXTS) - 1), st.integers(0, 6 * 24 * 60), st.sampled_from("ABC")), max_size=40
).map(lambda items: [traits(f"a{n}", text, NOON + at * MINUTE, source) for n, (text, at, source) in enumerate(items)])


def in_pages(window: Window, stream: Sequence[Traits], size: int) -> list[str]:
    pages = [stream[start : start + size] for start in range(0, len(stream), size)]
    return [story for page in pages for story in assign(window, page)]


def test_the_first_article_founds_a_story_and_those_about_its_event_join() -> None:
    stream = [traits(str(text), text, NOON + text * HOUR, f"source {text}") for text in range(6)]
    assert assign(Window(), stream) == ["0", "0", "0", "3", "3", "5"]


def test_a_copy_joins_and_a_copy_after_the_reach_does_not() -> None:
    window = Window()
    assert assign(window, [traits("a", 0), traits("b", 0, NOON + REACH)]) == ["a", "a"]
    assert assign(window, [traits("c", 3), traits("d", 3, NOON + REACH + 1)]) == ["c", "d"]


def test_what_one_source_says_every_day_in_the_same_words_is_no_event() -> None:
    daily = [traits(str(day), 6, NOON + day * DAY, "Wire") for day in range(3)]
    assert assign(Window(), daily) == ["0", "1", "2"]


def test_a_late_article_joins_the_story_that_it_belongs_to() -> None:
    window = Window()
    assign(window, [traits("later", 0, NOON + 3 * HOUR, "A")])
    assert assign(window, [traits("earlier", 1, NOON, "B")]) == ["later"]


def test_of_two_stories_an_article_joins_the_larger() -> None:
    window = Window()
    for number in range(3):
        window.add(traits(f"large-{number}", 1), "a large one")
    window.add(traits("small", 1), "small")
    assert assign(window, [traits("new", 0, source="B")]) == ["a large one"]


def test_one_like_article_of_many_does_not_speak_for_a_story() -> None:
    window = Window()
    window.add(traits("like", 0), "mixed")
    for number in range(3):
        window.add(traits(f"unlike-{number}", 3), "mixed")
    assert assign(window, [traits("new", 1, source="B")]) == ["new"]


def test_what_was_taken_out_of_a_story_is_not_expected_to_speak_for_it() -> None:
    window = Window()
    window.add(traits("like", 0), "mixed")
    for number in range(3):
        window.add(traits(f"unlike-{number}", 3), "mixed")
        window.remove(f"unlike-{number}")
    assert assign(window, [traits("new", 1, source="B")]) == ["mixed"]


def test_an_article_taken_out_or_forgotten_speaks_no_more() -> None:
    window = Window()
    window.add(traits("a", 0), "story")
    window.remove("a")
    window.remove("a")
    assert (len(window), assign(window, [traits("b", 1)])) == (0, ["b"])
    window.forget(NOON // DAY)
    window.forget(NOON // DAY)
    assert (len(window), assign(window, [traits("c", 1)])) == (0, ["c"])


def test_an_article_added_again_is_in_its_last_story_only() -> None:
    window = Window()
    window.add(traits("a", 3), "old")
    window.add(traits("a", 0), "new")
    assert len(window) == 1
    assert assign(window, [traits("b", 1), traits("c", 4)]) == ["new", "c"]


def test_nothing_is_assigned_of_an_empty_page() -> None:
    assert assign(Window(), []) == []


def test_a_day_that_is_not_around_an_article_does_not_matter() -> None:
    near, far = Window(), Window()
    for window in (near, far):
        window.add(traits("near", 0), "story")
    for number in range(5):
        far.add(traits(f"far-{number}", 3, NOON - 6 * DAY), "story")
    assert assign(near, [traits("b", 1)]) == assign(far, [traits("b", 1)]) == ["story"]


@pytest.mark.parametrize("number", [MOST + 5, 600])
def test_of_very_many_copies_few_are_compared_and_which_does_not_depend_on_their_order(number: int) -> None:
    copies = [(traits(f"c{n}", 0, NOON + n), f"story {n % 3}") for n in range(number)]
    places = []
    for order in (copies, copies[::-1]):
        window = Window()
        for copy, story in order:
            window.add(copy, story)
        places.append(window.members.near(traits("new", 0)))
        assert assign(window, [traits("new", 0)]) == [f"story {max(range(3), key=lambda n: (n < number % 3, n))}"]
    assert [len(found) for found in places] == [MOST, MOST]


@given(STREAMS, st.integers(1, 12), st.integers(1, 12))
def test_pages_of_any_size_come_to_the_same_stories(stream: list[Traits], one: int, other: int) -> None:
    assert in_pages(Window(), stream, one) == in_pages(Window(), stream, other)


@given(STREAMS, st.integers(0, 40), st.randoms(use_true_random=False))
def test_whoever_takes_over_with_a_window_read_afresh_comes_to_the_same_stories(
    stream: list[Traits], cut: int, chance: Random
) -> None:
    window = Window()
    first = in_pages(window, stream[:cut], 5)
    pairs = list(zip(stream[:cut], first, strict=True))
    chance.shuffle(pairs)
    afresh = Window()
    for read, story in pairs:
        afresh.add(read, story)
    assert in_pages(window, stream[cut:], 5) == in_pages(afresh, stream[cut:], 5)


@given(STREAMS)
def test_a_window_needs_only_the_days_around_an_article(stream: list[Traits]) -> None:
    if not stream:
        return
    *rest, last = stream
    whole, part = Window(), Window()
    for read, story in zip(rest, assign(Window(), rest), strict=True):
        whole.add(read, story)
        if read.at // DAY in days_around(last.at):
            part.add(read, story)
    assert assign(whole, [last]) == assign(part, [last])


@given(STREAMS)
def test_every_story_is_founded_by_its_first_article(stream: list[Traits]) -> None:
    stories = assign(Window(), stream)
    founded = [story for read, story in zip(stream, stories, strict=True) if read.id == story]
    assert list(dict.fromkeys(stories)) == founded


def test_an_edited_article_is_replaced_without_a_trace() -> None:
    window, plain = Window(), Window()
    for number in range(4):
        window.add(traits(f"a{number}", 3), "x")
    for number in range(4):
        window.add(replace(traits(f"a{number}", 0), id=f"a{number}"), "y")
        plain.add(traits(f"a{number}", 0), "y")
    page = [traits("b", 1), traits("c", 4)]
    assert assign(window, page) == assign(plain, page) == ["y", "c"]
