"""The smaller decisions: variety, limits on sources, what a list holds instead, and whether articles still arrive."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from indexer.article import Article
from indexer.store.port import Change
from indexer.times import DAY, HOUR, MINUTE, Millis
from service.trends.arrays import Arrays
from service.trends.collection import Collection, collection
from service.trends.columns import Floats
from service.trends.diversity import Placed, cosine, diversify
from service.trends.ladder import Listing, climb, duration
from service.trends.scoring import Parameters
from service.trends.sources import counted, share_counted, together

NOW: Millis = 1_700_000_000_000
_sums = arrays(np.float64, st.tuples(st.integers(1, 4), st.integers(1, 6)), elements=st.floats(0, 1e6))


@given(_sums)
def test_the_loudest_source_counts_for_at_most_twice_the_next(by_source: Floats) -> None:
    for before, after in zip(by_source, counted(by_source, 2), strict=True):
        *_, following, loudest = sorted([0.0, *before])
        assert max(after) == min(loudest, 2 * following)
        assert sorted(after)[:-1] == sorted(before)[:-1]
    assert counted(by_source, 1) is by_source


@given(_sums)
def test_together_is_at_least_the_sum_and_the_sum_of_one(by_source: Floats) -> None:
    worth, plain = together(by_source), by_source.sum(axis=1)
    assert (worth >= plain * (1 - 1e-9)).all()
    assert together(by_source[:, :1]) == pytest.approx(by_source[:, 0])
    shares = share_counted(by_source, 2)
    assert ((shares >= 0) & (shares <= 1)).all()


@given(st.lists(st.floats(0.1, 100), min_size=1, max_size=8), st.floats(0, 1), st.integers(1, 8), st.randoms())
def test_diversity_reorders_and_invents_nothing(scores: list[float], diversity: float, limit: int, random) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001 - hypothesis has no name for it
    ranked = np.array(sorted(scores, reverse=True))
    likeness = np.zeros((len(scores), len(scores)))
    for one, other in combinations(range(len(scores)), 2):
        likeness[one, other] = likeness[other, one] = random.random()
    order = diversify(ranked, likeness, diversity, limit)
    items = [placed.item for placed in order]
    assert items[0] == 0
    assert len(set(items)) == len(items) == min(limit, len(scores))
    for place, (item, by) in enumerate(order):
        assert (by is not None) == any(item < above for above in items[:place])
        assert by is None or by in items[:place]
    assert diversify(ranked, likeness, 0.0, limit) == [Placed(item, None) for item in range(len(items))]


def test_what_is_alike_is_cosine() -> None:
    alike = cosine(np.array([0, 0, 1, 1, 1, 2]), np.array([7, 9, 7, 9, 9, 4]), 4)
    assert alike[0] == pytest.approx([1, 3 / np.sqrt(10), 0, 0])
    assert (alike[3] == 0).all()


def _climbed(found: str | None, **parameters: float) -> tuple[list[str], Listing[str]]:
    asked: list[str] = []

    def ask(rung: Parameters) -> tuple[str, ...]:
        asked.append(f"{duration(rung.half_life)} {rung.novelty:g}")
        return ("x",) if asked[-1] == found else ()

    def latest(rung: Parameters) -> tuple[str, ...]:
        asked.append(f"latest {duration(rung.half_life)}")
        return ("new",)

    return asked, climb(ask, latest, Parameters(**parameters))  # type: ignore[arg-type]


def test_a_list_climbs_until_it_finds_something() -> None:
    assert _climbed("10h 1") == (["10h 1"], Listing(("x",), None))
    assert _climbed("10h 0") == (["10h 1", "10h 0"], Listing(("x",), "volume"))
    assert _climbed("90h 0")[1] == Listing(("x",), "wider:90h")
    asked, listing = _climbed(None)
    assert asked == ["10h 1", "10h 0", "30h 0", "90h 0", "168h 0", "latest 168h"]
    assert listing == Listing(("new",), "latest")


def test_no_rung_is_asked_for_twice_or_wider_than_the_baseline() -> None:
    assert _climbed(None, novelty=0.0, half_life=7 * DAY)[0] == ["168h 0", "latest 168h"]
    assert _climbed(None, novelty=0.0, half_life=90 * MINUTE, baseline_half_life=DAY)[0] == [
        "90m 0", "270m 0", "810m 0", "latest 168h",
    ]  # fmt: skip


def _collected(silence: Millis, every: Millis, *, nights: bool = False) -> Collection:
    """What is said after a silence, where something arrived as often as said, or so only from 6 to 22 o'clock."""
    times = range(NOW - silence, NOW - 30 * DAY, -every)
    awake = [at for at in times if not nights or 6 * HOUR <= at % DAY < 22 * HOUR]
    filled = Arrays(NOW - 150 * DAY)
    filled.apply(
        Change(f"a{number}", Article(id=f"a{number}", title="T", seen_at=at, ranked_at=at, section="World"))
        for number, at in enumerate(awake)
    )
    assert collection(filled.snapshot.at(NOW), "Sport") == Collection("quiet", None)
    return collection(filled.snapshot.at(NOW), "World")


@pytest.mark.parametrize(
    ("silence", "every", "state"),
    [
        (0, HOUR, "ok"),
        (4 * HOUR, HOUR, "ok"),
        (6 * HOUR, HOUR, "quiet"),
        (21 * HOUR, HOUR, "stopped"),
        (3 * DAY, HOUR, "stopped"),
        (10 * DAY, HOUR, "stopped"),
        (10 * DAY, DAY, "quiet"),
        (4 * DAY, DAY, "ok"),
        (4 * MINUTE, MINUTE, "ok"),
        (30 * MINUTE, MINUTE, "stopped"),
    ],
)
def test_silence_is_judged_by_what_usually_arrives(silence: Millis, every: Millis, state: str) -> None:
    assert _collected(silence, every) == Collection(state, NOW - silence)  # type: ignore[arg-type]


def test_a_quiet_night_is_no_silence() -> None:
    early = NOW - NOW % DAY + 6 * HOUR  # NOW is late in the evening
    assert _collected(NOW - early, HOUR, nights=True).state == "quiet"
    midnight = Arrays(NOW - 150 * DAY)
    times = [at for at in range(NOW - 30 * DAY, NOW, 10 * MINUTE) if 6 * HOUR <= at % DAY < 22 * HOUR]
    midnight.apply(
        Change(f"a{number}", Article(id=f"a{number}", title="T", seen_at=at, ranked_at=at))
        for number, at in enumerate(times)
    )
    at_night = NOW - NOW % DAY + 5 * HOUR
    assert collection(midnight.snapshot.at(at_night), None).state == "ok"
