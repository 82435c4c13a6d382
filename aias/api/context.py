"""What is known of a request from its first byte on, and what every answer to it carries."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from uuid import UUID

from starlette.datastructures import Headers
from starlette.types import Scope

from aias.ids import uuid7
from aias.tracing import TraceContext, of_headers

__all__ = ["RequestContext", "context_of"]

_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,100}", re.ASCII)


@dataclass(slots=True, kw_only=True)
class RequestContext:
    """One request: its id, where it came from, the trace that it belongs to."""

    request_id: str
    address: str
    is_head: bool
    """Whether it asks for what a GET would give, without the body."""
    trace: TraceContext
    """Its span is the request's own; a trace begins where the request brings none that is valid."""
    parent_span_id: str | None
    """The caller's span."""
    started_at: float = field(default_factory=time.monotonic)
    headers: dict[str, str] = field(default_factory=dict[str, str])
    """What the answer carries, whatever it is."""
    key_id: str | None = None
    """The key that it came with, once that was accepted."""
    tenant_id: UUID | None = None
    """The tenant of that key."""

    @classmethod
    def of(cls, scope: Scope) -> RequestContext:
        """Read what a request says of itself; an id of its own is taken where it is one, else one is made."""
        headers = Headers(scope=scope)
        given = headers.get("x-request-id", "")
        correlation = headers.get("x-correlation-id", "")
        trace, parent = of_headers(
            headers.getlist("traceparent"),
            headers.getlist("tracestate"),
            correlation if _REQUEST_ID.fullmatch(correlation) else None,
        )
        client = scope.get("client")
        return cls(
            request_id=given if _REQUEST_ID.fullmatch(given) else str(uuid7()),
            address=client[0] if client else "",
            is_head=scope["method"] == "HEAD",
            trace=trace,
            parent_span_id=parent,
        )


def context_of(scope: Scope) -> RequestContext:
    """Give the context that the middleware made."""
    context: RequestContext = scope["aias"]
    return context
