"""Running an extractor over batches: here, or in processes of its own."""

import multiprocessing
import os
import signal
import threading
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from functools import cache
from multiprocessing.connection import Connection
from typing import Final, Protocol, TypeVar

from indexer.errors import NamesUnavailable
from nlp.errors import ModelUnavailable
from nlp.mention import Extractor, Mention, Text

Mentions = tuple[Mention, ...]
_Result = TypeVar("_Result")

_KILLED: Final = "The process that finds names was killed, as for want of memory."
_ENDING: Final = "Names are no longer looked for: this process is ending."


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
    ends.
    """

    # Threads and pipes, not an executor of processes: its queues hold semaphores, which a killed process leaves behind.

    def __init__(self, load: Callable[[], Extractor], processes: int) -> None:
        self.depth = 2 * processes
        self._load = load
        self._threads = ThreadPoolExecutor(processes, thread_name_prefix="names")
        self._changing = threading.Lock()
        self._workers: set[_Worker] = set()
        self._idle: list[_Worker] = []
        self._closed = False
        self._name: str | None = None

    @property
    def name(self) -> str:
        if self._name is None:
            self._name = result_of(self._run(_name_of))
        return self._name

    def submit(self, texts: Sequence[Text]) -> Future[list[Mentions]]:
        return self._run(_mentions_in, texts)

    def close(self) -> None:
        with self._changing:
            self._closed = True
            for worker in self._workers:
                worker.end()
        self._threads.shutdown(cancel_futures=True)

    def _run(self, task: Callable[..., _Result], *arguments: object) -> Future[_Result]:
        if self._closed:
            raise NamesUnavailable(_ENDING)
        return self._threads.submit(self._ask, task, *arguments)

    def _ask(self, task: Callable[..., _Result], *arguments: object) -> _Result:
        """The answer of a process that has nothing else to do. A thread of the pool waits for it."""
        worker = self._worker()
        try:
            answer = worker.ask(task, *arguments)
        except (EOFError, OSError) as error:
            self._lose(worker)
            raise NamesUnavailable(_ENDING if self._closed else _KILLED) from error
        self._idle.append(worker)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _worker(self) -> "_Worker":
        with self._changing:
            if self._closed:
                raise NamesUnavailable(_ENDING)
            while self._idle:
                if (worker := self._idle.pop()).alive:
                    return worker
                self._workers.discard(worker)
            worker = _Worker(self._load)
            self._workers.add(worker)
            return worker

    def _lose(self, worker: "_Worker") -> None:
        with self._changing:
            self._workers.discard(worker)
            worker.end()


class _Worker:
    """A process with an extractor, and this end of the pipe to it."""

    def __init__(self, load: Callable[[], Extractor]) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs, load), daemon=True)
        self._process.start()
        theirs.close()

    @property
    def alive(self) -> bool:
        return self._process.is_alive()

    def ask(self, task: Callable[..., _Result], *arguments: object) -> _Result | Exception:
        """What a task gives, or raises, in the process. EOFError, OSError if the process is no more."""
        self._connection.send((task, arguments))
        answer: _Result | Exception = self._connection.recv()
        return answer

    def end(self) -> None:
        self._process.kill()
        self._process.join()


def result_of(future: Future[_Result]) -> _Result:
    """What an extraction brings. NamesUnavailable if there is no model, or its process was killed or closed."""
    try:
        return future.result()
    except CancelledError as error:
        raise NamesUnavailable(_ENDING) from error


def _work(connection: Connection, load: Callable[[], Extractor]) -> None:
    """What a process of a pool does all its life: answer one task after the other."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # what multiplies matrices would take the cores of the others
    threading.Thread(target=_end_with_parent, daemon=True).start()
    extractor = cache(load)
    while True:
        try:
            task, arguments = connection.recv()
        except EOFError:
            return
        connection.send(_answer(task, extractor, *arguments))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)


def _answer(task: Callable[..., _Result], *arguments: object) -> _Result | Exception:
    try:
        return task(*arguments)
    except ModelUnavailable as error:
        return NamesUnavailable(str(error))
    except Exception as error:  # noqa: BLE001 - whatever it is, it is raised where the answer is awaited
        error.add_note(traceback.format_exc())
        return error


def _name_of(extractor: Callable[[], Extractor]) -> str:
    return extractor().name


def _mentions_in(extractor: Callable[[], Extractor], texts: Sequence[Text]) -> list[Mentions]:
    return list(extractor().extract(texts))
