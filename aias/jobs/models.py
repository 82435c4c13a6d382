"""Rows of the jobs domain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

__all__ = ["JobReason", "JobRow", "LimitRow", "NewJob", "PauseRow", "QueueHealth", "WorkerRow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewJob:
    """A job to be enqueued, as ``aias.enqueue_job`` takes it."""

    task: str
    args: Mapping[str, Any] = field(default_factory=dict[str, Any])
    tenant: str | None = None
    lane: str | None = None
    run_at: datetime | None = None
    idempotency_key: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Give it as an item of ``aias.enqueue_jobs``."""
        return {
            "task": self.task,
            "args": dict(self.args),
            "tenant": self.tenant,
            "lane": self.lane,
            "run_at": None if self.run_at is None else self.run_at.isoformat(),
            "idempotency_key": self.idempotency_key,
        }


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


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseRow:
    """What is paused, as ``aias.pauses`` shows it."""

    tenant: str | None
    scope: str
    name: str
    reason: str | None
    paused_by: str
    paused_at: datetime
    parked_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitRow:
    """A limit as ``aias.limits`` shows it."""

    tenant: str | None
    scope: str
    name: str
    max_running: int | None
    running_count: int | None
    rate: int | None
    per: timedelta | None
    burst: int | None
    parked_count: int
    set_by: str
    set_at: datetime
