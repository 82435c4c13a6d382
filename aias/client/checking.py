"""Whether the connections that a workflow needs work: they are tried, as only a process with the master key can."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from aias.db import Pool
from aias.errors import Conflict
from aias.integrations import Checked, Health, check_connection, list_health
from aias.plugins import get_action, load_plugins
from aias.workflows import get_workflow, parse_definition

__all__ = ["check_all", "check_needed"]

_AT_A_TIME = 5


async def check_all(pool: Pool, found: Sequence[Health]) -> list[Checked]:
    """Try connections, a few at a time, and note what came of it in their health."""
    at_a_time = asyncio.Semaphore(_AT_A_TIME)

    async def one(row: Health) -> Checked:
        async with at_a_time:
            return await check_connection(pool, tenant_id=row.tenant_id, integration_id=row.integration_id)

    return list(await asyncio.gather(*(one(row) for row in found)))


async def check_needed(pool: Pool, tenant: str, workflow: str) -> None:
    """Try every connection that the steps of a workflow name or could mean.

    Raises:
        NotFound: there is no such tenant or workflow.
        Conflict: one of them does not work; the message names it.
    """
    load_plugins()
    async with pool.connection() as conn:
        definition = parse_definition((await get_workflow(conn, tenant, workflow)).definition)
        known = await list_health(conn, tenant=tenant)
    needed: set[tuple[str, str | None]] = set()
    for step in definition.steps:
        action = get_action(step.action)
        if action is not None and action.integration is not None:
            needed.add((action.integration, step.connection))
    meant = [one for one in known if (one.kind, one.name) in needed or (one.kind, None) in needed]
    for checked in await check_all(pool, meant):
        if checked.is_working is False:
            raise Conflict(
                f"{workflow!r} can't be enabled: {checked.kind}:{checked.name} does not work ({checked.detail})",
                argument="p_workflow",
            )
