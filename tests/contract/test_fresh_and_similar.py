"""`sort=fresh` against brute force over the scores of `relevance`, and `similar`."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import inf, log2
from random import Random

import pytest

from indexer.article import Article
from indexer.query.ast import All, And, Not, Or, Phrase, Query, Range, Text
from indexer.store.port import DEEPEST_RELEVANCE, Freshness, Hit, Request, Selection, Store
from indexer.times import Millis
from tests.contract.factories import NOON, article, entities, filled

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
YEAR = 365 * DAY
ROUNDING = 1e-5
"""The difference, in powers of two, that scores of 24 bits leave open."""


def scattered(number: int) -> Article:
    """Storms of a week, dense and sparse, with some of tomorrow and some of years before."""
    random = Random(number)  # noqa: S311 - only has to be varied
    age = random.choice([random.randrange(7 * DAY), random.randrange(7 * DAY), -random.randrange(DAY), 6 * YEAR])
    body = " ".join(["storm"] * random.randrange(4) + ["calm"] * random.randrange(30))
    title = random.choice(["Storm", "Storm surge", "Quiet", "Surge"])
    return article(f"a{number}", title, at=-age, body=body, section=random.choice(["World", "Arts"]))


@pytest.fixture(scope="module")
def stormy(shared_store: Store) -> Store:
    return filled(shared_store, *map(scattered, range(400)))


def fresh(store: Store, selection: Selection, freshness: Freshness, size: int = 1_000, offset: int = 0) -> list[Hit]:
    request = Request(selection, sort="fresh", size=size, offset=offset, freshness=freshness)
    return list(store.search(request).hits)


def strength(hit: Hit, freshness: Freshness) -> Fraction | float:
    """The logarithm of what a hit's score should be, from its score under `relevance`."""
    age = max(0, freshness.now - hit.article.ranked_at)
    return Fraction(log2(hit.score)) - Fraction(age, freshness.half_life) if hit.score else -inf


def assert_in_order(hits: Sequence[Hit], strengths: dict[str, Fraction | float]) -> None:
    for one, other in pairwise(hits):
        stronger, weaker = strengths[one.article.id], strengths[other.article.id]
        if stronger == weaker:
            assert one.article.order > other.article.order
        else:
            assert stronger >= weaker - ROUNDING


QUERIES = {
    "word": Text("storm"),
    "either": Or((Text("storm"), Phrase("storm surge"))),
    "both": And((Text("storm"), Text("calm"))),
    "without a score": Not(Text("surge")),
    "with and without a score": Or((Text("surge"), Range(NOON - DAY, None))),
    "everything": All(),
}


FRESHNESSES = {
    "of minutes": Freshness(NOON, 5 * MINUTE),
    "of days": Freshness(NOON, DAY),
    "some days before": Freshness(NOON - 3 * DAY, HOUR),
    "an archive": Freshness(NOON + 40 * YEAR, DAY),
    "of decades": Freshness(NOON + 40 * YEAR, 30 * YEAR),
}


@pytest.mark.parametrize("freshness", FRESHNESSES.values(), ids=FRESHNESSES)
@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_fresh_is_relevance_halved_by_age(stormy: Store, query: Query, freshness: Freshness) -> None:
    by_relevance = stormy.search(Request(Selection(query), sort="relevance", size=1_000)).hits
    strengths = {hit.article.id: strength(hit, freshness) for hit in by_relevance}
    hits = fresh(stormy, Selection(query), freshness)
    assert {hit.article.id for hit in hits} == set(strengths)
    assert len(hits) == len(strengths) > 50
    assert_in_order(hits, strengths)
    for hit in hits:
        assert hit.score == pytest.approx(2 ** float(strengths[hit.article.id]), rel=1e-4, abs=1e-300)


@pytest.mark.parametrize("half_life", [HOUR, DAY], ids=["hour", "day"])
def test_pages_under_fresh_join(stormy: Store, half_life: Millis) -> None:
    freshness = Freshness(NOON, half_life)
    whole = fresh(stormy, Selection(Text("storm")), freshness)
    pages = [fresh(stormy, Selection(Text("storm")), freshness, 33, offset) for offset in range(0, len(whole), 33)]
    assert [hit for page in pages for hit in page] == whole
    assert fresh(stormy, Selection(Text("storm")), freshness, 33, len(whole)) == []
    assert fresh(stormy, Selection(Text("storm")), freshness, 33, DEEPEST_RELEVANCE) == []
    assert fresh(stormy, Selection(Text("storm")), freshness, 0) == []


def test_without_words_fresh_is_newest(stormy: Store) -> None:
    for query in (All(), Range(NOON - DAY, NOON + DAY)):
        newest = stormy.search(Request(Selection(query), size=1_000)).hits
        hits = fresh(stormy, Selection(query), Freshness(NOON, DAY))
        assert [hit.article.id for hit in hits] == [hit.article.id for hit in newest]


def test_fresh_changes_neither_total_nor_facets(stormy: Store) -> None:
    selection = Selection(Text("storm"), {"section": ("World",)}, NOON - 7 * DAY, NOON)
    one = Request(selection, sort="fresh", facets={"section": 3}, freshness=Freshness(NOON + YEAR, HOUR))
    other = Request(selection, sort="relevance", facets={"section": 3})
    found, expected = stormy.search(one), stormy.search(other)
    assert (found.total, found.facets) == (expected.total, expected.facets)
    assert {hit.article.section for hit in found.hits} == {"World"}


