"""How many requests one client may make, over real servers."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from service.api.limiting import client_of
from tests.service.api.served import NOW, article, open_filled, problem, served
from tests.service.cli.command import PATIENCE, heard, running


@pytest.fixture
def limited(tmp_path: Path) -> Iterator[httpx.Client]:
    with served(open_filled(tmp_path / "store", [article("a", NOW, "A")], rate_limit="3/h")) as client:
        yield client


def statuses(client: httpx.Client, times: int, **headers: str) -> list[int]:
    return [client.get("/v1/latest", headers=headers).status_code for _ in range(times)]


def test_too_many_requests_are_refused_with_a_time(limited: httpx.Client) -> None:
    assert statuses(limited, 3) == [200] * 3
    for path in ("/v1/latest", "/", "/nope"):
        answer = limited.get(path, headers={"Origin": "https://example.org"})
        refused = problem(answer, 429)
        assert refused["type"] == "/problems/too-many-requests"
        assert 1_190 <= int(answer.headers["Retry-After"]) <= 1_200
        assert answer.headers["access-control-allow-origin"] == "*"


def test_operations_are_not_counted(limited: httpx.Client) -> None:
    assert statuses(limited, 4)[-1] == 429
    for path in ("/healthz", "/readyz", "/metrics"):
        assert limited.get(path).status_code == 200
    assert 'status="429"} 1.0' in limited.get("/metrics").text


def test_clients_behind_a_trusted_proxy_are_told_apart(limited: httpx.Client) -> None:
    for address in ("192.0.2.1", "192.0.2.2", "2001:db8:0:1::1"):
        assert statuses(limited, 4, **{"X-Forwarded-For": address}) == [200, 200, 200, 429]
    assert statuses(limited, 1, **{"X-Forwarded-For": "2001:db8:0:1:ffff::2"}) == [429]
    assert statuses(limited, 1, **{"X-Forwarded-For": "2001:db8:0:2::1"}) == [200]
    assert statuses(limited, 4, **{"X-Forwarded-For": "who knows"}) == [200, 200, 200, 429]


def test_what_others_say_of_their_address_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "192.0.2.1")
    with running(tmp_path, "serve", "--port", "0", rate_limit="3/h") as process:
        address = heard(tmp_path, process, r"http://127\.0\.0\.1:\d+(?=;)")
        with httpx.Client(base_url=address, timeout=PATIENCE) as client:
            seen = [statuses(client, 1, **{"X-Forwarded-For": f"192.0.2.{number}"})[0] for number in range(4)]
    assert seen == [200, 200, 200, 429]


def test_without_the_setting_nobody_is_refused(api: httpx.Client) -> None:
    assert statuses(api, 50) == [200] * 50


def test_of_ipv6_a_network_is_one_client() -> None:
    assert client_of("2001:db8::1") == client_of("2001:db8::ffff:2") != client_of("2001:db8:0:1::1")
    assert client_of("192.0.2.1") == "192.0.2.1"
    assert client_of("") == ""
