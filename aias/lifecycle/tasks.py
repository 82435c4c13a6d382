"""The system's own periodic work."""

from __future__ import annotations

import structlog
from procrastinate import JobContext

from aias import cache
from aias.errors import PermanentError
from aias.jobs import Backoff, pool_of, scheduled, task
from aias.lifecycle.queries import ensure_partitions, forget_answers
from aias.lifecycle.retention import carry_out

__all__ = ["carry_out_retention", "forget_old_answers", "make_partitions", "run_due_retention", "tend_cache"]

_log = structlog.stdlib.get_logger(__name__)

_ANSWERS_AT_A_TIME = 10_000


@scheduled(name="partitions", cron="17 3 * * *", task="aias.make_partitions")
async def make_partitions(context: JobContext) -> None:
    """Make the partitions of the months to come, daily; the default partitions catch what would lie beyond.

    Raises:
        PermanentError: some could not be made; the others are.
    """
    async with pool_of(context).connection() as conn:
        all_made = await ensure_partitions(conn)
    for made in all_made:
        if made.problem is None:
            _log.info("partition made", partition=made.partition_name)
    if missing := [f"{made.partition_name}: {made.problem}" for made in all_made if made.problem is not None]:
        raise PermanentError(f"partitions are missing: {'; '.join(missing)}")


@scheduled(name="cache", cron="* * * * *", task="aias.tend_cache", max_attempts=1, timeout=50)
async def tend_cache(context: JobContext) -> None:
    """Sum up how the cache is used and drop what is not good any more, every minute."""
    async with pool_of(context).connection() as conn:
        await cache.tend_cache(conn)


@scheduled(name="answers", cron="*/5 * * * *", task="aias.forget_answers", max_attempts=1, timeout=280)
async def forget_old_answers(context: JobContext) -> None:
    """Drop the answers of HTTP requests whose idempotency keys have run out, every five minutes."""
    pool = pool_of(context)
    while True:
        async with pool.connection() as conn:
            if await forget_answers(conn) < _ANSWERS_AT_A_TIME:
                return


@scheduled(name="retention", cron="47 3 * * *", task="aias.run_retention", timeout=6 * 3600.0)
async def run_due_retention(context: JobContext) -> None:
    """Remove what the policies say, daily, each policy by its cadence; a run that was interrupted goes on.

    Raises:
        PermanentError: a part could not be removed; the others are, and the next run tries it again.
    """
    if await carry_out(pool_of(context), requested_by="schedule", is_scheduled=True) == "failed":
        raise PermanentError("retention could not remove everything: see aias retention status")


@task(
    name="aias.carry_out_retention",
    pass_context=True,
    retry=Backoff(max_attempts=5, initial=10.0, max_delay=300.0),
    args_schema={"type": "object", "properties": {}, "additionalProperties": False},
    lock="aias.retention",
)
async def carry_out_retention(context: JobContext) -> None:
    """Carry out the run that someone asked for; one that is over already is left alone.

    Raises:
        PermanentError: a part could not be removed.
    """
    if await carry_out(pool_of(context), requested_by="request", is_scheduled=True) == "failed":
        raise PermanentError("retention could not remove everything: see aias retention status")
