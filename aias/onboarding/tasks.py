"""The periodic work of onboarding."""

from __future__ import annotations

import structlog
from procrastinate import JobContext

from aias.db import Pool
from aias.jobs import pool_of, scheduled
from aias.onboarding.queries import enrol_trials, note_sent_mails, send_due_mails
from aias.settings import get_settings

__all__ = ["plan_and_send", "tend_onboarding"]

_log = structlog.stdlib.get_logger(__name__)

_AT_A_TIME = 500


@scheduled(name="onboarding", cron="* * * * *", task="aias.tend_onboarding", max_attempts=1, timeout=50)
async def tend_onboarding(context: JobContext) -> None:
    """Enrol the people of new trials and put the mails that are due into the outbox, every minute.

    Without AIAS_DASHBOARD_URL nothing is sent, since no link would lead back; mails wait, and are dropped after a week.
    """
    if get_settings().dashboard_url is None:
        _log.debug("no onboarding mails go while AIAS_DASHBOARD_URL is not set")
    await plan_and_send(pool_of(context), is_sending=get_settings().dashboard_url is not None)


async def plan_and_send(pool: Pool, *, is_sending: bool = True) -> int:
    """Do it once; give how many mails were decided on. Each batch is a transaction of its own."""
    async with pool.connection() as conn:
        await note_sent_mails(conn)
        await enrol_trials(conn)
    count = 0
    while is_sending:
        async with pool.connection() as conn:
            done = await send_due_mails(conn, limit=_AT_A_TIME)
        count += done
        if done == 0:
            break
    return count
