"""Rows of this domain, as the views show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

__all__ = ["ErrorGroup", "ErrorRow", "Fuse", "FuseRule", "Level", "LogFilter", "LogRow", "Scope"]

Level = Literal["debug", "info", "warning", "error", "critical"]
Scope = Literal["task", "workflow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFilter:
    """Which log records; what is None does not narrow."""

    tenant_id: UUID | None = None
    level: Level | None = None
    """The least severe."""
    execution_id: UUID | None = None
    correlation_id: str | None = None
    request_id: str | None = None
    text: str | None = None
    """Words, as a web search takes them."""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRow:
    """A log record, as ``aias.find_logs`` gives it."""

    id: UUID
    at: datetime
    level: str
    logger: str
    message: str
    tenant: str | None
    execution_id: UUID | None
    step: str | None
    job_id: int | None
    correlation_id: str | None
    trace_id: str | None
    request_id: str | None
    context: dict[str, Any]
    process: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorRow:
    """A group of errors in a list, as ``aias.find_errors`` gives it."""

    id: UUID
    type: str
    message: str
    frames: list[str]
    status: str
    first_seen_at: datetime
    last_seen_at: datetime
    failure_count: int
    tenant_count: int
    reopened_at: datetime | None
    reopen_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorGroup:
    """A group of errors, as ``aias.error_groups`` shows it."""

    id: UUID
    fingerprint: str
    type: str
    message: str
    frames: list[str]
    status: str
    first_seen_at: datetime
    last_seen_at: datetime
    failure_count: int
    tenant_count: int
    tenants: list[str]
    executions: list[UUID]
    sample: dict[str, Any]
    status_at: datetime | None
    status_by: str | None
    status_reason: str | None
    reopened_at: datetime | None
    reopen_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fuse:
    """A fuse that blew, as ``aias.fuses`` shows it."""

    id: UUID
    tenant: str | None
    scope: str
    name: str
    status: str
    reason: str
    error_group_id: UUID | None
    failure_count: int
    within: timedelta
    diverted_count: int
    requeued_count: int
    is_requeueing: bool
    blown_at: datetime
    released_at: datetime | None
    released_by: str | None
    released_reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FuseRule:
    """When fuses blow, as ``aias.fuse_rules`` shows it."""

    scope: str
    name: str
    failure_count: int
    within: timedelta
    is_enabled: bool
