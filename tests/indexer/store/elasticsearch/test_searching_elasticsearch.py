"""What one shard cannot show: counts that are approximate at first, and scores that could differ between shards."""

from collections import Counter
from dataclasses import replace

import pytest

from indexer.article import Article, Entity
from indexer.errors import UnknownField
from indexer.query.ast import Text
from indexer.store.elasticsearch import searching
from indexer.store.elasticsearch.searching import recount_body, search_body
from indexer.store.elasticsearch.store import ElasticsearchStore
from indexer.store.port import FacetValue, Freshness, Json, Request, Selection

NAMES = [f"n{number % 37 % 23 % 11:02}" for number in range(400)]


def named(number: int, name: str) -> Article:
    entity = Entity(f"person:{name}", name, "person", 1)
    section = "World" if number % 3 else "Sport"
    return Article(id=f"a{number}", title="T", seen_at=1, ranked_at=1, section=section, entities=(entity,))


@pytest.mark.elasticsearch
def test_counts_over_shards_are_exact_although_each_shard_hands_in_few(
    sharded: ElasticsearchStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "CANDIDATES", 5)
    written = [named(number, name) for number, name in enumerate(NAMES)]
    sharded.write(written)
    sharded.refresh()
    request = Request(Selection(filters={"section": ("World",)}), facets={"person": 4, "section": 3})
    counted = Counter(one.entities[0].id for one in written if one.section == "World")
    approximate = sharded._search(search_body(request))
    assert recount_body(request, approximate) is not None
    person = sharded.search(request).facets["person"]
    assert {value.value: value.count for value in person.values} == {
        value.value: counted[value.value] for value in person.values
    }
    assert [-value.count for value in person.values] == sorted(-value.count for value in person.values)
    assert person.more
    assert sharded.search(request).facets["section"].values == (
        FacetValue("World", 266, selected=True),
        FacetValue("Sport", 134),
    )


@pytest.mark.elasticsearch
def test_one_shard_is_counted_once(store: ElasticsearchStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "CANDIDATES", 5)
    store.write([named(number, name) for number, name in enumerate(NAMES)])
    store.refresh()
    request = Request(facets={"person": 4})
    assert recount_body(request, store._search(search_body(request))) is None
    person = store.search(request).facets["person"]
    expected = sorted(Counter(f"person:{name}" for name in NAMES).items(), key=lambda pair: (-pair[1], pair[0]))
    assert [(value.value, value.count) for value in person.values] == expected[:4]


@pytest.mark.elasticsearch
def test_scores_are_the_same_in_every_shard(sharded: ElasticsearchStore) -> None:
    storms = [Article(id=f"s{n}", title="Storm", seen_at=1, ranked_at=1) for n in range(20)]
    others = [Article(id=f"o{n}", title="A quiet day", seen_at=1, ranked_at=1) for n in range(20)]
    sharded.write([*storms, *others])
    sharded.refresh()
    relevant = Request(Selection(Text("storm")), sort="relevance", size=50)
    fresh = replace(relevant, sort="fresh", freshness=Freshness(1, 1_000))
    for request in (relevant, fresh):
        hits = sharded.search(request).hits
        assert len(hits) == 20
        assert len({hit.score for hit in hits}) == 1


@pytest.mark.elasticsearch
def test_boosts_change_the_order_and_nothing_else(store: ElasticsearchStore) -> None:
    plain = [Article(id=f"a{n}", title="Storm", seen_at=1, ranked_at=n, section="World") for n in range(9)]
    store.write([*plain, Article(id="b", title="A surge after a storm", seen_at=1, ranked_at=1)])
    store.write([Article(id="c", title="Surge", seen_at=1, ranked_at=1)])
    store.refresh()
    request = Request(Selection(Text("storm")), sort="relevance", size=50, facets={"section": 1})
    boosted = replace(request, boosts=((Text("surge"), 3.0), (Text("!!!"), 1.0)))
    fresh = replace(boosted, sort="fresh", freshness=Freshness(10, 1_000_000))
    expected = store.search(request)
    assert expected.hits[-1].article.id == "b"
    for changed in (boosted, fresh):
        response = store.search(changed)
        assert response.hits[0].article.id == "b"
        assert (response.total, response.facets) == (expected.total, expected.facets)


def test_a_recount_asks_for_the_values_found_and_only_where_needed() -> None:
    exact: Json = {"top": {"doc_count_error_upper_bound": 0, "buckets": [{"key": "a", "doc_count": 3}]}}
    rough: Json = {"top": {"doc_count_error_upper_bound": 2, "buckets": [{"key": "b", "doc_count": 5}]}}
    request = Request(facets={"section": 1, "source": 1})
    assert recount_body(request, {"aggregations": {"section": exact, "source": exact}}) is None
    body = recount_body(request, {"aggregations": {"section": exact, "source": rough}})
    assert body is not None
    assert body["size"] == 0
    assert {name: agg["aggs"] for name, agg in body["aggs"].items()} == {
        "source": {"exact": {"filters": {"filters": [{"terms": {"source": ["b"]}}]}}}
    }


def test_only_fields_of_the_port_can_be_filtered_and_counted() -> None:
    with pytest.raises(UnknownField, match="person"):
        search_body(Request(Selection(filters={"person": ("x",)})))  # type: ignore[dict-item]
    with pytest.raises(UnknownField, match="url"):
        search_body(Request(facets={"url": 1}))  # type: ignore[dict-item]
