"""A store of its own for each test, and a client that looks at it from outside."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch

from indexer.store.elasticsearch.store import ElasticsearchStore

Opener = Callable[..., ElasticsearchStore]


@pytest.fixture
def client(elasticsearch_url: str) -> Iterator[Elasticsearch]:
    with Elasticsearch(elasticsearch_url) as client:
        yield client


@pytest.fixture
def prefix(client: Elasticsearch) -> Iterator[str]:
    """A name under which there is nothing yet, and under which nothing is left."""
    name = f"own-{uuid4().hex}"
    yield name
    for index in client.indices.get(index=f"{name}-*", expand_wildcards="all").body:
        client.indices.delete(index=index)


@pytest.fixture
def url(elasticsearch_url: str, prefix: str) -> str:
    """The address of the store."""
    return f"elasticsearch+{elasticsearch_url}/{prefix}"


@pytest.fixture
def open_again(url: str) -> Iterator[Opener]:
    """Opens the store as another process would."""
    with ExitStack() as opened:
        yield lambda **options: opened.enter_context(closing(ElasticsearchStore(url, **options)))


@pytest.fixture
def store(open_again: Opener) -> ElasticsearchStore:
    opened = open_again()
    opened.prepare()
    return opened


@pytest.fixture
def sharded(client: Elasticsearch, prefix: str, open_again: Opener) -> Iterator[ElasticsearchStore]:
    """A store whose articles are spread over three shards, as an operator's index template has it."""
    template = {"settings": {"number_of_shards": 3}}
    client.indices.put_index_template(
        name=prefix, index_patterns=[f"{prefix}-articles-*"], template=template, priority=500
    )
    opened = open_again()
    opened.prepare()
    yield opened
    client.indices.delete_index_template(name=prefix)
