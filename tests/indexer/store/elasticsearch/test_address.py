import pytest

from indexer.errors import InvalidParameter
from indexer.store.elasticsearch.address import Address, parse_address


@pytest.mark.parametrize(
    ("url", "hosts", "prefix"),
    [
        ("elasticsearch+http://localhost:9200/news", ["http://localhost:9200"], "news"),
        ("elasticsearch+https://es.example.org/n_1-x/", ["https://es.example.org:9200"], "n_1-x"),
        ("elasticsearch+http://a:1,b:2,[::1]:3/news", ["http://a:1", "http://b:2", "http://[::1]:3"], "news"),
        ("elasticsearch+http://a", ["http://a:9200"], "dateline"),
        ("elasticsearch+http://a/", ["http://a:9200"], "dateline"),
    ],
)
def test_an_address_is_hosts_and_a_prefix(url: str, hosts: list[str], prefix: str) -> None:
    assert parse_address(url) == Address(tuple(hosts), prefix)


def test_the_prefix_begins_every_name() -> None:
    address = parse_address("elasticsearch+http://a/news")
    assert (address.articles, address.records) == ("news-articles", "news-records")


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://a:9200/news", "not of the form"),
        ("elasticsearch://a:9200/news", "not of the form"),
        ("elasticsearch+http:///news", "not of the form"),
        ("elasticsearch+http://a/news/more", "not of the form"),
        ("elasticsearch+http://a/News", "cannot begin"),
        ("elasticsearch+http://a/_news", "cannot begin"),
        ("elasticsearch+http://a/news*", "cannot begin"),
        ("elasticsearch+http://elastic:secret@a:9200/news", "DATELINE_ELASTICSEARCH_API_KEY"),
        ("elasticsearch+http://a:port/news", "not a host"),
        ("elasticsearch+http://a,,b/news", "not a host"),
    ],
)
def test_anything_else_is_refused(url: str, says: str) -> None:
    with pytest.raises(InvalidParameter, match=says) as refused:
        parse_address(url)
    assert "secret" not in str(refused.value)
