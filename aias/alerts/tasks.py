"""The periodic work of alerts, and the jobs that send notices."""

from __future__ import annotations

import structlog
from procrastinate import JobContext

from aias.alerts.delivering import deliver
from aias.alerts.queries import evaluate_alerts
from aias.jobs import Backoff, pool_of, scheduled, task

__all__ = ["deliver_due_notices", "deliver_notices", "evaluate_rules"]

_log = structlog.stdlib.get_logger(__name__)


@scheduled(name="alerts", cron="* * * * *", task="aias.evaluate_alerts", max_attempts=1, timeout=50)
async def evaluate_rules(context: JobContext) -> None:
    """Apply the alert rules, every minute; one that can't be applied is an alert itself, and the others are."""
    async with pool_of(context).connection() as conn:
        problems = await evaluate_alerts(conn)
    for problem in problems:
        _log.error("an alert rule can't be applied", rule=problem.rule, problem=problem.problem)


@scheduled(name="notices", cron="* * * * *", task="aias.deliver_due_notices", max_attempts=1, timeout=280)
async def deliver_due_notices(context: JobContext) -> None:
    """Send what is due again, and what a process that died was sending, every minute."""
    await deliver(pool_of(context))


@task(
    name="aias.deliver_notices",
    pass_context=True,
    # how a sending went is the outbox's to repeat; this is for a database that is away
    retry=Backoff(max_attempts=20, initial=0.5, max_delay=60.0),
    args_schema={"type": "object", "properties": {}, "additionalProperties": False},
)
async def deliver_notices(context: JobContext) -> None:
    """Send the notices that are due, at once after they were posted."""
    await deliver(pool_of(context))
