"""The jobs of triggers: the system's own schedules, and events that a worker decides on."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import structlog
from procrastinate import JobContext
from psycopg.rows import scalar_row
from psycopg.types.json import Jsonb

from aias.errors import AiasError
from aias.jobs import AiasApp, Backoff, connector_of, pool_of, task
from aias.reporting import Failed, report, type_of
from aias.triggers.mapping import decide
from aias.triggers.receiving import Taking, decide_on, take
from aias.triggers.sending import send_message
from aias.workflows import TemplateError

__all__ = [
    "answer_event_waits",
    "deliver_webhook",
    "dispatch_event",
    "replay_stored_delivery",
    "run_scheduled_task",
    "search_private_data",
    "wake_for_event",
]

_log = structlog.stdlib.get_logger(__name__)

_UUID = {"type": "string", "format": "uuid"}


def _of_tenant(*names: str) -> dict[str, Any]:
    """Give the schema of arguments that are ids of a tenant's things."""
    return {
        "type": "object",
        "properties": dict.fromkeys(("tenant_id", *names), _UUID),
        "required": ["tenant_id", *names],
        "additionalProperties": False,
    }


@task(
    name="aias.run_scheduled_task",
    pass_context=True,
    # what the scheduled task raises is the schedule's to retry; this is for a database that is away
    retry=Backoff(max_attempts=20, initial=0.5, max_delay=60.0, lane="maintenance"),
    args_schema={
        "type": "object",
        "properties": {"schedule": {"type": "string", "format": "uuid"}, "due_at": {"type": "string"}},
        "required": ["schedule", "due_at"],
        "additionalProperties": False,
    },
)
async def run_scheduled_task(context: JobContext, schedule: str, due_at: str) -> None:
    """Run one of the system's own tasks for one due time, and note how it ended."""
    app = cast("AiasApp", context.app)
    pool = connector_of(app.connector).pool
    place = (UUID(schedule), datetime.fromisoformat(due_at), context.job.id)
    async with pool.connection() as conn, conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("select aias_private.begin_task_run(%s, %s, %s)", place)
        name = await cursor.fetchone()
    if name is None:
        return
    error: dict[str, Any] | None = None
    wanted = next((scheduled for scheduled in app.scheduled.values() if scheduled.task == name), None)
    if wanted is None:
        error = {"type": "UnknownTask", "message": f"this worker has no task {name!r}"}
    else:
        try:
            async with asyncio.timeout(wanted.timeout):
                await wanted.function(context)
        except Exception as raised:  # noqa: BLE001 (whatever it raises is the outcome of the run, and recorded)
            told = str(raised) or type(raised).__name__
            report(Failed(source="periodic", name=name, error=raised, type=type_of(raised), message=told))
            _log.exception("a scheduled task failed", task=name, due_at=due_at)
            message = raised.message if isinstance(raised, AiasError) else str(raised)
            error = {"type": type(raised).__name__, "message": message[:1000] or type(raised).__name__}
    async with pool.connection() as conn:
        await conn.execute(
            "select aias_private.end_task_run(%s, %s, %s, %s::jsonb)",
            (*place, None if error is None else json.dumps(error)),
        )


@task(
    name="aias.dispatch_event",
    pass_context=True,
    retry=Backoff(max_attempts=20, initial=0.5, max_delay=60.0),
    args_schema=_of_tenant("event_id", "subscription_id"),
)
async def dispatch_event(context: JobContext, tenant_id: str, event_id: str, subscription_id: str) -> None:
    """Decide on one event for one subscription with a condition or a mapping, and start what it starts, once."""
    pool = pool_of(context)
    place = (UUID(tenant_id), UUID(event_id), UUID(subscription_id))
    async with pool.connection() as conn:
        cursor = await conn.execute(
            "select condition, mapping, event, payload from aias_private.pending_event(%s, %s, %s)", place
        )
        row = await cursor.fetchone()
        if row is None:
            return
        condition, mapping, event, payload = row
        outcome, made, error = "start", None, None
        try:
            made = decide(condition, mapping, {"event": event, "payload": payload})
            outcome = "filtered" if made is None else "start"
        except TemplateError as raised:
            outcome, error = "failed", {"type": "Template", "message": str(raised)}
        await conn.execute(
            "select aias_private.settle_event(%s, %s, %s, %s, %s, %s)",
            (
                *place,
                outcome,
                None if made is None else Jsonb(made),
                None if error is None else Jsonb(error),
            ),
        )


