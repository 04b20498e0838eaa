"""`python -m bench.quality_stories [--data FOLDER]`: how good the stories are, and how fast articles get into them.

The articles of two windows of three days are grouped in the order of their times by what the worker uses, and the
stories of judged articles are compared with the judgements. What is learnt from one window is measured on the other.
"""

import argparse
import gzip
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import combinations
from math import log
from pathlib import Path
from typing import Final, NamedTuple

import orjson

from bench.tables import show
from indexer.article import Article
from indexer.query.stopwords import STOP_WORDS
from indexer.query.tokens import terms
from indexer.store.document import from_document, to_document
from indexer.stories.comparing import Weights, shipped
from indexer.stories.evidence import Traits
from indexer.stories.grouping import Window, assign
from indexer.times import DAY, HOUR, parse
from nlp import spacy_extractor
from nlp.mention import Text
from training.pairs import ARTICLES, Seed, articles, judged, learn, named, traits_by_id, with_vectors

FOLDER: Final = Path("var/bench/stories")
STORIES: Final = "stories.jsonl.gz"
BASIL: Final = "basil-"
WINDOWS: Final = {
    "October": (parse("2023-10-15"), parse("2023-10-18")),
    "November": (parse("2023-11-07"), parse("2023-11-10")),
}
LEAD: Final = 3 * DAY
"""What of the archive before a window is grouped too where it says so."""
PAGE: Final = 500
KINDS: Final = {
    "words": ("words", "words of source", "meaning of rare words"),
    "titles": ("title",),
    "names": ("names", "meaning of names"),
    "numbers": ("numbers",),
    "time": ("gap",),
    "source": ("source", "words of source"),
    "meaning": ("meaning", "meaning of rare words", "meaning of names"),
}
"""Kinds of evidence, each left out once."""
THRESHOLDS: Final = (0.34, 0.25)
TIMED: Final = 1_000

Stories = Mapping[str, str]
"""The story of each article."""


class Set(NamedTuple):
    """A window: the judged articles, all articles in their order, and those with the days before."""

    seeds: list[Seed]
    items: list[Article]
    led: list[Article]


class Quality(NamedTuple):
    """Precision over same and different events, precision with related ones counted as wrong, recall of the same."""

    precision: float
    strict: float
    recall: float


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.quality_stories")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="where the corpora are")
    options = parser.parse_args()
    sets = dict(_sets(options.data))
    read_of = traits_by_id(article for one in sets.values() for article in one.led)
    quality(sets, read_of)
    basil(options.data)
    speed(sets["November"].led)


def quality(sets: Mapping[str, Set], read_of: Mapping[str, Traits]) -> None:
    """Learnt on one window, measured on the other; all that is shipped is learnt on both."""
    print(f"shipped weights, learnt from both windows: {dict(shipped())}")

    def ours(other: Set, one: Set, without: Collection[str] = ()) -> Stories:
        return grouped(one.items, read_of, learn(other.seeds, read_of, without))

    rows = [_row("grouping", sets, ours)]
    rows += [_row(f"without {kind}", sets, partial(ours, without=columns)) for kind, columns in KINDS.items()]
    rows.append(_row("with three days before", sets, lambda other, one: ours(other, one._replace(items=one.led))))
    rows += [_row(f"TF-IDF, single pass, {least}", sets, partial(_baseline, least)) for least in THRESHOLDS]
    rows.append(_row("as shipped: knows the answers", sets, lambda _, one: grouped(one.items, read_of, shipped())))
    show("Stories: precision / precision with related as wrong / recall (target: .95 / .85 / .80)", rows)


def grouped(items: Iterable[Article], read_of: Mapping[str, Traits], weights: Weights) -> Stories:
    """The stories of articles that come in pages, in their order."""
    page_of = [read_of[article.id] for article in items]
    window = Window(weights)
    pages = (page_of[start : start + PAGE] for start in range(0, len(page_of), PAGE))
    return {traits.id: story for page in pages for traits, story in zip(page, assign(window, page), strict=True)}


def judge(seeds: Iterable[Seed], stories: Stories) -> Quality:
    """How the stories agree with the judgements, over all pairs of a seed and an article judged for it."""
    counts: Counter[str] = Counter()
    for seed in seeds:
        for grade in ("same", "related", "different"):
            ids: Sequence[str] = getattr(seed, grade)
            counts[grade] += sum(stories[one] == stories[seed.id] for one in ids)
        counts["all"] += len(seed.same)
    same, related, different = counts["same"], counts["related"], counts["different"]
    found = max(1, same + different), max(1, same + related + different)
    return Quality(same / found[0], same / found[1], same / max(1, counts["all"]))


def single_pass(items: Iterable[Article], rarity: Callable[[str], float], least: float) -> Stories:
    """What to compare with: the cosine of TF-IDF against the centroids of stories touched in the last 48 hours."""
    centroids: dict[str, dict[str, float]] = {}
    lengths, touched, story_of = dict[str, float](), dict[str, int](), dict[str, str]()
    found_by: dict[str, set[str]] = defaultdict(set)
    for article in items:
        vector = _tf_idf(article, rarity)
        heavy = sorted(vector, key=lambda word: (-vector[word], word))[:10]
        near = {story for word in heavy for story in found_by[word] if article.ranked_at - touched[story] <= 48 * HOUR}
        cosines = [(_dot(vector, centroids[story]) / lengths[story], story) for story in near]
        best, story = max(cosines, default=(0.0, ""))
        story = story if best >= least else article.id
        centroid = centroids.setdefault(story, {})
        centroid.update({word: centroid.get(word, 0.0) + weight for word, weight in vector.items()})
        lengths[story] = sum(weight * weight for weight in centroid.values()) ** 0.5
        story_of[article.id], touched[story] = story, article.ranked_at
        for word in heavy:
            found_by[word].add(story)
    return story_of


