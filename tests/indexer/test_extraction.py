"""Extraction in a pool gives what extraction in place gives, and leaves no process behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from indexer.errors import NamesUnavailable
from indexer.extraction import Inline, Pool, result_of
from nlp.errors import ModelUnavailable
from nlp.mention import Mention, NoExtractor, Text


class Capitals:
    """Every capitalised word is a person: quick, and different for every text."""

    name = "capitals/1"

    def extract(self, texts: Iterable[Text]) -> Iterator[tuple[Mention, ...]]:
        for text in texts:
            words = sorted({word for word in text.title.split() if word.istitle()})
            yield tuple(Mention(w.lower(), "person", 1, "title", text.title.index(w), (w,)) for w in words)


TEXTS = [Text(f"Ada met Bob{n} today", "", "") for n in range(40)]


def test_a_pool_answers_in_order_like_extraction_in_place() -> None:
    pool = Pool(Capitals, processes=2)
    try:
        futures = [pool.submit(TEXTS[start : start + 10]) for start in range(0, 40, 10)]
        found = [mentions for future in futures for mentions in future.result()]
        assert found == Inline(Capitals()).submit(TEXTS).result()
        assert pool.name == "capitals/1"
    finally:
        pool.close()


class Fatal:
    """Dies of one word, as of want of memory."""

    name = "fatal/1"

    def extract(self, texts: Iterable[Text]) -> Iterator[tuple[Mention, ...]]:
        for text in texts:
            if text.title == "bomb":
                os.kill(os.getpid(), signal.SIGKILL)
            yield ()


def test_a_pool_that_was_killed_says_so_and_goes_on_with_the_next_text() -> None:
    pool = Pool(Fatal, processes=1)
    try:
        with pytest.raises(NamesUnavailable, match="was killed"):
            result_of(pool.submit([Text("bomb", "", "")]))
        assert result_of(pool.submit(TEXTS[:2])) == [(), ()]
    finally:
        pool.close()


class Process:
    """Its name is its process."""

    @property
    def name(self) -> str:
        return str(os.getpid())

    def extract(self, texts: Iterable[Text]) -> Iterator[tuple[Mention, ...]]:
        return (() for _ in texts)


def test_a_process_that_was_killed_while_it_had_nothing_to_do_is_replaced() -> None:
    pool = Pool(Process, processes=1)
    try:
        pid = int(pool.name)
        os.kill(pid, signal.SIGKILL)
        time.sleep(0.2)
        assert result_of(pool.submit(TEXTS[:2])) == [(), ()]
    finally:
        pool.close()


def _not_installed() -> NoExtractor:
    raise ModelUnavailable("The language model 'xx' is not installed: install it.")


def test_a_model_that_is_not_there_is_an_error_of_the_family() -> None:
    pool = Pool(_not_installed, processes=1)
    try:
        with pytest.raises(NamesUnavailable, match="'xx' is not installed: install it"):
            _ = pool.name
        with pytest.raises(NamesUnavailable, match="'xx' is not installed: install it"):
            result_of(pool.submit(TEXTS[:2]))
    finally:
        pool.close()


class Endless:
    """Finds nothing, in a minute."""

    name = "endless/1"

    def extract(self, texts: Iterable[Text]) -> Iterator[tuple[Mention, ...]]:
        for _ in texts:
            time.sleep(60)
            yield ()


def test_closing_a_pool_does_not_wait_for_what_it_is_at() -> None:
    pool = Pool(Endless, processes=1)
    assert pool.name == "endless/1"
    futures = [pool.submit(TEXTS) for _ in range(5)]
    began = time.monotonic()
    pool.close()
    assert time.monotonic() - began < 10
    for future in futures:
        with pytest.raises(NamesUnavailable):
            result_of(future)


def test_no_extractor_finds_nothing() -> None:
    assert Inline(NoExtractor()).submit(TEXTS[:2]).result() == [(), ()]


class Failing:
    """Raises on every text, as a programming error would."""

    name = "failing/1"

    def extract(self, texts: Iterable[Text]) -> Iterator[tuple[Mention, ...]]:
        for text in texts:
            raise KeyError(text.title)
            yield ()


def test_an_error_in_a_process_is_raised_here_and_says_where_it_was() -> None:
    pool = Pool(Failing, processes=1)
    try:
        with pytest.raises(KeyError, match="Ada met Bob0") as caught:
            result_of(pool.submit(TEXTS))
        assert "in extract" in "".join(caught.value.__notes__)
        assert pool.name == "failing/1"
    finally:
        pool.close()


def test_a_closed_pool_says_so() -> None:
    pool = Pool(Capitals, processes=1)
    pool.close()
    with pytest.raises(NamesUnavailable, match="is ending"):
        _ = pool.name


class Threads:
    """Its name is how many threads its process lets a library of linear algebra have."""

    @property
    def name(self) -> str:
        return os.environ["OMP_NUM_THREADS"]

    def extract(self, texts: Iterable[Text]) -> Iterator[tuple[Mention, ...]]:
        return (() for _ in texts)


def test_each_process_keeps_to_one_core(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    pool = Pool(Threads, processes=1)
    try:
        assert pool.name == "1"
    finally:
        pool.close()


_PARENT = """
import time
from indexer.extraction import Pool
from nlp.mention import Mention, NoExtractor, Text
class Slow(NoExtractor):
    def extract(self, texts):
        for _ in texts:
            time.sleep(60)
            yield ()
if __name__ == "__main__":
    pool = Pool(Slow, 2)
    pool.name
    futures = [pool.submit([Text("", "", "")]) for _ in range(4)]
    while len(pool._workers) < 2:
        time.sleep(0.05)
    print(*(worker._process.pid for worker in pool._workers), flush=True)
    time.sleep(60)
"""


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_the_processes_of_a_pool_end_in_silence_when_their_parent_is_ended(
    tmp_path: Path, number: signal.Signals
) -> None:
    script, said = tmp_path / "parent.py", tmp_path / "said"
    script.write_text(_PARENT)
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    with said.open("wb") as log:
        parent = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, stderr=log, env=environment)
    assert parent.stdout is not None
    with parent.stdout:
        children = [int(pid) for pid in parent.stdout.readline().split()]
        parent.send_signal(number)
        assert parent.wait() == -number
        assert parent.stdout.read() == b""
    end = time.monotonic() + 10
    while any(map(_alive, children)):
        assert time.monotonic() < end
        time.sleep(0.05)
    assert said.read_text() == ""
