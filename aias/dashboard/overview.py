"""How things are: everything that the overview shows, from views and rollups, in the viewer's transaction."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from aias import alerts, integrations, jobs, metrics
from aias.alerts import Alert
from aias.analytics import UsageRow, list_usage
from aias.api import Services
from aias.api.lists.integrations import page_of_integrations
from aias.api.models.integrations import IntegrationShown
from aias.dashboard.queries import live_executions
from aias.dashboard.viewer import Viewer
from aias.integrations import Breaker, Gate
from aias.metrics import Objective, Percentiles

__all__ = ["MOST_LIVE", "Overview", "lanes_now", "overview_of"]

MOST_LIVE = 10_000
_MOST_ALERTS = 10
_MOST_CONNECTIONS = 500
_COUNTS_ARE_GOOD_FOR = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """How things are, of one tenant or of all."""

    live: dict[str, int]
    """Executions that are queued, running and waiting, each counted up to ``MOST_LIVE``."""
    executions: Percentiles | None
    """Of the last hour, in seconds; None when none has ended."""
    error_rate: float | None
    waits: list[Percentiles]
    """How long jobs waited in the last hour, by lane."""
    lanes: list[dict[str, Any]]
    """What waits now, two seconds late at most; for operators who look at all tenants."""
    workers: Counter[str]
    alerts: list[Alert]
    gates: list[Gate]
    breakers: list[Breaker]
    """Those that are not closed."""
    connections: list[IntegrationShown]
    usage: list[UsageRow]
    objectives: list[Objective] = field(default_factory=list[Objective])

    @property
    def failing(self) -> list[IntegrationShown]:
        """The connections that do not work."""
        return [one for one in self.connections if one.status != "connected"]


async def overview_of(viewer: Viewer, services: Services) -> Overview:
    """Read it; what the viewer's key may not see is empty."""
    conn, tenant, may = viewer.conn, viewer.tenant, viewer.may
    sees_metrics = may("metrics:read")
    found = await metrics.percentiles(conn, "executions") if sees_metrics else []
    rates = await metrics.error_rates(conn, "executions") if sees_metrics else []
    rate = rates[0].error_rate if rates else None
    return Overview(
        live=await live_executions(conn, viewer.tenant_id, most=MOST_LIVE) if may("executions:read") else {},
        executions=found[0] if found and found[0].count else None,
        error_rate=None if rate is None else float(rate),
        waits=await metrics.percentiles(conn, "queue_wait", by="lane") if sees_metrics else [],
        lanes=await lanes_now(viewer, services) if tenant is None and may("lanes:read") else [],
        workers=Counter(one.status for one in await jobs.list_workers(conn)) if may("jobs:read") else Counter(),
        alerts=await alerts.list_alerts(conn, tenant=tenant, limit=_MOST_ALERTS) if may("alerts:read") else [],
        gates=await integrations.list_gates(conn, tenant=tenant) if may("gates:read") else [],
        breakers=[one for one in await integrations.list_breakers(conn, tenant=tenant) if one.state != "closed"]
        if may("gates:read")
        else [],
        connections=await page_of_integrations(
            conn,
            tenant_id=viewer.tenant_id,
            kind=None,
            status=None if tenant is not None else "failing",
            after=(None, None, None),
            limit=_MOST_CONNECTIONS,
        )
        if may("integrations:read")
        else [],
        usage=await list_usage(conn, tenant=tenant) if tenant is not None and may("usage:read") else [],
        objectives=await metrics.objectives(conn) if sees_metrics else [],
    )


async def lanes_now(viewer: Viewer, services: Services) -> list[dict[str, Any]]:
    """Give what waits in each lane; the queue is counted once in two seconds, however many look."""

    async def counted() -> list[dict[str, Any]]:
        return [
            {
                "lane": row.lane,
                "waiting": row.waiting_count,
                "scheduled": row.scheduled_count,
                "running": row.running_count,
                "failed": row.failed_count,
                "workers": row.worker_count,
                "oldest_wait": None if row.oldest_wait is None else row.oldest_wait / timedelta(seconds=1),
            }
            for row in await jobs.queue_health(viewer.conn)
        ]

    return await services.cache.through("lanes", "dashboard", counted, ttl=_COUNTS_ARE_GOOD_FOR, tags=["lanes"])
