from indexer.article import Article
from indexer.stories.comparing import EVIDENCE
from indexer.stories.evidence import traits_of
from training.pairs import Seed, learn

TOPICS = ("storm over orkney", "election in poland", "shooting in brussels", "film about zelda", "strike at airports")


def articles() -> list[Article]:
    """Forty articles, each with two of five topics in its text; those of the same first topic share their title."""
    told = [(TOPICS[number % 5], TOPICS[number * number // 3 % 5]) for number in range(40)]
    return [
        Article(id=f"{number}", title=title, body=body, seen_at=0, ranked_at=number)
        for number, (title, body) in enumerate(told)
    ]


def seeds() -> list[Seed]:
    others = [[str(number) for number in range(40) if number != seed] for seed in range(10)]
    return [
        Seed(
            str(seed),
            tuple(one for one in ids if int(one) % 5 == seed % 5),
            (),
            tuple(one for one in ids if int(one) % 5 != seed % 5),
        )
        for seed, ids in enumerate(others)
    ]


def test_what_tells_events_apart_gets_weight_and_what_is_left_out_none() -> None:
    read_of = {article.id: traits_of(article, lambda _: 5.0) for article in articles()}
    weights = learn(seeds(), read_of)
    assert weights.keys() == {"bias", *EVIDENCE}
    assert weights["title"] > 2
    assert weights == learn(seeds(), read_of)
    without = learn(seeds(), read_of, ["title"])
    assert without["title"] == 0
    assert without["words"] != weights["words"]
