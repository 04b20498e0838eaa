"""`python -m training.pairs --data FOLDER --out FILE`: learn how much each kind of evidence says about two articles.

A logistic regression over pairs that were judged by reading: the articles of the same event against all others. The
judged articles are read by the product itself: its names, its vectors, its traits.
"""

import argparse
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import orjson
from numpy.typing import NDArray

from indexer.article import Article
from indexer.catalogue.catalogue import Catalogue
from indexer.decisions.names import Names
from indexer.normalise import Normaliser
from indexer.sources.reading import Download, read
from indexer.sources.records import Found
from indexer.stories.comparing import EVIDENCE, Numbers, evidence
from indexer.stories.evidence import ROW, Traits, traits_of
from indexer.times import parse
from nlp import spacy_extractor
from nlp.encoder import Encoder, text_of
from nlp.mention import Text
from nlp.rarity import Rarity

ARTICLES: Final = "articles.jsonl.gz"
SEEDS: Final = "stories_seeds_dev.jsonl"
_NOW: Final = parse("2023-11-22")
_FIRMNESS: Final = 5.0
_STEPS: Final = 30


@dataclass(frozen=True, slots=True)
class Seed:
    """An article, and how others are to it: about the same event, about the same run of events, about another one."""

    id: str
    same: tuple[str, ...]
    related: tuple[str, ...]
    different: tuple[str, ...]

    @property
    def judged(self) -> tuple[str, ...]:
        return (*self.same, *self.related, *self.different)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.pairs")
    parser.add_argument("--data", type=Path, required=True, help="the folder with the corpora")
    parser.add_argument("--out", type=Path, required=True, help="where the weights go")
    options = parser.parse_args()
    seeds = judged(options.data)
    wanted = {article_id for seed in seeds for article_id in (seed.id, *seed.judged)}
    items = [article for article in articles(options.data / ARTICLES) if article.id in wanted]
    weights = learn(seeds, traits_by_id(with_vectors(named(items))))
    options.out.write_text(json.dumps(weights, indent=2) + "\n", encoding="utf-8")


def judged(data: Path) -> list[Seed]:
    lines = map(orjson.loads, (data / SEEDS).read_bytes().splitlines())
    return [Seed(one["seed"], *(tuple(one[grade]) for grade in ("same", "related", "different"))) for one in lines]


def articles(path: Path) -> Iterator[Article]:
    """The articles of a file as an archive has them, without names."""
    normaliser = Normaliser(replay=True)
    for item in read(str(path), _no_fetching):
        if isinstance(item, Found):
            yield normaliser.article(item, _NOW)


def named(items: Sequence[Article]) -> list[Article]:
    """The articles with their names, as an ingest leaves them."""
    names = Names(Catalogue.load())
    mentions = spacy_extractor.load().extract(Text(one.title, one.summary, one.body) for one in items)
    return [names.read(replace(one, mentions=found)) for one, found in zip(items, mentions, strict=True)]


def with_vectors(items: Sequence[Article]) -> list[Article]:
    vectors = Encoder.load().encode([text_of(one.title, one.summary or one.body) for one in items])
    return [replace(one, vector=vector.tobytes()) for one, vector in zip(items, vectors, strict=True)]


def traits_by_id(items: Iterable[Article]) -> dict[str, Traits]:
    """The traits of articles that have their names and vectors."""
    rarity = Rarity.load().idf
    return {article.id: traits_of(article, rarity) for article in items}


def learn(seeds: Iterable[Seed], read_of: Mapping[str, Traits], without: Collection[str] = ()) -> dict[str, float]:
    """The weights of all kinds of evidence; 0 for those to do without."""
    pairs = [(seed.id, other) for seed in seeds for other in seed.judged]
    same = [other in seed.same for seed in seeds for other in seed.judged]
    kept = [number for number, kind in enumerate(EVIDENCE) if kind not in without]
    found = _regression(_evidence(pairs, read_of)[:, kept], np.array(same, np.float64))
    learnt = {EVIDENCE[number]: round(float(weight), 4) for number, weight in zip(kept, found, strict=False)}
    return {"bias": round(float(found[-1]), 4), **dict.fromkeys(EVIDENCE, 0.0), **learnt}


def _evidence(pairs: Sequence[tuple[str, str]], read_of: Mapping[str, Traits]) -> Numbers:
    rows = np.frombuffer(b"".join(one.row for one in read_of.values()), ROW)
    place = {article_id: number for number, article_id in enumerate(read_of)}
    some, others = (np.array([place[pair[side]] for pair in pairs], np.int64) for side in (0, 1))
    return evidence(rows, some, others)


def _regression(columns: Numbers, same: NDArray[np.float64]) -> Numbers:
    """Logistic regression by Newton's method, the weights of standardised columns held small; the last is the bias."""
    mean, deviation = columns.mean(axis=0), columns.std(axis=0) + 1e-9
    inputs = np.column_stack([(columns - mean) / deviation, np.ones(len(columns))])
    held = np.diag([*[_FIRMNESS] * columns.shape[1], 0.0])
    weights = np.zeros(inputs.shape[1])
    for _ in range(_STEPS):
        odds = 1 / (1 + np.exp(-inputs @ weights))
        slope = inputs.T @ (odds - same) + held @ weights
        weights -= np.linalg.solve((inputs.T * (odds * (1 - odds))) @ inputs + held, slope)
    scaled = weights[:-1] / deviation
    return np.append(scaled, weights[-1] - (mean * scaled).sum())


def _no_fetching(url: str) -> Download:
    raise ValueError(url)


if __name__ == "__main__":
    main()
