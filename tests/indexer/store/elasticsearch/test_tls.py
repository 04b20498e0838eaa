"""TLS and the API key, through a proxy that has its own certificate and lets nobody pass without the key."""

import http.client
import json
import ssl
import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest

from indexer.article import Article
from indexer.errors import StoreUnavailable
from indexer.store.elasticsearch.store import ElasticsearchStore
from indexer.store.port import Selection

pytestmark = pytest.mark.elasticsearch
KEY = "VnVhQ2ZHY0JDZGJrUW0tZTVhT3g6dWkybHAyYXhUTm1zeWFrdzl0dk5udw=="
REFUSAL = {"error": {"type": "security_exception", "reason": "missing authentication credentials"}, "status": 401}


class Proxy(ThreadingHTTPServer):
    """Passes requests with the key on to a node."""

    daemon_threads = True
    node: str


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Proxy

    def pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.headers["Authorization"] != f"ApiKey {KEY}":
            self.answer(401, {"Content-Type": "application/json"}, json.dumps(REFUSAL).encode())
            return
        node = http.client.HTTPConnection(self.server.node)
        kept = {name: value for name, value in self.headers.items() if name.lower() in ("content-type", "accept")}
        node.request(self.command, self.path, body or None, kept)
        answer = node.getresponse()
        headers = {name: value for name, value in answer.getheaders() if name.lower() != "transfer-encoding"}
        self.answer(answer.status, headers, answer.read())
        node.close()

    def answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() != "content-length":
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = pass_on  # noqa: N815 - the names that http.server looks for

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for 127.0.0.1 with its key beside it."""
    folder = tmp_path_factory.mktemp("tls")
    made = ("-out", str(folder / "ca.pem"), "-keyout", str(folder / "key.pem"))
    extensions = ("subjectAltName=IP:127.0.0.1", "keyUsage=critical,digitalSignature,keyCertSign")
    options = [word for extension in extensions for word in ("-addext", extension)]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test"]
    subprocess.run([*command, *made, *options], check=True, capture_output=True)
    return folder / "ca.pem"


@pytest.fixture
def proxy(elasticsearch_url: str, certificate: Path) -> Iterator[str]:
    """The address of the proxy, host:port."""
    server = Proxy(("127.0.0.1", 0), Handler)
    server.node = urlsplit(elasticsearch_url).netloc
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_store_works_through_tls_with_a_key(proxy: str, certificate: Path, prefix: str) -> None:
    store = ElasticsearchStore(f"elasticsearch+https://{proxy}/{prefix}", api_key=KEY, ca=str(certificate))
    store.prepare()
    store.ping()
    store.write([Article(id="a", title="Kursk", seen_at=1, ranked_at=1)])
    store.refresh()
    assert store.count(Selection()) == 1
    store.close()


@pytest.mark.parametrize("key", [None, "d3Jvbmc="])
def test_without_the_key_the_store_says_what_is_missing(
    proxy: str, certificate: Path, prefix: str, key: str | None
) -> None:
    store = ElasticsearchStore(f"elasticsearch+https://{proxy}/{prefix}", api_key=key, ca=str(certificate))
    for attempt in (store.prepare, store.ping):
        with pytest.raises(StoreUnavailable, match=r"valid API key .DATELINE_ELASTICSEARCH_API_KEY"):
            attempt()
    store.close()


def test_a_certificate_that_is_not_known_is_not_trusted(proxy: str, prefix: str) -> None:
    store = ElasticsearchStore(f"elasticsearch+https://{proxy}/{prefix}", api_key=KEY)
    with pytest.raises(StoreUnavailable, match=r"not trusted .DATELINE_ELASTICSEARCH_CA"):
        store.prepare()
    store.close()


def test_nobody_there_is_said_so(prefix: str) -> None:
    store = ElasticsearchStore(f"elasticsearch+http://127.0.0.1:9/{prefix}")
    with pytest.raises(StoreUnavailable, match="cannot be reached"):
        store.ping()
    store.close()
