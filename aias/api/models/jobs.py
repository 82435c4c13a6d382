"""Jobs, lanes, pauses, limits and gates over HTTP."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import Field

from aias.api.models.base import Given, Shown, Time

__all__ = [
    "GateShown",
    "GateToClose",
    "GateToOpen",
    "JobDetail",
    "JobStatus",
    "JobSummary",
    "LaneShown",
    "LanesShown",
    "LimitGiven",
    "LimitShown",
    "NewJobGiven",
    "Opened",
    "PauseShown",
    "Pausing",
    "Resuming",
]

JobStatus = Literal["waiting", "scheduled", "running", "stopping", "failed", "aborted", "cancelled", "succeeded"]
LimitScope = Literal["tenant", "workflow", "key", "connection"]
PauseScope = Literal["lane", "workflow", "tenant", "task"]
PausedScope = Literal["lane", "workflow", "tenant", "task", "fuse"]


class JobSummary(Shown):
    """A job in a list."""

    id: int = Field(description="Its id.")
    tenant: str | None = Field(description="Whose it is; null for the system's own.")
    task: str = Field(description="What it runs.")
    lane: str = Field(description="Its class of service.")
    status: JobStatus = Field(description="Succeeded jobs are deleted.")
    priority: int = Field(description="Higher goes first.")
    run_at: datetime | None = Field(description="Not before this time.")
    attempt_count: int = Field(description="How often it was tried.")
    rescue_count: int = Field(description="How often it was taken from a dead worker.")
    last_error: dict[str, Any] | None = Field(description="What its last failure was.")
    created_at: datetime = Field(description="When it was enqueued.")


class JobDetail(JobSummary):
    """A job whole."""

    args: dict[str, Any] = Field(description="Its arguments.")
    lock: str | None = Field(description="Jobs with the same lock run one after another.")
    queueing_lock: str | None = Field(description="At most one job with it waits.")
    worker_id: int | None = Field(description="The worker that runs it.")


class NewJobGiven(Given):
    """A job to enqueue."""

    task: str = Field(min_length=1, max_length=128, description="The task's name.", examples=["reports.send"])
    args: dict[str, Any] = Field(
        default={}, description="Its arguments; they must fit the task's schema.", examples=[{"month": "2026-03"}]
    )
    lane: str | None = Field(default=None, max_length=63, description="Default: the lane of the tenant's plan.")
    run_at: Time | None = Field(default=None, description="Not before this time (RFC 3339, with its zone).")
    idempotency_key: str | None = Field(
        default=None, min_length=1, max_length=255, description="The same key with the same job is the same job."
    )


class LaneShown(Shown):
    """A class of service; the counts are for operators and null for tenants."""

    name: str = Field(description="Its name.")
    queue_name: str = Field(description="The queue that a worker names to work on it.")
    base_priority: int = Field(description="Higher goes first.")
    weight: int = Field(description="Its share when all lanes have work.")
    description: str = Field(description="What it is for.")
    waiting_count: int | None = Field(default=None, description="Jobs that could run now.")
    scheduled_count: int | None = Field(default=None, description="Jobs whose time has not come.")
    running_count: int | None = Field(default=None, description="Jobs that run.")
    failed_count: int | None = Field(default=None, description="Jobs that have failed.")
    oldest_wait_seconds: float | None = Field(default=None, description="How long the oldest waits.")
    worker_count: int | None = Field(default=None, description="Workers that work on it.")


class LanesShown(Shown):
    """All lanes."""

    items: list[LaneShown] = Field(description="The lanes, the most urgent first.")


class PauseShown(Shown):
    """Something whose jobs are not started."""

    tenant: str | None = Field(description="Whose it is.")
    scope: PausedScope = Field(description="What it is; fuse where one blew (/v1/fuses), which only its release ends.")
    name: str = Field(description="Which one.")
    reason: str | None = Field(description="Why.")
    paused_by: str = Field(description="By whom.")
    paused_at: datetime = Field(description="Since when.")
    parked_count: int = Field(description="How many jobs it keeps from running.")


class Pausing(Given):
    """What to pause."""

    scope: PauseScope = Field(description="What it is; lanes and tasks are for operators.", examples=["workflow"])
    name: str = Field(
        min_length=1,
        max_length=200,
        description="Which one; a workflow is TENANT/WORKFLOW.",
        examples=["acme/order-to-invoice"],
    )
    reason: str | None = Field(
        default=None,
        max_length=1000,
        description="Why; shown to whoever asks why a job waits.",
        examples=["the books are closed"],
    )


class Resuming(Given):
    """What to resume."""

    scope: PauseScope = Field(description="What it is.", examples=["workflow"])
    name: str = Field(
        min_length=1,
        max_length=200,
        description="Which one; a workflow is TENANT/WORKFLOW.",
        examples=["acme/order-to-invoice"],
    )


class LimitShown(Shown):
    """How many jobs, or calls of a connection, run at once and start in a time."""

    tenant: str | None = Field(description="Whose it is; null for a key of all tenants.")
    scope: LimitScope = Field(description="What is limited.")
    name: str = Field(description="Which one.")
    max_running: int | None = Field(description="How many run at once.")
    running_count: int | None = Field(description="How many do now.")
    rate: int | None = Field(description="How many start in the time per.")
    per: timedelta | None = Field(description="The time of the rate.")
    burst: int | None = Field(description="How many start at once when none has for long.")
    parked_count: int = Field(description="How many it holds back.")
    set_by: str = Field(description="Who set it.")
    set_at: datetime = Field(description="When it was set.")


class LimitGiven(Given):
    """A limit to set; it replaces the former one as a whole."""

    scope: LimitScope = Field(description="What is limited; tenants are for operators.", examples=["workflow"])
    name: str = Field(
        min_length=1,
        max_length=300,
        description="Which one: TENANT/WORKFLOW, a key, or KIND:TENANT/CONNECTION.",
        examples=["acme/order-to-invoice"],
    )
    max_running: int | None = Field(default=None, ge=0, le=1_000_000, description="How many run at once.", examples=[5])
    rate: int | None = Field(default=None, ge=1, le=1_000_000, description="How many start in the time per_seconds.")
    per_seconds: float | None = Field(default=None, gt=0, le=31_536_000, description="The time of the rate.")
    burst: int | None = Field(default=None, ge=1, le=1_000_000, description="How many start at once; default 1.")


class GateShown(Shown):
    """A gate before an upstream."""

    gate: str = Field(description="Its name: KIND, or KIND:TENANT/CONNECTION.")
    tenant: str | None = Field(description="Whose it is; null before the connections of all tenants.")
    state: str = Field(description="open, half_open or closed.")
    source: str | None = Field(description="Who closes it: a person, or a breaker.")
    reason: str | None = Field(description="Why.")
    closed_by: str | None = Field(description="By whom.")
    closed_at: datetime | None = Field(description="Since when.")
    closed_until: datetime | None = Field(description="Until when.")
    waiting_count: int = Field(description="Executions that are woken when it opens.")


class GateToClose(Given):
    """A gate to close."""

    gate: str = Field(
        min_length=1,
        max_length=300,
        description="KIND:CONNECTION or KIND:TENANT/CONNECTION; or KIND.",
        examples=["shopify:acme/main"],
    )
    reason: str = Field(min_length=1, max_length=1000, description="Why.", examples=["maintenance"])
    until: Time | None = Field(default=None, description="Then one call is let through to try.")


class GateToOpen(Given):
    """A gate to open."""

    gate: str = Field(min_length=1, max_length=300, description="Its name.", examples=["shopify:acme/main"])


class Opened(Shown):
    """What opening a gate came to."""

    was_closed: bool = Field(description="Whether it was closed.")
