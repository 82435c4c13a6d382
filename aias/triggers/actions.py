"""The action that emits an event."""

from __future__ import annotations

from uuid import UUID

from psycopg.rows import scalar_row
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from aias.errors import PermanentError, SqlError
from aias.plugins import ActionContext, action
from aias.tracing import current, sign
from aias.triggers.events import emit_event

__all__: list[str] = []


class EmitInput(BaseModel):
    """What happened, to what, and the particulars."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field(min_length=1, max_length=200)
    payload: JsonValue = Field(default_factory=dict[str, JsonValue])
    subject: str | None = Field(default=None, max_length=500)


class EmitOutput(BaseModel):
    """The event's id (``aias.events.id``)."""

    id: UUID


@action("event.emit", effect="idempotent", timeout=10.0)
async def emit(context: ActionContext, data: EmitInput) -> EmitOutput:
    """Emit an event of the tenant; the same step emits it once, however often it is tried."""
    async with context.pool.connection() as conn, conn.transaction():
        async with conn.cursor(row_factory=scalar_row) as cursor:
            # what it starts stands one deeper: a loop of workflows and events ends
            await cursor.execute(
                "select set_config('aias.event_depth', (e.depth + 1)::text, true) from aias_private.executions as e"
                " where e.tenant_id = %s and e.id = %s",
                (context.tenant_id, context.execution_id),
            )
        await sign(conn, current())
        try:
            made = await emit_event(
                conn,
                context.tenant,
                data.type,
                data.payload,
                event_id=context.idempotency_key,
                source=f"aias/workflows/{context.workflow}",
                subject=data.subject,
            )
        except SqlError as error:
            raise PermanentError(f"event.emit: {error.message}") from error
    return EmitOutput(id=made)
