"""A real HTTP server on loopback that keeps a journal, does each thing once per idempotency key, and holds calls.

``POST /<step>`` with an ``Idempotency-Key``: the first call with a key has the effect, a later one only finds it done.
A hold keeps a call's connection open at a chosen moment, so that a test can kill the caller there.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

Moment = Literal["before the effect", "after the effect"]

PATIENCE = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A call as it came in."""

    path: str
    key: str
    body: Any


@dataclass(slots=True, kw_only=True)
class Hold:
    """A call that is kept waiting: ``arrived`` when it is there, ``released`` lets it go on."""

    path: str
    moment: Moment
    key_starts: str
    arrived: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)

    def wait(self) -> None:
        """Wait until the call is being held."""
        assert self.arrived.wait(PATIENCE), f"no call of {self.path} came"


class Upstream:
    """The server's journal and its holds."""

    def __init__(self) -> None:
        self.calls: list[Received] = []
        self.effects: Counter[str] = Counter()
        self.port = 0
        self._lock = threading.Lock()
        self._holds: list[Hold] = []

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    def hold(self, path: str, moment: Moment, *, key_starts: str = "") -> Hold:
        """Hold the next call of this path whose key starts so, once."""
        hold = Hold(path=path, moment=moment, key_starts=key_starts)
        with self._lock:
            self._holds.append(hold)
        return hold

    def release_all(self) -> None:
        """Let everything go that is still held."""
        with self._lock:
            for hold in self._holds:
                hold.released.set()

    def calls_of(self, key: str) -> int:
        """How often a call with this key came."""
        return sum(call.key == key for call in self.calls)

    def serve(self, call: Received) -> dict[str, Any]:
        """Note the call, wait where it is held, have the effect if it is the first with its key."""
        with self._lock:
            self.calls.append(call)
            hold = next((h for h in self._holds if self._is_meant(h, call)), None)
            if hold is not None:
                hold.arrived.set()
        if hold is not None and hold.moment == "before the effect":
            hold.released.wait(PATIENCE)
            # whoever called is gone: what was not done is not done
            raise ConnectionAbortedError
        with self._lock:
            if self.effects[call.key] == 0:
                self.effects[call.key] += 1
        if hold is not None:
            hold.released.wait(PATIENCE)
        return {"made": call.path.removeprefix("/")}

    @staticmethod
    def _is_meant(hold: Hold, call: Received) -> bool:
        return not hold.arrived.is_set() and hold.path == call.path and call.key.startswith(hold.key_starts)


@contextmanager
def running_upstream() -> Generator[Upstream]:
    """Run one on a free port."""
    upstream = Upstream()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", "0")))
            call = Received(
                path=self.path, key=self.headers.get("idempotency-key", ""), body=json.loads(body) if body else None
            )
            with contextlib.suppress(ConnectionError):
                answer = json.dumps(upstream.serve(call)).encode()
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)
                return
            self.close_connection = True

        def log_message(self, format: str, *args: Any) -> None:
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    upstream.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield upstream
    finally:
        upstream.release_all()
        server.shutdown()
        server.server_close()
        thread.join()
