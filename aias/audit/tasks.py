"""The periodic work that keeps the audit log sealed and looks whether it is what was sealed."""

from __future__ import annotations

import structlog
from procrastinate import JobContext

from aias.audit.chain import check_audit, seal_audit
from aias.errors import PermanentError
from aias.jobs import pool_of, scheduled

__all__ = ["check_chain", "seal_rows"]

_log = structlog.stdlib.get_logger(__name__)

_MOST_SEALS = 1000
"""Seals of one run, 10,000 rows each: what is left is for the next minute."""


@scheduled(name="audit-seal", cron="* * * * *", task="aias.seal_audit", max_attempts=1, timeout=280)
async def seal_rows(context: JobContext) -> None:
    """Seal what was added to the audit log, every minute; each seal is a transaction of its own."""
    for _ in range(_MOST_SEALS):
        async with pool_of(context).connection() as conn:
            if not await seal_audit(conn):
                return


@scheduled(name="audit-verify", cron="41 3 * * *", task="aias.verify_audit", max_attempts=1, timeout=3600)
async def check_chain(context: JobContext) -> None:
    """Verify what was sealed since yesterday and a thirtieth of what was sealed before, daily.

    What is found opens an alert (rule ``audit_broken``).

    Raises:
        PermanentError: the log is not what was sealed, or its guards are off.
    """
    async with pool_of(context).connection() as conn:
        looks = await check_audit(conn)
    for look in looks:
        _log.info("audit log verified", kind=look.kind, ok=look.ok, checked=look.checked)
    if wrong := [look.reason or "" for look in looks if not look.ok]:
        raise PermanentError(f"the audit log is not what was sealed: {'; '.join(wrong)}")