@task(
    name="aias.wake_for_event",
    pass_context=True,
    retry=Backoff(max_attempts=20, initial=0.5, max_delay=60.0),
    args_schema=_of_tenant("event_id"),
)
async def wake_for_event(context: JobContext, tenant_id: str, event_id: str) -> None:
    """Wake what an event's own transaction could not see: one that did not read what was committed beside it."""
    async with pool_of(context).connection() as conn:
        await conn.execute("select aias_private.wake_for_event(%s, %s, true)", (UUID(tenant_id), UUID(event_id)))


@task(
    name="aias.answer_event_waits",
    pass_context=True,
    retry=Backoff(max_attempts=20, initial=0.5, max_delay=60.0),
    args_schema={
        "type": "object",
        "properties": {
            "tenant_id": _UUID,
            "execution_id": _UUID,
            "horizon": {"type": "string", "pattern": "^[0-9]{1,19}$"},
            "look": {"type": "integer", "minimum": 0},
        },
        "required": ["tenant_id", "execution_id"],
        "additionalProperties": False,
    },
)
async def answer_event_waits(
    context: JobContext, tenant_id: str, execution_id: str, horizon: str | None = None, look: int = 0
) -> None:
    """Look again for events that were just being emitted when an execution began to wait for one."""
    async with pool_of(context).connection() as conn:
        await conn.execute(
            "select aias_private.answer_event_waits(%s, %s, %s, %s)",
            (UUID(tenant_id), UUID(execution_id), horizon, look),
        )


@task(
    name="aias.replay_delivery",
    pass_context=True,
    retry=Backoff(max_attempts=20, initial=0.5, max_delay=60.0),
    args_schema=_of_tenant("delivery_id", "replay_id"),
)
async def replay_stored_delivery(context: JobContext, tenant_id: str, delivery_id: str, replay_id: str) -> None:
    """Decide on a stored delivery again, as a delivery of its own; run again, the job does nothing more."""
    async with pool_of(context).connection() as conn:
        cursor = await conn.execute(
            "select webhook_id, condition, mapping, source_event_id, topic, account, headers, payload, body_hash"
            " from aias_private.stored_delivery(%s, %s)",
            (UUID(tenant_id), UUID(delivery_id)),
        )
        row = await cursor.fetchone()
        if row is None:
            return
        webhook, condition, mapping, source_event_id, topic, account, headers, payload, body_hash = row
        described = {
            "delivery_id": f"replay/{replay_id}",
            "source_event_id": source_event_id,
            "topic": topic,
            "account": account,
            "headers": headers,
            "replayed_from_id": delivery_id,
        }
        decision = decide_on(condition, mapping, described, payload)
        taking = Taking(
            tenant_id=UUID(tenant_id),
            webhook=webhook,
            described=described,
            payload=payload,
            body_hash=body_hash,
            decision=decision,
        )
        await take(conn, taking)


@task(
    name="aias.search_private_data",
    pass_context=True,
    retry=Backoff(max_attempts=20, initial=1.0, max_delay=600.0),
    args_schema=_of_tenant("request_id"),
)
async def search_private_data(context: JobContext, tenant_id: str, request_id: str) -> None:
    """Redact, or count, what deliveries and events hold of the customer or shop of a privacy request."""
    async with pool_of(context).connection() as conn:
        await conn.execute("select aias_private.search_private_data(%s, %s)", (UUID(tenant_id), UUID(request_id)))


@task(
    name="aias.deliver_webhook",
    pass_context=True,
    # how a sending went is the outbox's to repeat; this is for a database that is away
    retry=Backoff(max_attempts=20, initial=0.5, max_delay=60.0),
    args_schema=_of_tenant("message_id"),
)
async def deliver_webhook(context: JobContext, tenant_id: str, message_id: str) -> None:
    """Send one message of the outbox once; a further attempt is a job of its own."""
    await send_message(pool_of(context), UUID(tenant_id), UUID(message_id))
