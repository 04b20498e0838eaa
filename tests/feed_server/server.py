"""A publisher's server on 127.0.0.1: serves what it is given, with ETags and 304, and notes who asked for what."""

import hashlib
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

LAST_MODIFIED = "Fri, 15 Nov 2024 08:00:00 GMT"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a path answers. With `etags`, a request that knows the content is answered 304.

    With `drip`, the content goes out byte by byte, with so many seconds between two.
    """

    content: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    etags: bool = True
    drip: float = 0.0

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.content).hexdigest()[:16]}"'


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that came in. Header names are in lower case."""

    path: str
    headers: Mapping[str, str]


class FeedServer:
    """`serve` sets or changes what a path answers; everything else is 404. `asked` are the requests so far."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[Asked] = []
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self._http.server_port}{path}"

    def serve(
        self,
        path: str,
        content: bytes = b"",
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        etags: bool = True,
        drip: float = 0.0,
    ) -> str:
        """Answer `path` like this from now on; its URL."""
        self.answers[path] = Answer(content, status, headers or {}, etags, drip)
        return self.url(path)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


def _handler(server: FeedServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            server.asked.append(Asked(self.path, headers))
            answer = server.answers.get(self.path, Answer(status=404))
            if answer.status == 200 and answer.etags and headers.get("if-none-match") == answer.etag:
                answer = Answer(status=304)
            self._send(answer)

        def _send(self, answer: Answer) -> None:
            self.send_response(answer.status)
            headers = {"Content-Length": str(len(answer.content)), **answer.headers}
            if answer.status == 200 and answer.etags:
                headers = {"ETag": answer.etag, "Last-Modified": LAST_MODIFIED, **headers}
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            step = 1 if answer.drip else max(1, len(answer.content))
            with suppress(OSError):  # the other side may hang up
                for start in range(0, len(answer.content), step):
                    self.wfile.write(answer.content[start : start + step])
                    time.sleep(answer.drip)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name for it
            """Say nothing."""

    return Handler
