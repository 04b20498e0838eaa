"""What was worked out before and still holds."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Final, TypeVar, cast

from indexer.times import Millis

_REMEMBERED: Final = 32
_Result = TypeVar("_Result")


class Memory:
    """Answers about the articles known at a time, the least recently used forgotten first. Threads share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: OrderedDict[tuple[Millis, Hashable], object] = OrderedDict()

    def recall(self, moment: Millis, question: Hashable, answer: Callable[[], _Result]) -> _Result:
        """What was answered before; the answer, from now on, if nothing was. Nobody may change it."""
        asked = (moment, question)
        with self._lock:
            if asked in self._answers:
                self._answers.move_to_end(asked)
                return cast("_Result", self._answers[asked])
        result = answer()
        with self._lock:
            self._answers[asked] = result
            if len(self._answers) > _REMEMBERED:
                self._answers.popitem(last=False)
        return result

    def of_times(self, holds: Callable[[Millis], bool]) -> "Memory":
        """A memory of its own, of the times for which what was answered still holds."""
        kept = Memory()
        with self._lock:
            answers = list(self._answers.items())
        kept._answers.update((asked, result) for asked, result in answers if holds(asked[0]))
        return kept
