"""The SQL calls about consents in progress. The caller owns the connection and its transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from aias.errors import translated

__all__ = ["OAuthRequest", "oauth_request", "start_oauth"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthRequest:
    """What a state was given out for."""

    id: UUID
    tenant_id: UUID
    kind: str
    name: str
    config: dict[str, Any]
    scopes: str
    redirect_uri: str
    verifier: bytes | None = field(repr=False)
    """PKCE's secret, sealed."""
    key_id: str | None


async def start_oauth(
    conn: AsyncConnection[Any],
    request: OAuthRequest,
    *,
    tenant: str,
    user: str,
    state_hash: bytes,
    lasts: timedelta,
) -> None:
    """Remember a consent that is asked for; ``tenant`` is the slug of the request's tenant.

    Raises:
        NotFound: there is no such tenant.
        InvalidArgument: the name, the user or the address to come back to is malformed.
        TooManyRequests: the tenant has 100 consents in progress.
    """
    async with translated():
        await conn.execute(
            "select aias.start_oauth(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (
                *(tenant, request.id, state_hash, user, request.kind, request.name, Jsonb(request.config)),
                *(request.scopes, request.redirect_uri, request.verifier, request.key_id, lasts),
            ),
        )


async def oauth_request(
    conn: AsyncConnection[Any], *, tenant: str, user: str, state_hash: bytes, is_taken: bool
) -> OAuthRequest:
    """Give what a state was given out for; with ``is_taken`` it is used up.

    Raises:
        NotFound: this tenant and user have no such state.
        Conflict: it was used, or has expired.
    """
    async with translated(), conn.cursor(row_factory=class_row(OAuthRequest)) as cursor:
        await cursor.execute(
            """
            select r.id, r.tenant_id, r.kind, r.name, r.config, r.scopes, r.redirect_uri, r.verifier, r.key_id
            from aias.oauth_request(%s, %s, %s, %s) as r
            """,
            (tenant, user, state_hash, is_taken),
        )
        row = await cursor.fetchone()
    assert row is not None  # noqa: S101 (it gives one row)
    return row
