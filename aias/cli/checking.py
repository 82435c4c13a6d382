"""Trying connections on demand, a few at a time."""

from __future__ import annotations

from aias.client import Aias, checking, require_tenant
from aias.errors import NotFound
from aias.integrations import Checked, close_clients, list_health
from aias.plugins import load_plugins

__all__ = ["check_connections", "check_needed"]


async def check_connections(aias: Aias, tenant: str | None, kind: str | None, name: str | None) -> list[Checked]:
    """Try connections, of one tenant or of all, of a kind or a name, and note what came of it.

    Raises:
        NotFound: there is no such tenant, or no such connection.
    """
    load_plugins()
    async with aias.session.connection() as conn:
        if tenant is not None:
            await require_tenant(conn, tenant)
        found = [
            one
            for one in await list_health(conn, tenant=tenant)
            if kind in (None, one.kind) and name in (None, one.name)
        ]
    if not found:
        whose = f" of {tenant!r}" if tenant is not None else ""
        raise NotFound(f"there is no connection {kind or 'of any kind'}{f':{name}' if name else ''}{whose}")
    try:
        return await checking.check_all(aias.session.pool, found)
    finally:
        await close_clients()


async def check_needed(aias: Aias, tenant: str, workflow: str) -> None:
    """Try every connection that the steps of a workflow name or could mean.

    Raises:
        NotFound: there is no such tenant or workflow.
        Conflict: one of them does not work; the message names it.
    """
    async with aias.session.connection() as conn:
        await require_tenant(conn, tenant)
    try:
        await checking.check_needed(aias.session.pool, tenant, workflow)
    finally:
        await close_clients()
