"""The encoder as it learns: the same sums and layers as in `nlp/encoder.py`, in floats that chance and gradients move.

It learns to find two texts as alike as the teacher does, and to point where the teacher's main directions point. A
batch holds texts of a few subjects, so that many of its pairs are alike and have to be told apart.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import torch  # type: ignore[import-not-found]
from numpy.typing import NDArray
from torch.nn import functional  # type: ignore[import-not-found]

from nlp.encoder import LEVEL, LIMIT
from nlp.vocabulary import Bags, Vocabulary
from training.encoder_teacher import Targets

Tensor = Any
Numbers = NDArray[np.int64]

_NOTHING: Final = 1e-8
_IN_RANGE: Final = 0.9999
"""The share of the table that 8 bits are to hold as it is."""


class Recipe(NamedTuple):
    """How to learn.

    The table is `width` numbers wide, and what comes out is `dimensions`. Words that stand in more than a share
    `common` of the texts start with less weight. Of all words a share is `unread` each time. A batch has `neighbours`
    at a time of one of `subjects`. To be as alike as for the teacher counts `likeness` times as much as to point where
    it points, and up to `alike` times more for what is alike. The rate rises for `warm_up` steps, then falls evenly.
    """

    seed: int = 1
    width: int = 192
    hidden: int = 512
    dimensions: int = 128
    common: float = 0.001
    noise: float = 0.003
    unread: float = 0.1
    epochs: int = 5
    batch: int = 512
    subjects: int = 200
    neighbours: int = 32
    likeness: float = 10.0
    alike: float = 8.0
    rate: float = 0.003
    warm_up: int = 100


@dataclass(frozen=True)
class Student:
    """What is learnt."""

    table: Tensor
    inner: Tensor
    inner_bias: Tensor
    outer: Tensor
    outer_bias: Tensor

    def __call__(self, bags: Bags) -> Tensor:
        """The vectors of texts, of length one."""
        rows, starts = torch.from_numpy(bags.rows), torch.from_numpy(bags.starts)
        sums = functional.embedding_bag(rows, self.table, starts, mode="sum", padding_idx=0)
        said = _levelled(sums.view(len(starts) // 2, -1))
        meant = _levelled(functional.relu(said @ _whole(self.inner) + self.inner_bias))
        return functional.normalize(torch.cat([said, meant], 1) @ _whole(self.outer) + self.outer_bias, dim=1)

    @property
    def weights(self) -> list[Tensor]:
        return [self.table, self.inner, self.inner_bias, self.outer, self.outer_bias]


def beginner(vocabulary: Vocabulary, meanings: Targets, recipe: Recipe) -> Student:
    """A student who knows what the teacher makes of each word, and adds it up with less weight on frequent words."""
    chance = torch.Generator().manual_seed(recipe.seed)
    width, hidden, dimensions = recipe.width, recipe.hidden, recipe.dimensions
    table = torch.randn(vocabulary.size, width, generator=chance) * recipe.noise
    shares = np.array(list(vocabulary.counts.values()))[:, None] / vocabulary.texts
    weighed = (meanings - meanings.mean(axis=0)) * recipe.common / (recipe.common + shares)
    table[1 : 1 + len(meanings)] = torch.from_numpy(weighed.astype(np.float32))
    table[0] = 0
    inner = _drawn(2 * width, hidden, chance)
    outer = 0.1 * _drawn(2 * width + hidden, dimensions, chance)
    outer[: 2 * width] += torch.eye(width, dimensions).repeat(2, 1)
    student = Student(table, inner, torch.zeros(hidden), outer, torch.zeros(dimensions))
    for weights in student.weights:
        weights.requires_grad_()
    return student


def learn(student: Student, bags: Bags, targets: Targets, directions: Targets, recipe: Recipe) -> None:
    """Change the student until it agrees with the targets, whose `directions` are to be its dimensions."""
    chance = np.random.default_rng(recipe.seed)
    steps = recipe.epochs * (len(targets) // recipe.batch)
    optimizer = torch.optim.Adam(student.weights, lr=recipe.rate, betas=(0.9, 0.99), fused=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _share(recipe, step, steps))
    for epoch in range(recipe.epochs):
        losses = []
        for batch in _batches(targets, recipe, chance):
            read = _with_gaps(taken(bags, batch), recipe.unread, chance)
            loss = _loss(student(read), targets[batch], directions, recipe)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
        print(f"epoch {epoch + 1} of {recipe.epochs}: loss {np.mean(losses):.4f}", flush=True)


def taken(bags: Bags, texts: Numbers) -> Bags:
    """The bags of some of the texts."""
    ends = np.append(bags.starts, len(bags.rows))
    chosen = np.column_stack([2 * texts, 2 * texts + 1]).ravel()
    lengths = ends[chosen + 1] - ends[chosen]
    starts = lengths.cumsum() - lengths
    places = np.arange(lengths.sum()) + np.repeat(ends[chosen] - starts, lengths)
    return Bags(bags.rows[places], starts)


def vectors(student: Student, bags: Bags) -> Targets:
    return np.asarray(student(bags).detach().numpy(), np.float32)


def quantised(student: Student) -> dict[str, NDArray[Any]]:
    """The weights as the whole numbers that `nlp/encoder.py` reads."""
    table, inner, inner_bias, outer, outer_bias = (weights.detach().numpy() for weights in student.weights)
    return {
        "table": _int8(table, np.quantile(np.abs(table), _IN_RANGE)),
        "inner_weights": _int8(inner, np.abs(inner).max()),
        "inner_bias": _summands(inner_bias, inner),
        "outer_weights": _int8(outer, np.abs(outer).max()),
        "outer_bias": _summands(outer_bias, outer),
    }


def _batches(targets: Targets, recipe: Recipe, chance: np.random.Generator) -> Iterator[Numbers]:
    """All texts in an order drawn by chance, but that some neighbours are of one subject, whose middle is a text."""
    middles = targets[chance.choice(len(targets), min(recipe.subjects, len(targets)), replace=False)]
    subjects = (targets @ middles.T).argmax(axis=1)
    order = np.lexsort((chance.random(len(targets)), subjects))
    pieces = [order[start : start + recipe.neighbours] for start in range(0, len(order), recipe.neighbours)]
    mixed = np.concatenate([pieces[piece] for piece in chance.permutation(len(pieces))])
    whole = len(mixed) - len(mixed) % recipe.batch
    return iter(mixed[:whole].reshape(-1, recipe.batch))


def _with_gaps(bags: Bags, unread: float, chance: np.random.Generator) -> Bags:
    return Bags(np.where(chance.random(len(bags.rows)) < unread, 0, bags.rows), bags.starts)


def _loss(vectors: Tensor, targets: Targets, directions: Targets, recipe: Recipe) -> Tensor:
    wanted = torch.from_numpy(targets @ targets.T)
    towards = functional.normalize(torch.from_numpy(targets @ directions), dim=1)
    unlike = ((1 + recipe.alike * wanted.clamp(0) ** 2) * (vectors @ vectors.T - wanted) ** 2).mean()
    return recipe.likeness * unlike + 1 - (vectors * towards).sum(dim=1).mean()


def _share(recipe: Recipe, step: int, steps: int) -> float:
    """Of the rate: rising at first, then falling evenly."""
    return min(1, (step + 1) / recipe.warm_up) * (1 - step / steps)


def _drawn(inputs: int, outputs: int, chance: Any) -> Tensor:
    return torch.randn(inputs, outputs, generator=chance) / (3 * inputs) ** 0.5


def _levelled(rows: Tensor) -> Tensor:
    """The rows with a root mean square of one, in the steps in which `nlp/encoder.py` counts."""
    level = rows * torch.rsqrt((rows * rows).mean(dim=1, keepdim=True) + _NOTHING)
    return _straight_through(level, (level * LEVEL).round().clamp(-LIMIT, LIMIT) / LEVEL)


def _whole(weights: Tensor) -> Tensor:
    """The weights in the steps that 8 bits leave."""
    step = weights.detach().abs().max() / LIMIT
    return _straight_through(weights, (weights / step).round() * step)


def _straight_through(exact: Tensor, rounded: Tensor) -> Tensor:
    """What is rounded, with the gradient of what is exact."""
    return exact + (rounded - exact).detach()


def _int8(weights: NDArray[np.float32], most: float) -> NDArray[np.int8]:
    whole: NDArray[np.float32] = np.rint(weights / most * LIMIT)
    return whole.clip(-LIMIT, LIMIT).astype(np.int8)


def _summands(bias: NDArray[np.float32], weights: NDArray[np.float32]) -> NDArray[np.int32]:
    """A bias in the unit of the sums: of a weight's step times an input's."""
    whole: NDArray[np.float32] = np.rint(bias * LEVEL * LIMIT / np.abs(weights).max())
    return whole.astype(np.int32)
