"""Sending one message of the outbox, signed as Standard Webhooks says; what comes next is decided in SQL.

At least once: a worker that dies after the answer came and before it was noted leaves the message to another, which
sends it again under the same ``webhook-id``. Addresses of our own network are refused, whatever name they hide behind
(``aias.integrations.egress``); redirects count as failures.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from psycopg.rows import class_row, scalar_row

from aias.db import Pool
from aias.errors import ConfigurationError, StepError
from aias.integrations.client import Call, Limits, Upstream
from aias.integrations.credentials import SealedFor, load_keyring
from aias.integrations.egress import Egress
from aias.integrations.outcome import parse_retry_after
from aias.integrations.payload import dumps
from aias.settings import get_settings
from aias.tracing import Span, exporter, of_parent, tell
from aias.triggers.kinds import OutgoingConfig, WebhookSecret
from aias.triggers.signatures import sign_standard

__all__ = ["send_message"]

_TIMEOUT: Final = 15.0
_MOST_BYTES: Final = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Message:
    endpoint: str
    integration_id: UUID
    config: dict[str, Any]
    secret: bytes
    key_id: str
    wrapped_key: bytes | None
    master_key_id: str | None
    payload: dict[str, Any]
    attempt_count: int
    now: datetime
    trace_parent: str | None
    correlation_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    status: int | None = None
    error: str | None = None
    retry_after: float | None = None


async def send_message(pool: Pool, tenant_id: UUID, message_id: UUID) -> str | None:
    """Send a message once and note how that went; gives its status then, None when there is nothing to send."""
    async with pool.connection() as conn, conn.cursor(row_factory=class_row(_Message)) as cursor:
        await cursor.execute(
            "select endpoint, integration_id, config, secret, key_id, wrapped_key, master_key_id, payload,"
            " attempt_count, now, trace_parent, correlation_id from aias_private.outgoing_message(%s, %s)",
            (tenant_id, message_id),
        )
        message = await cursor.fetchone()
    if message is None:
        return None
    began_at = time.monotonic()
    outcome = await _sent(tenant_id, message_id, message)
    if exporter() is not None:
        _tell(tenant_id, message_id, message, outcome, began_at)
    async with pool.connection() as conn, conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            "select aias_private.note_sending(%s, %s, %s, %s, %s, %s)",
            (tenant_id, message_id, message.attempt_count, outcome.status, outcome.error, outcome.retry_after),
        )
        return await cursor.fetchone()


def _traced(message_id: UUID, message: _Message) -> Call:
    """Let the receiver know of which trace the message is; the span that calls it is the message."""
    context = of_parent(message.trace_parent, message.correlation_id)
    return Call() if context is None else Call(trace_parent=context.under(message_id.hex[16:]).trace_parent)


def _tell(tenant_id: UUID, message_id: UUID, message: _Message, outcome: _Outcome, began_at: float) -> None:
    context = of_parent(message.trace_parent, message.correlation_id)
    if context is None:
        return
    told = {"http_status": outcome.status, "error": outcome.error, "message": str(message_id)}
    tell(
        Span(
            kind="webhook_out",
            name=f"{message.payload.get('type')} to {message.endpoint}",
            context=context.under(message_id.hex[16:]),
            parent_span_id=context.span_id,
            began_at=began_at,
            ended_at=time.monotonic(),
            status="succeeded" if outcome.error is None else "failed",
            tenant_id=tenant_id,
            attempt=message.attempt_count + 1,
            detail={name: value for name, value in told.items() if value is not None},
        )
    )


async def _sent(tenant_id: UUID, message_id: UUID, message: _Message) -> _Outcome:
    settings = get_settings()
    try:
        secret = WebhookSecret.model_validate(
            load_keyring(settings).open(
                message.secret,
                SealedFor(tenant_id=tenant_id, integration_id=message.integration_id, name=message.endpoint),
                key_id=message.key_id,
                wrapped=message.wrapped_key,
                master_key_id=message.master_key_id,
            )
        )
        body = dumps(message.payload)
        id, timestamp = f"msg_{message_id.hex}", str(int(message.now.timestamp()))
        upstream = Upstream(
            name=f"webhook:{message.endpoint}",
            base_url=OutgoingConfig.model_validate(message.config).url,
            limits=Limits(total=min(_TIMEOUT, settings.call_timeout), max_bytes=_MOST_BYTES),
            egress=Egress.parse(settings.egress_allow),
        )
        answer = await upstream.call(
            "POST",
            content=body,
            headers={
                "Content-Type": "application/json",
                "webhook-id": id,
                "webhook-timestamp": timestamp,
                "webhook-signature": " ".join(
                    sign_standard(one, id, timestamp, body) for one in secret.live(message.now)
                ),
            },
            call=_traced(message_id, message),
            check=False,
        )
    except (StepError, ConfigurationError) as error:
        return _Outcome(error=error.message)
    if answer.ok:
        return _Outcome(status=answer.status)
    wish = parse_retry_after(answer.headers.get("retry-after"), date=answer.headers.get("date"))
    return _Outcome(status=answer.status, error=f"it answered {answer.status}", retry_after=wish)
