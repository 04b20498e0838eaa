"""The card of an encoder: `encoder_card.md`, with what its training knows."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from training.encoder_figures import Figures

Figured = Mapping[str, Mapping[str, Figures]]
"""The figures of vectors by their name, and of months."""


class Facts(NamedTuple):
    """What is known of an encoder once it is made."""

    version: str
    dimensions: int
    texts: int
    words: int
    others: int
    megabytes: float
    texts_per_second: float
    figures: Figured


def card(facts: Facts, seed: int, epochs: int) -> str:
    template = Path(__file__).with_suffix(".md").read_text(encoding="utf-8")
    return template.format(**facts._asdict(), seed=seed, epochs=epochs, table="\n".join(_table(facts.figures)))


def _table(figures: Figured) -> Iterator[str]:
    months = list(next(iter(figures.values())))
    yield _line("", *(f"{month}: recall (precision) from cosine | F1" for month in months))
    yield _line(*["---"] * (1 + 2 * len(months)))
    for name, measured in figures.items():
        yield _line(name, *(str(measured[month]) for month in months))


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
