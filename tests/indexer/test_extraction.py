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


_PARENT = """
import os, time
from indexer.extraction import Pool
from nlp.mention import NoExtractor
if __name__ == "__main__":
    pool = Pool(NoExtractor, 2)
    print(pool.name, pool._executor.submit(os.getpid).result(), flush=True)
    time.sleep(60)
"""


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_processes_of_a_pool_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(_PARENT)
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    parent = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True, env=environment)
    assert parent.stdout is not None
    with parent.stdout:
        child = int(parent.stdout.readline().split()[1])
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    end = time.monotonic() + 10
    while _alive(child):
        assert time.monotonic() < end
        time.sleep(0.05)
