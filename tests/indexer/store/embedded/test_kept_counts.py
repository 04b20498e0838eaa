"""Counts over all articles that are kept equal a recount, whatever was committed between two questions."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.article import Article
from indexer.store.embedded import kept
from indexer.store.embedded.kept import Tally
from indexer.store.embedded.store import EmbeddedStore
from indexer.store.port import Facet, FacetField, Request, Selection
from tests.contract.factories import article, entities, filled

IDS = [f"{kind}:{letter}" for kind in ("person", "place", "other") for letter in "abcdé"]
ARTICLES = st.builds(
    lambda number, names: article(f"a{number}", entities=entities(*names)),
    st.integers(0, 12),
    st.lists(st.sampled_from(IDS), unique=True, max_size=4),
)
STEPS = st.lists(
    st.one_of(
        st.lists(ARTICLES, max_size=5),
        st.integers(0, 12),
        st.sampled_from(["refresh", "refresh", "ask", "ask", "ask", "rebuild"]),
    ),
    max_size=25,
)
FIELDS: tuple[FacetField, ...] = ("entity", "person", "place", "other")


def counted(store: EmbeddedStore, size: int, chosen: tuple[str, ...] = ()) -> dict[FacetField, Facet]:
    selection = Selection(filters={"entity": chosen} if chosen else {})
    return dict(store.search(Request(selection, size=0, facets=dict.fromkeys(FIELDS, size))).facets)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, most=st.sampled_from([0, 3, 10_000]), pool=st.sampled_from([1, 3, 1_000]), size=st.integers(1, 6))
def test_kept_counts_equal_a_recount(
    tmp_path_factory: pytest.TempPathFactory, steps: list[object], most: int, pool: int, size: int
) -> None:
    with (
        pytest.MonkeyPatch.context() as patch,
        closing(EmbeddedStore(tmp_path_factory.mktemp("kept"))) as store,
    ):
        patch.setattr(kept, "MOST_CHANGED", most)
        patch.setattr(kept, "POOL", pool)
        patch.setattr(kept, "_AT_ONCE", 2)
        store.prepare()
        for step in [*steps, "refresh", "ask"]:
            match step:
                case int():
                    store.delete([f"a{step}"])
                case list():
                    store.write(step)
                case "refresh":
                    store.refresh()
                case "rebuild":
                    store.rebuild()
                case _:
                    assert_recounted(store, size)


def assert_recounted(store: EmbeddedStore, size: int) -> None:
    """As another process counts, which has kept nothing, and as the articles themselves say."""
    chosen = ("person:a", "place:nowhere")
    with closing(EmbeddedStore(store._folder)) as other:
        assert counted(store, size) == counted(other, size)
        assert counted(store, size, chosen) == counted(other, size, chosen)
        searched = other.search(Request(size=1_000)).hits
    if store.behind() == 0:
        ranked = sorted(_tally(hit.article for hit in searched).items(), key=lambda pair: (-pair[1], pair[0]))
        values = counted(store, size)["entity"].values
        assert [(value.value, value.count) for value in values] == ranked[:size]


def _tally(articles: Iterator[Article]) -> Counter[str]:
    return Counter(entity.id for one in articles for entity in one.entities)


def test_only_what_changed_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(EmbeddedStore(tmp_path)) as store:
        store.prepare()
        filled(store, *(article(f"a{number}", entities=entities("person:a")) for number in range(50)))
        counted(store, 3)
        monkeypatch.setattr(Tally, "__init__", None)  # a count of everything would need it
        filled(store, article("a1"), article("b", entities=entities("person:b")))
        found = counted(store, 3)["person"].values
        assert [(value.value, value.count) for value in found] == [("person:a", 49), ("person:b", 1)]


@settings(max_examples=100, deadline=None)
@given(
    changes=st.lists(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(-3, 4), max_size=4), max_size=20),
    pool=st.integers(1, 5),
    number=st.integers(1, 9),
)
def test_a_tally_tells_its_highest_counts(changes: list[dict[str, int]], pool: int, number: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kept, "POOL", pool)
        tally, expected = Tally({"a": 1, "z": 2}), Counter({"a": 1, "z": 2})
        for change in changes:
            possible = {value: max(more, -expected[value]) for value, more in change.items()}
            tally.add(possible)
            expected.update(possible)
            ranked = sorted((+expected).items(), key=lambda pair: (-pair[1], pair[0]))
            assert tally.most_frequent(number) == ranked[:number]
            assert tally.counts == +expected
