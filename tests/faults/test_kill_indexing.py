"""kill -9 of the writer of the embedded index between a commit and the merge after it: no article is there twice."""

import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Final

from indexer.store.embedded.store import EmbeddedStore
from indexer.store.port import Selection
from tests.faults.index_until_killed import ARTICLES, SEGMENTS, article

PROGRAM: Final = Path(__file__).with_name("index_until_killed.py")
ROOT: Final = Path(__file__).parents[2]


def test_an_article_that_is_changed_first_after_a_kill_is_not_there_twice(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    killed = subprocess.run([sys.executable, str(PROGRAM), str(folder)], env={"PYTHONPATH": str(ROOT)}, check=False)
    assert killed.returncode == -signal.SIGKILL
    with closing(EmbeddedStore(folder)) as store:
        total = SEGMENTS * ARTICLES - 1
        assert store.count(Selection()) == total
        in_the_segment_with_a_deletion = (SEGMENTS - 1) * ARTICLES - 2
        store.write([article(in_the_segment_with_a_deletion, "The harbour closes")])
        store.refresh()
        store.write([article(10**6)])
        store.refresh()
        assert store.count(Selection()) == total + 1
