"""Trying connections on demand, a few at a time."""

from __future__ import annotations

import asyncio

from aias.client import Aias, require_tenant
from aias.errors import Conflict, NotFound
from aias.integrations import Checked, Health, check_connection, close_clients, list_health
from aias.plugins import get_action, load_plugins
from aias.workflows import get_workflow, parse_definition

__all__ = ["check_connections", "check_needed"]

_AT_A_TIME = 5


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
    return await _check(aias, found)


async def check_needed(aias: Aias, tenant: str, workflow: str) -> None:
    """Try every connection that the steps of a workflow name or could mean.

    Raises:
        NotFound: there is no such tenant or workflow.
        Conflict: one of them does not work; the message names it.
    """
    load_plugins()
    async with aias.session.connection() as conn:
        definition = parse_definition((await get_workflow(conn, tenant, workflow)).definition)
        known = await list_health(conn, tenant=tenant)
    needed: set[tuple[str, str | None]] = set()
    for step in definition.steps:
        action = get_action(step.action)
        if action is not None and action.integration is not None:
            needed.add((action.integration, step.connection))
    meant = [one for one in known if (one.kind, one.name) in needed or (one.kind, None) in needed]
    for checked in await _check(aias, meant):
        if checked.is_working is False:
            raise Conflict(
                f"{workflow!r} can't be enabled: {checked.kind}:{checked.name} does not work ({checked.detail})",
                argument="p_workflow",
            )


async def _check(aias: Aias, found: list[Health]) -> list[Checked]:
    at_a_time = asyncio.Semaphore(_AT_A_TIME)

    async def one(row: Health) -> Checked:
        async with at_a_time:
            return await check_connection(aias.session.pool, tenant_id=row.tenant_id, integration_id=row.integration_id)

    try:
        return list(await asyncio.gather(*(one(row) for row in found)))
    finally:
        await close_clients()
