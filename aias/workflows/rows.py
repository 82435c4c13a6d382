"""Rows that this domain shows, as its views have them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What storing a definition came to."""

    workflow_id: UUID
    version: int
    is_changed: bool
    """False: the newest version was the same already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """A workflow with its newest version."""

    tenant: str
    id: UUID
    name: str
    version: int
    is_enabled: bool
    definition: dict[str, Any]
    applied_by: str
    applied_at: datetime
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Execution:
    """One run of one version of a workflow."""

    tenant_id: UUID
    tenant: str
    id: UUID
    workflow: str
    version: int
    status: str
    lane: str
    input: dict[str, Any]
    output: Any
    error: dict[str, Any] | None
    attempt: int
    crash_count: int
    run_at: datetime | None
    wait_reason: str | None
    wait_until: datetime | None
    idempotency_key: str | None
    parent_execution_id: UUID | None
    replayed_from_id: UUID | None
    trace_parent: str | None
    cancel_reason: str | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    trace_id: str
    correlation_id: str

    @property
    def is_final(self) -> bool:
        """Whether nothing happens to it any more by itself."""
        return self.finished_at is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionStep:
    """The checkpoint of a step, or of one item of its fan-out."""

    step: str
    item: int | None
    action: str
    status: str
    attempt_count: int
    output: Any
    error: dict[str, Any] | None
    wait_kind: str | None
    wait_until: datetime | None
    wait_detail: Any
    child_execution_id: UUID | None
    started_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionEvent:
    """Something that happened to an execution beside its plain course."""

    at: datetime
    type: str
    step: str | None
    item: int | None
    attempt: int | None
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why an execution does not run now, or that it does or has ended."""

    reason: str
    detail: str | None
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """Something that gave up, kept whole."""

    tenant_id: UUID | None
    id: UUID
    kind: str
    execution_id: UUID | None
    job_id: int | None
    reason: str
    error: dict[str, Any]
    snapshot: dict[str, Any]
    created_at: datetime
    resolution: str | None
    resolved_at: datetime | None
    resolved_by: str | None
    resolved_reason: str | None
