"""Periodic work on connections: tokens refreshed ahead of their end, each tried once an hour, open gates tended.

It stands in ``aias.schedules`` like all that runs by the clock.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import structlog
from procrastinate import JobContext

from aias.errors import NotFound
from aias.integrations import refresh_queries
from aias.integrations.checking import check_connection
from aias.integrations.gates import tend_gates
from aias.integrations.refreshing import refresh_due
from aias.jobs import pool_of, scheduled, task
from aias.plugins import load_plugins

__all__ = ["check", "check_due_connections", "refresh_tokens", "wake_gate_waiters"]

_log = structlog.stdlib.get_logger(__name__)

_AHEAD = timedelta(minutes=10)
"""How long before its end a token is refreshed: several rounds, should one fail."""

_LONGEST_ROUND = 900.0
"""Seconds for the tokens of one round; meanwhile no other begins."""

_MOST_CHECKS = 1000
_ID = {"type": "string", "format": "uuid"}


@scheduled(name="tokens", cron="* * * * *", task="aias.refresh_tokens", max_attempts=1, timeout=_LONGEST_ROUND)
async def refresh_tokens(context: JobContext) -> None:
    """Refresh the tokens that end within ten minutes; the next minute takes what this one could not."""
    pool = pool_of(context)
    done, failed = await refresh_due(pool, ahead=_AHEAD)
    if done or failed:
        _log.info("tokens refreshed", done=done, failed=failed)


@scheduled(name="gates", cron="* * * * *", task="aias.wake_gate_waiters", max_attempts=1, timeout=50)
async def wake_gate_waiters(context: JobContext) -> None:
    """Wake those who still wait for gates that have opened; where calls are made, that happens each second."""
    async with pool_of(context).connection() as conn:
        if count := await tend_gates(conn):
            _log.info("executions woken", count=count)


@scheduled(name="connections", cron="* * * * *", task="aias.check_due_connections", max_attempts=1, timeout=50)
async def check_due_connections(context: JobContext) -> None:
    """Hand the checks that are due to the workers, one job each."""
    async with pool_of(context).connection() as conn:
        await refresh_queries.defer_checks(conn, limit=_MOST_CHECKS)


@task(
    name="aias.check_connection",
    pass_context=True,
    retry=None,  # the next hour brings the next one
    args_schema={
        "type": "object",
        "properties": {"tenant_id": _ID, "integration_id": _ID},
        "required": ["tenant_id", "integration_id"],
        "additionalProperties": False,
    },
)
async def check(context: JobContext, tenant_id: str, integration_id: str) -> None:
    """Try one connection and note what came of it."""
    load_plugins()  # a plugin may have brought its kind
    pool = pool_of(context)
    try:
        await check_connection(pool, tenant_id=UUID(tenant_id), integration_id=UUID(integration_id))
    except NotFound:
        _log.info("connection gone before its check", integration=integration_id)
