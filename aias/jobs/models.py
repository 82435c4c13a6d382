"""Rows of the jobs domain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

__all__ = ["JobReason", "JobRow", "QueueHealth", "WorkerRow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobReason:
    """Why a job does not run now, or that it does (``aias.explain_job``)."""

    reason: str
    detail: str
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRow:
    """A job as ``aias.jobs`` shows it."""

    tenant_id: UUID | None
    tenant: str | None
    id: int
    task: str
    lane: str
    queue_name: str
    status: str
    priority: int
    run_at: datetime | None
    args: dict[str, Any]
    attempt_count: int
    rescue_count: int
    lock: str | None
    queueing_lock: str | None
    worker_id: int | None
    last_error: dict[str, Any] | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerRow:
    """A worker as ``aias.workers`` shows it; what it says of itself is None for a worker of another program."""

    id: int
    name: str | None
    host: str | None
    pid: int | None
    queues: list[str] | None
    concurrency: int | None
    version: str | None
    status: str
    running_count: int | None
    started_at: datetime | None
    heartbeat_at: datetime
    lease_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueHealth:
    """A lane as ``aias.queue_health`` shows it."""

    lane: str
    queue_name: str
    waiting_count: int
    scheduled_count: int
    running_count: int
    failed_count: int
    oldest_wait: timedelta | None
    worker_count: int
