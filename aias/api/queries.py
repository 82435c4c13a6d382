"""The SQL calls of this domain, one function each. The caller owns the connection and its transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row, scalar_row
from psycopg.types.json import Jsonb

from aias.errors import translated

__all__ = [
    "FoundKey",
    "KeptAnswer",
    "NewKey",
    "Taken",
    "claim_answer",
    "create_api_key",
    "find_api_key",
    "keep_answer",
    "note_key_uses",
    "revoke_api_key",
    "take_request",
]

Connection = AsyncConnection[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundKey:
    """A key as a request needs it."""

    tenant_id: UUID | None
    tenant: str | None
    name: str
    secret_hash: bytes = field(repr=False)
    scopes: list[str]
    plan_requests_per_minute: int | None
    key_requests_per_minute: int | None
    refusal: str | None
    """``revoked`` or ``expired``; None for a good one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a limit says of a request: of the plan, or of the key."""

    policy: str
    is_allowed: bool
    quota: int
    remaining: int
    reset_after: float
    retry_after: float


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAnswer:
    """An answer that was given before under an idempotency key."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """A key that was just made; the token is shown this once."""

    id: str
    token: str = field(repr=False)


async def find_api_key(conn: Connection, key: str) -> FoundKey | None:
    """Give a key with its hash, its tenant and its limits; None for an unknown one."""
    async with conn.cursor(row_factory=class_row(FoundKey)) as cursor:
        await cursor.execute(
            "select tenant_id, tenant, name, secret_hash, scopes, plan_requests_per_minute, key_requests_per_minute,"
            " refusal from aias_private.find_api_key(%s)",
            (key,),
        )
        return await cursor.fetchone()


async def take_request(
    conn: Connection, tenant: UUID, key: str, *, plan_rate: int | None, key_rate: int | None
) -> list[Taken]:
    """Count a request under its limits, the plan's first; must be a transaction of its own."""
    async with conn.cursor(row_factory=class_row(Taken)) as cursor:
        await cursor.execute(
            "select policy, is_allowed, quota, remaining, reset_after, retry_after"
            " from aias_private.take_request(%s, %s, %s, %s)",
            (tenant, key, plan_rate, key_rate),
        )
        return await cursor.fetchall()


async def note_key_uses(conn: Connection, uses: Mapping[str, datetime]) -> None:
    """Note when keys were last used."""
    await conn.execute(
        "select aias_private.note_key_uses(%s)", (Jsonb({key: at.isoformat() for key, at in uses.items()}),)
    )


async def claim_answer(conn: Connection, tenant: UUID | None, key: str, request_hash: bytes) -> KeptAnswer | None:
    """Take an idempotency key, or give the answer that was given under it; waits for a request that has it just now.

    Raises:
        Conflict: the key stands for another request.
    """
    async with translated(), conn.cursor(row_factory=class_row(KeptAnswer)) as cursor:
        await cursor.execute(
            "select status, headers, body from aias_private.claim_answer(%s, %s, %s)", (tenant, key, request_hash)
        )
        return await cursor.fetchone()


async def keep_answer(conn: Connection, tenant: UUID | None, key: str, answer: KeptAnswer) -> None:
    """Keep the answer under the idempotency key that ``claim_answer`` took in this transaction."""
    await conn.execute(
        "select aias_private.keep_answer(%s, %s, %s, %s, %s)",
        (tenant, key, answer.status, Jsonb(answer.headers), answer.body),
    )


async def create_api_key(
    conn: Connection,
    *,
    tenant: str | None,
    name: str,
    scopes: list[str],
    expires_at: datetime | None = None,
    requests_per_minute: int | None = None,
) -> NewKey:
    """Make a key; without a tenant it is one of the platform's operators, for administrators to make.

    Raises:
        Forbidden: no tenant and no administrator, or a scope that the caller's own key lacks.
        NotFound: there is no such tenant.
        InvalidArgument: the name, a scope, the expiry or the rate is not valid.
    """
    async with translated(), conn.cursor(row_factory=class_row(NewKey)) as cursor:
        await cursor.execute(
            "select id, token from aias.create_api_key(%s, %s, %s, %s, %s)",
            (tenant, name, scopes, expires_at, requests_per_minute),
        )
        (made,) = await cursor.fetchall()
        return made


async def revoke_api_key(conn: Connection, key: str) -> bool:
    """Refuse a key from now on; False when it was revoked before.

    Raises:
        NotFound: there is no such key.
    """
    async with translated(), conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("select aias.revoke_api_key(%s)", (key,))
        return bool(await cursor.fetchone())
