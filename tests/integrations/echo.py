"""A server that says whatever it was told, credentials and all, in every way to succeed and to fail."""

from __future__ import annotations

import itertools
import json
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

STYLES: list[int | str] = [
    200, 404, 422, "garbage", "errors", "user errors", "redirect", 500, "reset", 503, 429, 401, 403,
]  # fmt: skip

_FIELDS = ("customerCreate", "invoiceApprove", "tagsAdd")


class Echo:
    """What was heard, and what each path answers next."""

    def __init__(self) -> None:
        self.port = 0
        self.heard: list[str] = []
        self._styles: defaultdict[str, Iterator[int | str]] = defaultdict(lambda: itertools.cycle(STYLES))

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    def next_style(self, path: str) -> int | str:
        """How the next request to this path is answered."""
        return next(self._styles[path.partition("?")[0]])


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    echo: Echo


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        echo = cast("_Server", self.server).echo
        body = self.rfile.read(int(self.headers.get("content-length", "0"))).decode()
        told = {"path": self.path, "headers": dict(self.headers.items()), "body": body}
        said = f"you sent {json.dumps(told)}"
        echo.heard.append(said)
        match echo.next_style(self.path):
            case "reset":
                self.close_connection = True
            case "garbage":
                self._answer(200, f"<html>{said}", "text/html")
            case "errors":
                self._answer(200, json.dumps({"errors": [{"message": said}], "data": None}))
            case "user errors":
                errors = [{"field": [said], "path": [said], "message": said, "code": "INVALID"}]
                payload = {"didSucceed": False, "userErrors": errors, "inputErrors": errors}
                self._answer(200, json.dumps({"data": dict.fromkeys(_FIELDS, payload), "error": said}))
            case "redirect":
                self._answer(302, said, location=f"{echo.url}{self.path}?{self.headers.get('x-key', '')}")
            case status:
                self._answer(int(status), json.dumps({"error": said, "echo": told, said[:2000]: 1}))

    do_GET = do_PUT = do_DELETE = do_POST  # noqa: N815 (the standard library's names)

    def _answer(self, status: int, body: str, kind: str = "application/json", **headers: str) -> None:
        data = body.encode()
        self.send_response(status)
        own = {"content-type": kind, "content-length": str(len(data))}
        own["x-request-id"] = f"{self.path} {' '.join(self.headers.values())}"[:1500]
        for name, value in {**own, **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        del format, args


@contextmanager
def echoing() -> Iterator[Echo]:
    """Run one on a free port."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.echo = Echo()
    server.echo.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.echo
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
