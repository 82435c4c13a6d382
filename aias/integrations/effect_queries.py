"""The SQL calls of the ledger of effects, one function each. The caller owns the connection and its transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row, tuple_row
from psycopg.types.json import Jsonb
from pydantic import JsonValue

from aias.errors import translated

__all__ = [
    "AskedEffect",
    "Effect",
    "EffectPlace",
    "KnownEffect",
    "begin_effect",
    "doubt_effect",
    "list_effects",
    "resolve_effect",
    "settle_effect",
]

Connection = AsyncConnection[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectPlace:
    """Where an effect stands in the ledger, and the attempt of the execution that writes."""

    tenant_id: UUID
    execution_id: UUID
    attempt: int
    step_id: str
    item: int
    part: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedEffect:
    """What is asked for there: the request by its hash, and the key that its upstream is given."""

    operation: str
    connection: str | None
    request_hash: bytes
    key: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """An effect, as ``aias.effects`` shows it."""

    execution_id: UUID
    tenant: str
    step: str
    """``step``, or ``step[3]`` for an item of a fan-out."""
    part: str | None
    connection: str | None
    operation: str
    state: str
    begun_at: datetime
    doubted_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownEffect:
    """What ``aias_private.begin_effect`` says."""

    verdict: Literal["new", "done", "unknown", "wait", "busy", "conflict", "superseded"]
    idempotency_key: UUID | None
    response: Any
    wait_seconds: float | None


async def begin_effect(
    conn: Connection,
    place: EffectPlace,
    asked: AskedEffect,
    *,
    hold: timedelta,
    is_resend: bool,
    settles_within: timedelta | None,
) -> KnownEffect:
    """Write an intent down, or learn what is known of it.

    ``settles_within`` of none: send it again at once, whoever may be in a call of it (its upstream takes our key).
    """
    async with translated(), conn.cursor(row_factory=class_row(KnownEffect)) as cursor:
        await cursor.execute(
            """
            select b.verdict, b.idempotency_key, b.response, b.wait_seconds
            from aias_private.begin_effect(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) as b
            """,
            (
                place.tenant_id,
                place.execution_id,
                place.attempt,
                place.step_id,
                place.item,
                place.part,
                asked.operation,
                asked.connection,
                asked.request_hash,
                asked.key,
                hold,
                settles_within,
                is_resend,
            ),
        )
        row = await cursor.fetchone()
    assert row is not None  # noqa: S101 (it gives one row)
    return row


async def settle_effect(
    conn: Connection, place: EffectPlace, *, state: Literal["done", "refused"], response: JsonValue
) -> bool:
    """Note what came of an effect; false when the attempt was superseded."""
    async with translated(), conn.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute(
            "select aias_private.settle_effect(%s, %s, %s, %s, %s, %s, %s, %s)",
            (
                place.tenant_id,
                place.execution_id,
                place.attempt,
                place.step_id,
                place.item,
                place.part,
                state,
                None if response is None else Jsonb(response),
            ),
        )
        row = await cursor.fetchone()
    return bool(row and row[0])


async def doubt_effect(conn: Connection, place: EffectPlace, *, is_final: bool) -> bool:
    """Note that a call is over and its outcome unknown; false when the attempt was superseded."""
    async with translated(), conn.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute(
            "select aias_private.doubt_effect(%s, %s, %s, %s, %s, %s, %s)",
            (
                place.tenant_id,
                place.execution_id,
                place.attempt,
                place.step_id,
                place.item,
                place.part,
                is_final,
            ),
        )
        row = await cursor.fetchone()
    return bool(row and row[0])


LIST = """
    select
        e.execution_id, t.slug as tenant,
        e.step || case when e.item is null then '' else format('[%%s]', e.item) end as step,
        e.part, e.connection, e.operation, e.state, e.begun_at, e.doubted_at
    from aias.effects as e
    inner join aias.tenants as t on t.id = e.tenant_id
    where (%(tenant)s::text is null or t.slug = %(tenant)s)
        and (%(execution)s::uuid is null or e.execution_id = %(execution)s)
        and (%(everything)s or e.state = 'in_doubt')
    order by case when not %(everything)s then e.doubted_at end, e.begun_at desc, e.step, e.item, e.part
    limit %(limit)s
"""


async def list_effects(
    conn: Connection,
    *,
    tenant: str | None = None,
    execution: UUID | None = None,
    everything: bool = False,
    limit: int = 50,
) -> list[Effect]:
    """List the effects that are in doubt, the longest first; or every effect, the newest first."""
    async with conn.cursor(row_factory=class_row(Effect)) as cursor:
        await cursor.execute(LIST, {"tenant": tenant, "execution": execution, "everything": everything, "limit": limit})
        return await cursor.fetchall()


async def resolve_effect(
    conn: Connection,
    *,
    execution: UUID,
    step: str,
    happened: bool,
    by: str,
    response: JsonValue = None,
    comment: str | None = None,
    part: str | None = None,
) -> str:
    """Say what came of an effect whose outcome is not known; gives the state that it has now.

    Raises:
        NotFound: there is no such execution, or no such effect.
        Conflict: its outcome is known, its call is under way, or several parts are in doubt and none is named.
        InvalidArgument: who says so, the response or the comment is malformed.
    """
    async with translated(), conn.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute(
            "select aias.resolve_effect(%s, %s, %s, %s, %s, %s, %s)",
            (execution, step, happened, by, None if response is None else Jsonb(response), comment, part),
        )
        row = await cursor.fetchone()
    assert row is not None  # noqa: S101 (a function returns one row)
    return row[0]
