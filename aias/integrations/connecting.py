"""Connecting with credentials that were tried: what is refused is not stored, and replaces nothing that works."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection

from aias.audit import set_actor
from aias.db import Pool
from aias.errors import Forbidden, NotFound, PermanentError, TransientError
from aias.integrations import queries, refresh_queries
from aias.integrations.bringing import plugin_of_kind
from aias.integrations.checking import can_be_tried, try_credentials
from aias.integrations.connections import connect
from aias.integrations.queries import Granted
from aias.integrations.refresh_queries import Credentials
from aias.plugins import refused_plugins

__all__ = ["Connected", "connect_tried"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """A connection that was made or renewed."""

    id: UUID
    tenant: str
    kind: str
    name: str
    scopes: str | None
    """What was granted, in the upstream's words; none where the credentials were given by hand."""
    problem: str | None
    """Why it could not be tried just now: it is stored, and ``failing`` until a check finds it working."""


async def connect_tried(  # noqa: PLR0913 (whose, what, and with which credentials)
    pool: Pool,
    *,
    tenant: str,
    user: str | None = None,
    kind: str,
    name: str = "default",
    config: Mapping[str, Any],
    secret: Mapping[str, Any],
    granted: Granted | None = None,
    is_tried: bool = True,
    prepare: Callable[[AsyncConnection[Any]], Awaitable[None]] | None = None,
) -> Connected:
    """Try credentials with a call that changes nothing, and store them; ``user`` is who the audit log names.

    ``prepare`` runs first in the transaction that stores them: a caller that knows more of who acts sets it there.

    A service that can't be reached just now does not keep them from being stored.

    Raises:
        InvalidArgument: an unknown kind, or settings or a secret that don't fit it.
        NotFound: there is no such tenant.
        Forbidden: the kind is of a plugin that the tenant may not use.
        PermanentError: the service refuses them; nothing is stored.
        ConfigurationError: there is no usable master key.
    """
    async with pool.connection() as conn:
        ids = await queries.integration_id(conn, tenant=tenant, kind=kind, name=name)
    if ids is None:
        raise NotFound(f"there is no tenant {tenant!r}", argument="p_tenant")
    plugin = plugin_of_kind(kind)
    if plugin is not None:
        async with pool.connection() as conn:
            refused = await refused_plugins(conn, tenant)
        if plugin in refused:
            why = f" ({refused[plugin]})" if refused[plugin] else ""
            raise Forbidden(
                f"{kind} is of the plugin {plugin!r}, which this tenant may not use{why}", argument="p_kind"
            )
    is_tried = is_tried and can_be_tried(kind)
    started = time.monotonic()
    problem: str | None = None
    if is_tried:
        try:
            await try_credentials(kind, config, secret)
        except TransientError as error:
            problem = error.message
        except PermanentError as error:
            # Without its detail: it quotes what the service said to a call with the secret.
            raise PermanentError(f"nothing is stored: {error.message}") from None
    latency = round((time.monotonic() - started) * 1000)
    async with pool.connection() as conn, conn.transaction():
        if user is not None:
            await set_actor(conn, user, is_local=True)
        if prepare is not None:
            await prepare(conn)
        made = await connect(conn, tenant=tenant, kind=kind, name=name, config=config, secret=secret, granted=granted)
        if is_tried:
            await refresh_queries.record_check(
                conn,
                Credentials(tenant_id=ids[0], integration_id=made, credential_version=None),
                is_working=problem is None,
                is_refused=False,
                latency_ms=latency,
                error=problem,
            )
    return Connected(id=made, tenant=tenant, kind=kind, name=name, scopes=granted and granted.scopes, problem=problem)
