"""``Caller``: what a route is given of the request's key, and the transaction that it works in."""

from __future__ import annotations

import math
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends, Query
from psycopg import AsyncConnection
from starlette.requests import Request

from aias.api.authentication import Identity
from aias.api.context import RequestContext
from aias.api.database import Database
from aias.api.problems import HttpProblem
from aias.settings import Settings

__all__ = ["Caller", "Needs", "Tenant", "TenantFilter", "needs"]

_LOCK_TIMEOUT = 10.0


@dataclass(slots=True, kw_only=True)
class Caller:
    """The key's identity, and the connection of the request's one transaction.

    The transaction has the role and the tenant of the key: row-level security shows it nothing else. It is committed
    before the answer is sent, or rolled back with every error.
    """

    identity: Identity
    context: RequestContext
    database: Database
    settings: Settings
    _conn: AsyncConnection[Any] | None = field(default=None, repr=False)

    @property
    def conn(self) -> AsyncConnection[Any]:
        """The connection of the request's transaction; a route without one opens ``transaction()`` itself."""
        if self._conn is None:
            raise RuntimeError("this route has no transaction of the request: use `async with caller.transaction()`")
        return self._conn

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[AsyncConnection[Any]]:
        """Open a transaction with the role and the tenant of the key, and in the audit log its name.

        Raises:
            DatabaseError: the database is away.
        """
        async with self.database.connection() as conn, conn.transaction():
            async with conn.pipeline():
                await self.sign(conn)
                await self._confine(conn)
            self._conn = conn
            try:
                yield conn
            finally:
                self._conn = None

    @asynccontextmanager
    async def as_server(self) -> AsyncGenerator[AsyncConnection[Any]]:
        """Go on in the same transaction as the server itself, for what is its own bookkeeping."""
        await self.conn.execute("set local role none")
        yield self.conn
        await self.conn.execute("select set_config('role', %s, true)", (self._role,))

    @property
    def _role(self) -> str:
        return "aias_admin" if self.identity.tenant_id is None else "aias_app"

    async def sign(self, conn: AsyncConnection[Any]) -> None:
        """Say, for the rest of a transaction, who acts: what it does is recorded under the key and the request."""
        identity, context = self.identity, self.context
        await conn.execute(
            "select set_config('aias.actor', %s, true), set_config('aias.actor_kind', %s, true),"
            " set_config('aias.scopes', %s, true), set_config('aias.request_id', %s, true),"
            " set_config('aias.address', %s, true), set_config('aias.traceparent', %s, true),"
            " set_config('aias.tracestate', %s, true), set_config('aias.correlation_id', %s, true)",
            (
                identity.actor,
                identity.actor_kind,
                " ".join(identity.scopes),
                context.request_id,
                context.address,
                context.trace.trace_parent,
                context.trace.trace_state or "",
                context.trace.given_correlation_id or "",
            ),
        )

    async def _confine(self, conn: AsyncConnection[Any]) -> None:
        """Set the tenant, the times and the role, for the transaction only."""
        timeout = self.settings.api_request_timeout
        await conn.execute(
            "select set_config('aias.tenant_id', %s, true),"
            " set_config('statement_timeout', %s, true), set_config('lock_timeout', %s, true),"
            # filters that are not given fold away, so that every page of a list is read by its index
            " set_config('plan_cache_mode', 'force_custom_plan', true), set_config('role', %s, true)",
            (
                str(self.identity.tenant_id or ""),
                str(math.ceil(timeout * 1000)),
                str(math.ceil(min(_LOCK_TIMEOUT, timeout / 2) * 1000)),
                self._role,
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What a route demands of the key, and how it works; ``needs`` makes one."""

    scope: str
    in_transaction: bool
    keeps_answer: bool

    async def __call__(self, request: Request) -> Caller:
        """Give the caller that ``aias.api.routing`` made."""
        caller: Caller = request.scope["aias.caller"]
        return caller


def needs(scope: str, *, in_transaction: bool = True, keeps_answer: bool = True) -> Any:
    """Say which scope a route demands.

    ::

        caller: Annotated[Caller, needs("executions:read")]

    With ``in_transaction=False`` the route opens its own short transactions: it calls the outside world between them.
    With ``keeps_answer=False`` a POST takes no Idempotency-Key, because its answer holds a secret.
    """
    return Depends(Needs(scope=scope, in_transaction=in_transaction, keeps_answer=keeps_answer))


_SLUG = r"^[a-z0-9][a-z0-9-]{0,62}$"


async def _tenant(
    request: Request,
    tenant: Annotated[
        str | None,
        Query(pattern=_SLUG, description="Whose: an operator's key must say; any other key means its own tenant."),
    ] = None,
) -> str:
    caller: Caller = request.scope["aias.caller"]
    found = tenant or caller.identity.tenant
    if found is None:
        raise HttpProblem(
            HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", "an operator's key must say which tenant it means: ?tenant=SLUG"
        )
    return found


async def _tenant_filter(
    request: Request,
    tenant: Annotated[
        str | None, Query(pattern=_SLUG, description="Of this tenant only; another tenant's key sees its own anyway.")
    ] = None,
) -> str | None:
    caller: Caller = request.scope["aias.caller"]
    return tenant or caller.identity.tenant


Tenant = Annotated[str, Depends(_tenant)]
"""The slug of the tenant that the request is about: given as ?tenant=, else the key's own."""

TenantFilter = Annotated[str | None, Depends(_tenant_filter)]
"""The slug of the tenant that a list is narrowed to: given as ?tenant=, else the key's own; None lists all."""
