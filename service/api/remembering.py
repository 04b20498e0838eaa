"""Finished answers, kept while nothing changes: who polls costs next to nothing."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Final, NamedTuple

from fastapi.concurrency import run_in_threadpool

_MOST: Final = 200


class Finished(NamedTuple):
    """The body of an answer, and the ids of what it lists with all that is shown of them."""

    content: bytes
    media_type: str
    listed: tuple[str, ...]


class Remembered:
    """The answers of one state, those least recently asked for forgotten first.

    A state is whatever answers depend on besides their question; another one forgets all. Who asks what is being
    answered waits for that answer. Everything happens in one event loop.
    """

    def __init__(self) -> None:
        self._state: Hashable = None
        self._answers: OrderedDict[Hashable, asyncio.Future[Finished]] = OrderedDict()

    async def answer(self, state: Hashable, question: Hashable, make: Callable[[], Finished]) -> Finished:
        """What was answered before; else what `make` makes in a thread. A failure is not remembered."""
        if state != self._state:
            self._state, self._answers = state, OrderedDict()
        answers = self._answers
        if question not in answers:
            answers[question] = asyncio.ensure_future(run_in_threadpool(make))
            if len(answers) > _MOST:
                answers.popitem(last=False)
        answers.move_to_end(question)
        try:
            return await asyncio.shield(answers[question])
        except Exception:
            answers.pop(question, None)
            raise
