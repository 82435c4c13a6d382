"""Spans for an OpenTelemetry collector, sent as OTLP over HTTP where AIAS_OTLP_ENDPOINT says to.

Needs the extra ``otlp`` (``pip install 'aias[otlp]'``); nothing of it is imported before. Spans are encoded and sent by
a thread, 512 at a time, every two seconds. While the collector is slow or away at most ``_MOST`` are kept; what does
not fit is counted and told in the log. A job never waits for it.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import structlog

from aias import __version__
from aias.errors import ConfigurationError
from aias.settings import Settings

if TYPE_CHECKING:
    from aias.tracing.spans import Span

__all__ = ["Exporter", "exporter", "start_export"]

_MOST: Final = 8192
_BATCH: Final = 512
_EVERY: Final = 2.0
_TIMEOUT: Final = 5.0
"""Seconds for one request to the collector, retries included, and for the last ones when a process ends."""
_ERRORS: Final = frozenset({"failed"})

_log = structlog.stdlib.get_logger(__name__)


class Exporter:
    """Sends spans to one collector. ``add`` never waits; ``flush`` waits until what was added is sent, or 5 s."""

    def __init__(self, endpoint: str, headers: dict[str, str]) -> None:
        try:
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
            from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        except ImportError as error:
            raise ConfigurationError(
                "AIAS_OTLP_ENDPOINT is set, and OpenTelemetry is not installed: pip install 'aias[otlp]'"
            ) from error
        self._sender = OTLPSpanExporter(endpoint=endpoint, headers=headers, timeout=_TIMEOUT)
        self._resource = Resource.create({"service.name": "aias", "service.version": __version__})
        self._waiting: deque[tuple[Span, int]] = deque()
        self._dropped = 0
        self._wake = threading.Event()
        self._is_idle = threading.Event()
        self._is_idle.set()
        threading.Thread(target=self._run, name="otlp", daemon=True).start()

    def add(self, span: Span) -> None:
        """Have a span sent within seconds."""
        if len(self._waiting) >= _MOST:
            self._dropped += 1
            return
        self._is_idle.clear()
        self._waiting.append((span, time.time_ns() - int((time.monotonic() - span.began_at) * 1e9)))
        if len(self._waiting) >= _BATCH:
            self._wake.set()

    def flush(self, timeout: float = _TIMEOUT) -> bool:
        """Send what was added; False when that took longer than ``timeout`` seconds."""
        self._wake.set()
        return self._is_idle.wait(timeout)

    def _run(self) -> None:
        while True:
            self._wake.wait(_EVERY)
            self._wake.clear()
            while self._waiting:
                self._send([self._waiting.popleft() for _ in range(min(_BATCH, len(self._waiting)))])
            self._is_idle.set()
            if self._waiting:  # added between the last look and now
                self._is_idle.clear()
                self._wake.set()
            if self._dropped:
                _log.warning("spans were not exported: too many at once", spans=self._dropped)
                self._dropped = 0

    def _send(self, spans: list[tuple[Span, int]]) -> None:
        try:
            outcome = self._sender.export([_readable(span, at, self._resource) for span, at in spans])
        except Exception:  # noqa: BLE001 (whatever the library raises: the thread goes on, and what is lost is told)
            _log.exception("spans can't be exported", spans=len(spans))
            return
        if outcome.name != "SUCCESS":
            _log.warning("the collector did not take spans", spans=len(spans))


def _readable(span: Span, started: int, resource: Any) -> Any:
    """Give a span as the SDK has it. ``started`` is in nanoseconds since 1970."""
    from opentelemetry.sdk.trace import ReadableSpan  # noqa: PLC0415 (installed where this is called)
    from opentelemetry.sdk.util.instrumentation import InstrumentationScope  # noqa: PLC0415
    from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags  # noqa: PLC0415

    def context(span_id: str) -> SpanContext:
        return SpanContext(
            trace_id=int(span.context.trace_id, 16),
            span_id=int(span_id, 16),
            is_remote=False,
            trace_flags=TraceFlags(TraceFlags.SAMPLED),
        )

    kinds = {"request": SpanKind.SERVER, "webhook_in": SpanKind.CONSUMER, "job": SpanKind.CONSUMER}
    kinds |= {"call": SpanKind.CLIENT, "webhook_out": SpanKind.CLIENT}
    is_error = span.status in _ERRORS
    told = str(span.detail.get("error", "")) or None
    return ReadableSpan(
        name=span.name,
        context=context(span.context.span_id),
        parent=None if span.parent_span_id is None else context(span.parent_span_id),
        resource=resource,
        attributes=_attributes(span),
        kind=kinds.get(span.kind, SpanKind.INTERNAL),
        status=Status(StatusCode.ERROR, told) if is_error else Status(StatusCode.OK),
        start_time=started,
        end_time=started + int(max(span.ended_at - span.began_at, 0.0) * 1e9),
        instrumentation_scope=InstrumentationScope("aias", __version__),
    )


def _attributes(span: Span) -> dict[str, Any]:
    """Name what is known of a span: ours under ``aias.``, the rest as OpenTelemetry's semantic conventions do."""
    found: dict[str, Any] = {
        "aias.kind": span.kind,
        "aias.status": span.status,
        "aias.correlation_id": span.context.correlation_id,
        "aias.tenant_id": span.tenant_id,
        "aias.request_id": span.request_id,
        "aias.execution_id": span.execution_id,
        "aias.step": span.step,
        "aias.item": span.item,
        "aias.attempt": span.attempt,
        "http.response.status_code": span.detail.get("http_status"),
        "error.type": span.detail.get("error_type"),
    }
    found |= {f"aias.{name}": value for name, value in span.detail.items() if name not in {"http_status", "error_type"}}
    return {
        name: value if isinstance(value, bool | int | float | str) else str(value)
        for name, value in found.items()
        if value is not None
    }


@lru_cache(maxsize=1)
def _exporter_to(endpoint: str, headers: str) -> Exporter:
    pairs = [pair.partition("=") for pair in headers.split(",") if pair.strip()]
    return Exporter(endpoint, {name.strip(): value.strip() for name, _, value in pairs})


_started: list[Exporter] = []


def start_export(settings: Settings) -> None:
    """Export from now on what the settings say: to the endpoint that they name, or nowhere.

    Raises:
        ConfigurationError: an endpoint is named, and the extra ``otlp`` is not installed.
    """
    headers = settings.otlp_headers.get_secret_value() if settings.otlp_headers is not None else ""
    _started[:] = [] if settings.otlp_endpoint is None else [_exporter_to(settings.otlp_endpoint, headers)]


def exporter() -> Exporter | None:
    """Give the exporter that was started; None where none was."""
    return _started[0] if _started else None