def test_tomorrows_article_is_no_fresher_than_one_of_now(store: Store) -> None:
    filled(store, article("tomorrow", "storm", at=DAY), article("now", "storm"), article("yesterday", "storm", at=-DAY))
    hits = fresh(store, Selection(Text("storm")), Freshness(NOON, DAY))
    assert [hit.article.id for hit in hits] == ["tomorrow", "now", "yesterday"]
    scores = [hit.score for hit in hits if hit.score]
    assert scores[0] == scores[1] == pytest.approx(2 * scores[2])


def test_the_first_thousand_are_the_best_of_all_not_of_the_most_relevant(store: Store) -> None:
    """Re-ranking the most relevant would lose the fresh ones, for all of them are weaker."""
    old = [article(f"old-{n}", "storm storm storm", at=-YEAR - n * HOUR) for n in range(1_500)]
    new = [article(f"new-{n}", "a storm among many other words of a long title", at=-n) for n in range(20)]
    filled(store, *old, *new)
    hits = fresh(store, Selection(Text("storm")), Freshness(NOON, 7 * DAY), size=10, offset=10)
    assert [hit.article.id for hit in hits] == [f"new-{n}" for n in range(10, 20)]
    last = fresh(store, Selection(Text("storm")), Freshness(NOON, DAY), size=50, offset=990)
    assert [hit.article.id for hit in last] == [f"old-{n}" for n in range(970, 980)]


BODY = "Troops crossed the border near the nuclear plant while diplomats met about grain exports"


@pytest.fixture(scope="module")
def wire(shared_store: Store) -> Store:
    fillers = [
        article(f"filler-{n}", "Weather report", body="The day about which the report was", section="Other")
        for n in range(30)
    ]
    return filled(
        shared_store,
        article("one", "Grain talks stall", body=BODY, section="Wire", entities=entities("place:odesa")),
        article("copy", "Talks on grain stall", body=BODY + " again", section="Wire"),
        article("kin", "Diplomats leave", body="No word about grain exports", section="Wire"),
        article("named", "Harbour", body="A quiet evening", section="Wire", entities=entities("place:odesa")),
        article("stranger", "Football", body="Penalties decided a match", section="Wire"),
        *fillers,
    )


def alike(store: Store, one: Article, selection: Selection | None = None, size: int = 10) -> list[str]:
    hits = store.similar(one, selection or Selection(filters={"section": ("Wire",)}), size)
    scores = [hit.score for hit in hits if hit.score]
    assert len(scores) == len(hits)
    assert scores == sorted(scores, reverse=True)
    return [hit.article.id for hit in hits]


def stored(store: Store, article_id: str) -> Article:
    [found] = store.get([article_id])
    assert found is not None
    return found


def test_the_most_alike_come_first_by_words_and_names_and_never_itself(wire: Store) -> None:
    found = alike(wire, stored(wire, "one"))
    assert found[0] == "copy"
    assert set(found) == {"copy", "kin", "named"}
    assert alike(wire, stored(wire, "one"), size=1) == ["copy"]
    assert alike(wire, stored(wire, "one"), size=0) == []


def test_a_rare_name_counts_more_than_a_common_one(store: Store) -> None:
    common = [article(f"c{n}", "Elsewhere", entities=entities("place:europe")) for n in range(20)]
    filled(store, *common, article("rare", "Faraway", entities=entities("place:odesa")))
    asked = article("asked", "Unheard", entities=entities("place:europe", "place:odesa"))
    assert alike(store, asked, Selection(), size=1) == ["rare"]


def test_the_selection_limits_what_is_alike(wire: Store) -> None:
    one = stored(wire, "one")
    assert alike(wire, one, Selection(Text("exports"), {"section": ("Wire",)})) == ["copy", "kin"]
    assert alike(wire, one, Selection(Not(Text("again")), {"section": ("Wire",)}, NOON, NOON + 1))[0] != "copy"
    assert alike(wire, one, Selection(end=NOON)) == []


def test_the_selection_does_not_change_how_alike_they_are(wire: Store) -> None:
    one = stored(wire, "one")
    plain = {hit.article.id: hit.score for hit in wire.similar(one, Selection(), 50)}
    limited = wire.similar(one, Selection(Or((Text("grain"), Text("quiet"))), {"section": ("Wire",)}, NOON), 50)
    assert {hit.article.id for hit in limited} == {"copy", "kin", "named"}
    assert all(hit.score == pytest.approx(plain[hit.article.id], rel=1e-5) for hit in limited)


def test_an_article_need_not_be_stored_to_ask_for_its_like(wire: Store) -> None:
    assert alike(wire, article("draft", "Grain talks stall", body=BODY))[0] == "one"


@pytest.mark.parametrize(
    "text", ["", "!!!", "\x00", "\ud800 \udfff", "unheardofword", "😀", "x" * 40_000, 'AND ( " * ~ title:']
)
def test_no_text_is_too_odd_to_have_its_like_looked_for(wire: Store, text: str) -> None:
    assert alike(wire, article("odd", text, body=text, entities=entities("place:nowhere"))) == []


def test_long_articles_are_taken(wire: Store) -> None:
    words = " ".join(f"word{number}" for number in range(50_000))
    assert (
        alike(
            wire,
            article(
                "long",
                "Grain exports",
                body=f"{BODY} {words}",
                entities=entities(*(f"place:p{number}" for number in range(1_000)), "place:odesa"),
            ),
        )
        != []
    )
