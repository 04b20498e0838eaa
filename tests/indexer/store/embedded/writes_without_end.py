"""Writes batches into the folder argv[1] under names that begin with argv[2], and says after each what is now safe."""

import sys
from itertools import count
from pathlib import Path

from indexer.store.embedded.store import EmbeddedStore
from tests.contract.factories import article

folder, name = sys.argv[1:]
store = EmbeddedStore(Path(folder))
for batch in count():
    ids = [f"{name}-{batch}-{number}" for number in range(20)]
    store.write([article(one, at=batch) for one in ids] + [article(f"{name}-shared", str(batch))])
    sys.stdout.write(" ".join(ids) + "\n")
    sys.stdout.flush()
    if batch % 3 == 0:
        store.catch_up()
