"""What a call of an upstream carries of whoever makes it."""

from __future__ import annotations

from dataclasses import dataclass

from aias.plugins import ActionContext
from aias.tracing import read_trace_parent

__all__ = ["Call"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What a call carries of the step that it serves."""

    idempotency_key: str | None = None
    trace_parent: str | None = None
    attempt: int = 1
    is_deferred: bool = False
    trace_state: str | None = None

    @classmethod
    def of(cls, context: ActionContext) -> Call:
        """Take it from the action's context."""
        return cls(
            idempotency_key=context.idempotency_key,
            trace_parent=context.trace_parent,
            attempt=context.attempt,
            is_deferred=context.is_deferred,
        )

    def headers(self) -> dict[str, str]:
        """Give the headers that pass it on."""
        given: dict[str, str] = {}
        if self.idempotency_key:
            given["Idempotency-Key"] = self.idempotency_key
        if self.trace_parent and read_trace_parent((self.trace_parent,)) is not None:
            given["traceparent"] = self.trace_parent
            if self.trace_state:
                given["tracestate"] = self.trace_state
        return given
