from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Article
from indexer.query.ast import All, And, Not, Or, Phrase, Text
from indexer.query.feedback import SHARE, WORDS, feedback


def article(body: str, title: str = "") -> Article:
    return Article(id="a", title=title, body=body, seen_at=0, ranked_at=0)


def test_words_that_the_best_articles_share_come_first_and_stop_words_never() -> None:
    best = [(article("the drones the drones of kursk"), 2.0), (article("a drone over the border"), 1.0)]
    boosts = feedback(Text("kursk"), best)
    assert next(query for query, _ in boosts) == Text("drones")
    assert {query.word for query, _ in boosts if isinstance(query, Text)} == {"drones", "kursk", "border"}


def test_forms_of_one_word_count_together_under_the_first_of_them() -> None:
    (boost,) = feedback(Text("x"), [(article("troop troops Troops"), 1.0)])
    assert boost[0] == Text("troop")


@given(st.lists(st.tuples(st.text(alphabet="abcde ", max_size=60), st.floats(0.1, 20)), max_size=8), st.integers(1, 5))
def test_all_weights_together_are_their_share_of_the_query(bodies: list[tuple[str, float]], words: int) -> None:
    query = And(tuple(Text(f"w{number}") for number in range(words))) if words > 1 else Text("w")
    boosts = feedback(query, [(article(body), score) for body, score in bodies])
    assert len(boosts) <= WORDS
    if boosts:
        given_to_words = sum(weight for _, weight in boosts)
        assert abs(given_to_words / (given_to_words + words) - SHARE) < 1e-9
        assert all(weight > 0 for _, weight in boosts)


def test_nothing_found_or_nothing_asked_adds_nothing() -> None:
    assert feedback(Text("kursk"), []) == ()
    assert feedback(All(), [(article("kursk"), 1.0)]) == ()
    assert feedback(Not(Text("kursk")), [(article("kursk"), 1.0)]) == ()
    assert feedback(Text("kursk"), [(article("the of and"), 1.0)]) == ()


def test_a_phrase_weighs_as_one_word() -> None:
    best = [(article("kursk border"), 1.0)]
    assert feedback(Or((Phrase("north korea"), Text("kursk"))), best) == feedback(Or((Text("a1"), Text("b1"))), best)
