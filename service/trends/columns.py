"""Storage that one thread appends to while others read: whatever a reader took stays as it was."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, Final, Generic, TypeVar

import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]
Ints = npt.NDArray[np.integer[Any]]
Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]
UInt8s = npt.NDArray[np.uint8]
Array = npt.NDArray[Any]
Numbers = Sequence[int] | Array

_GROWTH: Final = 1.5
_FIRST_CAPACITY: Final = 1_024
_Value = TypeVar("_Value", bound=Hashable)


class Columns:
    """Parallel arrays that grow at the end. `views` never change: what is appended lies beyond them."""

    def __init__(self, **types: type[np.generic]) -> None:
        self._arrays: dict[str, Array] = {name: np.empty(_FIRST_CAPACITY, kind) for name, kind in types.items()}
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def extend(self, values: Mapping[str, Numbers]) -> None:
        """Append equally long sequences, one per column."""
        end = self._length + len(next(iter(values.values())))
        self._make_room(end)
        for name, column in values.items():
            self._arrays[name][self._length : end] = column
        self._length = end

    def views(self) -> dict[str, Array]:
        """All columns, as long as they are now, read-only."""
        views = {name: array[: self._length] for name, array in self._arrays.items()}
        for view in views.values():
            view.flags.writeable = False
        return views

    def _make_room(self, length: int) -> None:
        capacity = len(next(iter(self._arrays.values())))
        if length <= capacity:
            return
        larger = max(length, int(capacity * _GROWTH))
        for name, array in self._arrays.items():
            self._arrays[name] = np.empty(larger, array.dtype)
            self._arrays[name][: self._length] = array[: self._length]


class Interned(Generic[_Value]):
    """Values numbered in the order of their first appearance; a number never changes its value."""

    def __init__(self) -> None:
        self.values: list[_Value] = []
        self._numbers: dict[_Value, int] = {}

    def __len__(self) -> int:
        return len(self.values)

    def number(self, value: _Value) -> int:
        """The number of a value, a new one if it has none."""
        number = self._numbers.setdefault(value, len(self.values))
        if number == len(self.values):
            self.values.append(value)
        return number

    def number_all(self, values: Iterable[_Value]) -> list[int]:
        """The numbers of values, in their order."""
        return [self.number(value) for value in values]

    def find(self, value: _Value) -> int | None:
        """The number of a value, None if it has none."""
        return self._numbers.get(value)