def basil(data: Path) -> None:
    """Articles that people grouped, of three outlets on each event. Nothing was learnt from them."""
    event_of = _basil(data)
    items = _named("basil", [article for article in articles(data / STORIES) if article.id in event_of])
    stories = grouped(items, traits_by_id(items), shipped())
    pairs = list(combinations(stories, 2))
    together = [event_of[one] == event_of[other] for one, other in pairs if stories[one] == stories[other]]
    apart = [event_of[one] == event_of[other] for one, other in pairs if stories[one] != stories[other]]
    precision, recall = sum(together) / len(together), sum(together) / (sum(together) + sum(apart))
    row = {"articles": len(items), "precision": f"{precision:.3f}", "recall": f"{recall:.3f}"}
    show("BASIL: pairs of articles (target: precision .95)", [row])


def speed(items: Sequence[Article]) -> None:
    """Articles a second of processor time that are read for grouping and put into stories, against finding names."""
    extractor, few = spacy_extractor.load(), [Text(one.title, one.summary, one.body) for one in items[-TIMED:]]
    names = len(few) / _processor_seconds(lambda: list(extractor.extract(few)))
    reading = _processor_seconds(lambda: traits_by_id(items))
    read_of = traits_by_id(items)
    assigning = _processor_seconds(lambda: grouped(items, read_of, shipped()))
    rate = len(items) / (reading + assigning)
    row = {"articles": len(items), "reading /s": len(items) / reading, "assigning /s": len(items) / assigning}
    row |= {"both /s": rate, "names alone /s": names}
    show(
        "Grouping on one core (target: ten times as fast as an ingest with names)",
        [{name: round(figure) for name, figure in row.items()} | {"times": f"{rate / names:.1f}"}],
    )


def _sets(data: Path) -> Iterator[tuple[str, Set]]:
    seeds, archive = judged(data), list(articles(data / ARTICLES))
    for name, (start, end) in WINDOWS.items():
        led = _named(name, [article for article in archive if start - LEAD <= article.ranked_at < end])
        ids = {article.id for article in led if article.ranked_at >= start}
        yield name, Set([one for one in seeds if one.id in ids], [one for one in led if one.id in ids], led)


def _named(name: str, items: Sequence[Article]) -> list[Article]:
    """The articles with names and vectors, in their order. The names are found once, and kept in a file."""
    path = FOLDER / f"{name}.jsonl"
    kept = _read(path) if path.exists() else []
    if [article.id for article in kept] != [article.id for article in items] or kept[
        0
    ].extractor != spacy_extractor.name_of():
        kept = named(items)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"\n".join(orjson.dumps(to_document(article)) for article in kept))
    return sorted(with_vectors(kept), key=lambda article: article.order)


def _read(path: Path) -> list[Article]:
    return [from_document(orjson.loads(line)) for line in path.read_bytes().splitlines()]


def _basil(data: Path) -> dict[str, str]:
    """The event of each article of BASIL."""
    with gzip.open(data / STORIES) as lines:
        items = [orjson.loads(line) for line in lines]
    return {item["id"]: item["story_id"] for item in items if item["story_id"].startswith(BASIL)}


def _row(name: str, sets: Mapping[str, Set], group: Callable[[Set, Set], Stories]) -> dict[str, str]:
    """A line of the table: each window by what the other one taught, and the mean of both."""
    (first, one), (second, other) = sets.items()
    found = {first: judge(one.seeds, group(other, one)), second: judge(other.seeds, group(one, other))}
    found["mean"] = Quality(*(sum(both) / 2 for both in zip(*found.values(), strict=True)))
    return {"": name, **{of: " / ".join(f"{figure:.3f}" for figure in quality) for of, quality in found.items()}}


def _baseline(least: float, _: Set, one: Set) -> Stories:
    """The single pass, with rarity by the archive before the window, as far as it is here."""
    seen = [_words(article) for article in one.led if article.ranked_at < one.items[0].ranked_at]
    counts = Counter(word for words in seen for word in set(words))
    return single_pass(one.items, lambda word: log((len(seen) + 1) / (counts[word] + 0.5)), least)


def _words(article: Article) -> list[str]:
    title, opening = terms(article.title), terms((article.summary or article.body)[:300])
    return [word for word in [*title, *title, *opening] if word not in STOP_WORDS]


def _tf_idf(article: Article, rarity: Callable[[str], float]) -> dict[str, float]:
    weights = {word: (1 + log(count)) * rarity(word) for word, count in Counter(_words(article)).items()}
    length = sum(weight * weight for weight in weights.values()) ** 0.5 or 1.0
    return {word: weight / length for word, weight in weights.items()}


def _dot(some: Mapping[str, float], others: Mapping[str, float]) -> float:
    return sum(weight * others.get(word, 0.0) for word, weight in some.items())


def _processor_seconds(call: Callable[[], object]) -> float:
    started = time.process_time()
    call()
    return time.process_time() - started


if __name__ == "__main__":
    main()
