"""The measures and the baseline of `make quality-stories`, by hand-made cases."""

from collections.abc import Mapping

import pytest

from bench.quality_stories import Quality, judge, single_pass
from indexer.article import Article
from indexer.times import HOUR
from training.pairs import Seed

SEEDS = [Seed("a", ("b", "c"), ("d",), ("e", "f")), Seed("g", ("h", "i"), (), ("a",))]
APART = dict(zip("abcdefghi", "abcdefghi", strict=True))


@pytest.mark.parametrize(
    ("stories", "quality"),
    [
        (dict.fromkeys("abcdefghi", "one"), Quality(4 / 7, 4 / 8, 1)),
        (APART, Quality(0, 0, 0)),
        (APART | {"b": "a", "c": "a", "h": "g", "i": "g"}, Quality(1, 1, 1)),
        (APART | {"b": "a", "d": "a", "e": "a"}, Quality(1 / 2, 1 / 3, 1 / 4)),
    ],
)
def test_pairs_of_a_seed_and_what_was_judged_for_it_are_counted(stories: Mapping[str, str], quality: Quality) -> None:
    assert judge(SEEDS, stories) == pytest.approx(quality)


def test_the_single_pass_joins_what_shares_rare_words_within_two_days() -> None:
    told = [("a", "Storm hits Orkney", 0), ("b", "Cats sleep", 1), ("c", "Orkney storm", 2), ("d", "Orkney storm", 99)]
    items = [Article(id=name, title=title, seen_at=at * HOUR, ranked_at=at * HOUR) for name, title, at in told]
    assert single_pass(items, lambda _: 3.0, 0.34) == {"a": "a", "b": "b", "c": "a", "d": "d"}
