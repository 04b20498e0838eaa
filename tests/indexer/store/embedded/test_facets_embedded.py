"""Facets where Tantivy's own counts are not enough: many values, many segments, many ties."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.query.ast import Text
from indexer.store.embedded import frequent
from indexer.store.embedded.store import EmbeddedStore
from indexer.store.port import Request, Selection
from tests.contract.factories import article, entities, filled

VALUES = st.lists(st.sampled_from([f"person:{letter}" for letter in "abcdefghé日"]), unique=True, max_size=5)

LIMITS = st.fixed_dictionaries(
    {
        "_FEW": st.sampled_from([0, 20_000]),
        "_CANDIDATES": st.sampled_from([1, 3]),
        "_GLANCE": st.sampled_from([1, 2, 300]),
        "_PER_SEGMENT": st.sampled_from([2, 60_000]),
    }
)


@settings(max_examples=20, deadline=None)
@given(
    batches=st.lists(st.lists(VALUES, max_size=6), min_size=1, max_size=3),
    size=st.integers(0, 9),
    limits=LIMITS,
)
def test_counts_are_exact_however_little_the_engine_says(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[list[str]]], size: int, limits: dict[str, int]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for name, limit in limits.items():
            patch.setattr(frequent, name, limit)
        tally = _write(folder := tmp_path_factory.mktemp("facets"), batches)
        store = EmbeddedStore(folder)
        response = store.search(Request(Selection(Text("kept")), facets={"person": size}))
        store.close()
    expected = sorted(tally.items(), key=lambda pair: (-pair[1], pair[0]))
    facet = response.facets["person"]
    assert [(value.value, value.count) for value in facet.values] == expected[:size]
    assert facet.more == (len(expected) > size)


def _write(folder: Path, batches: list[list[list[str]]]) -> Counter[str]:
    """Each batch in a segment of its own, with an article that is not counted and one that is deleted."""
    store = EmbeddedStore(folder)
    store.prepare()
    for number, batch in enumerate(batches):
        kept = [article(f"{number}-{n}", "Kept", entities=entities(*ids)) for n, ids in enumerate(batch)]
        out = article(f"{number}-out", "Out", entities=entities("person:a", "person:z"))
        filled(store, *kept, out, article(f"{number}-gone", "Kept", entities=entities("person:a", "person:y")))
    store.delete([f"{number}-gone" for number in range(len(batches))])
    store.refresh()
    store.close()
    return Counter(one for batch in batches for ids in batch for one in ids)
