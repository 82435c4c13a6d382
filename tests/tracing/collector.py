"""A collector: a real HTTP server on loopback that reads OTLP's own messages."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from pydantic import SecretStr

from aias.settings import Settings


class Collector:
    """Takes what is exported to it, slowly where a test wants that."""

    def __init__(self) -> None:
        self.spans: list[Any] = []
        self.headers: list[dict[str, str]] = []
        self.resources: list[dict[str, str]] = []
        self.may_answer = threading.Event()
        self.may_answer.set()
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                collector.may_answer.wait(20)
                request = ExportTraceServiceRequest.FromString(body)
                collector.headers.append({name.lower(): value for name, value in self.headers.items()})
                for of_resource in request.resource_spans:
                    collector.resources.append(
                        {one.key: one.value.string_value for one in of_resource.resource.attributes}
                    )
                    for of_scope in of_resource.scope_spans:
                        collector.spans.extend(of_scope.spans)
                self.send_response(200)
                self.send_header("Content-Type", "application/x-protobuf")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1/traces"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def by_kind(self) -> dict[str, Any]:
        return {attributes(span)["aias.kind"] + " " + span.name.split(" ")[0]: span for span in self.spans}


def attributes(span: Any) -> dict[str, Any]:
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in span.attributes}


def settings(url: str | None, headers: str | None = None) -> Settings:
    given = {"otlp_endpoint": url, "otlp_headers": None if headers is None else SecretStr(headers)}
    return Settings(_env_file=None, **given)  # pyright: ignore[reportCallIssue, reportArgumentType]
