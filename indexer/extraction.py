"""Running an extractor over batches: here, or in processes of its own."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Future, ProcessPoolExecutor
from multiprocessing.connection import Connection, wait
from typing import Any, Protocol, TypeVar

from indexer.errors import NamesUnavailable
from nlp.errors import ModelUnavailable
from nlp.mention import Extractor, Mention, Text

Mentions = tuple[Mention, ...]
_Result = TypeVar("_Result")


class Extraction(Protocol):
    """Where names are found. `name` is the extractor's; `depth` is how many batches keep it busy."""

    @property
    def name(self) -> str: ...

    @property
    def depth(self) -> int: ...

    def submit(self, texts: Sequence[Text]) -> Future[list[Mentions]]:
        """The mentions of each text, in order."""
        ...

    def close(self) -> None: ...


class Inline:
    """Extraction in this process, before `submit` returns."""

    depth = 1

    def __init__(self, extractor: Extractor) -> None:
        self._extractor = extractor

    @property
    def name(self) -> str:
        return self._extractor.name

    def submit(self, texts: Sequence[Text]) -> Future[list[Mentions]]:
        done: Future[list[Mentions]] = Future()
        done.set_result(list(self._extractor.extract(texts)))
        return done

    def close(self) -> None:
        """Nothing is held."""


class Pool:
    """Extraction in `processes` processes, each with its own model, so that this one only reads and writes.

    They start with the first text, and again with the next one after they were killed. `load` is called in each of
    them and must be picklable. They end with `close`, whatever they are at, and when this process does, however it
    ends. One thread at a time may submit.
    """

    def __init__(self, load: Callable[[], Extractor], processes: int) -> None:
        self.depth = 2 * processes
        self._load = load
        self._processes = processes
        self._context = multiprocessing.get_context("spawn")
        self._life, self._held = self._context.Pipe(duplex=False)
        self._executor = self._fresh()
        self._name: str | None = None

    @property
    def name(self) -> str:
        if self._name is None:
            self._name = result_of(self._run(_extractor_name))
        return self._name

    def submit(self, texts: Sequence[Text]) -> Future[list[Mentions]]:
        return self._run(_extract, texts)

    def close(self) -> None:
        self._held.close()
        self._executor.shutdown(cancel_futures=True)

    def _run(self, task: Callable[..., _Result], *arguments: Any) -> Future[_Result]:
        try:
            return self._executor.submit(task, self._load, *arguments)
        except BrokenExecutor:
            self._executor = self._fresh()
            return self._executor.submit(task, self._load, *arguments)

    def _fresh(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            self._processes, mp_context=self._context, initializer=_start, initargs=(self._life,)
        )


def result_of(future: Future[_Result]) -> _Result:
    """What an extraction brings. NamesUnavailable if there is no model, or its process was killed or closed."""
    try:
        return future.result()
    except BrokenExecutor as error:
        raise NamesUnavailable("The process that finds names was killed, as for want of memory.") from error
    except CancelledError as error:
        raise NamesUnavailable("Names are no longer looked for: this process is ending.") from error


_loaded: Extractor | None = None
"""The extractor of a pool's process. Never set in the process that made the pool."""


def _start(life: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    threading.Thread(target=_end_with, args=(life,), daemon=True).start()


def _end_with(life: Connection) -> None:
    """End this process when the other end of a pipe is closed, be it by the death of who held it."""
    # A killed parent leaves its pool waiting for ever on a queue whose other end the siblings hold open.
    wait([life])
    os._exit(1)


def _extractor(load: Callable[[], Extractor]) -> Extractor:
    # Loaded by the first task rather than by the initializer, so that a missing model is the answer to that task.
    global _loaded  # noqa: PLW0603 - a pool's process has no other place to keep its model
    if _loaded is None:
        try:
            _loaded = load()
        except ModelUnavailable as error:
            raise NamesUnavailable(str(error)) from error
    return _loaded


def _extractor_name(load: Callable[[], Extractor]) -> str:
    return _extractor(load).name


def _extract(load: Callable[[], Extractor], texts: Sequence[Text]) -> list[Mentions]:
    return list(_extractor(load).extract(texts))
