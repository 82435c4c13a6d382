"""Rows of the triggers domain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

__all__ = [
    "Backfill",
    "Delivery",
    "Endpoint",
    "Event",
    "EventSubscription",
    "Message",
    "PrivacyRequest",
    "Schedule",
    "ScheduleRun",
    "Webhook",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A schedule as ``aias.schedules`` shows it; one without a tenant is the system's own."""

    tenant_id: UUID | None
    tenant: str | None
    id: UUID
    name: str
    kind: str
    workflow: str | None
    task: str | None
    cron: str
    time_zone: str
    input: dict[str, Any]
    overlap: str
    catch_up: str
    catch_up_limit: int
    jitter: timedelta
    max_attempts: int
    retry_delay: timedelta
    starts_at: datetime | None
    ends_at: datetime | None
    status: str
    status_reason: str | None
    next_at: datetime | None
    last_due_at: datetime | None
    last_outcome: str | None
    last_started_at: datetime | None
    last_finished_at: datetime | None
    last_duration: timedelta | None
    last_execution_id: UUID | None
    last_error: dict[str, Any] | None
    failure_count: int
    queued_count: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleRun:
    """A due time that was dealt with, as ``aias.schedule_runs`` shows it."""

    tenant_id: UUID | None
    schedule_id: UUID
    schedule: str
    due_at: datetime
    status: str
    is_backfill: bool
    attempt_count: int
    execution_id: UUID | None
    job_id: int | None
    reason: str | None
    error: dict[str, Any] | None
    retry_at: datetime | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfill:
    """A claimed backfill: the span of due times that is left of it."""

    tenant_id: UUID
    schedule_id: UUID
    id: UUID
    cron: str
    time_zone: str
    done_to: datetime
    to_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An event as ``aias.events`` shows it."""

    tenant_id: UUID
    tenant: str
    id: UUID
    source: str
    event_id: str
    type: str
    subject: str | None
    at: datetime
    payload: Any
    depth: int
    emitted_by: str
    created_at: datetime
    redacted_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSubscription:
    """A subscription as ``aias.subscriptions`` shows it."""

    tenant_id: UUID
    tenant: str
    id: UUID
    name: str
    type_pattern: str
    filter: Any
    condition: str | None
    mapping: dict[str, Any] | None
    workflow: str
    is_enabled: bool
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """A webhook as ``aias.webhooks`` shows it."""

    tenant_id: UUID
    tenant: str
    id: UUID
    name: str
    style: str
    workflow: str | None
    condition: str | None
    mapping: dict[str, Any] | None
    max_bytes: int
    is_enabled: bool
    created_at: datetime
    rotated_at: datetime | None
    replay_window: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What came in, as ``aias.webhook_deliveries`` shows it."""

    tenant_id: UUID
    tenant: str
    id: UUID
    webhook_id: UUID
    webhook: str | None
    delivery_id: str
    source_event_id: str | None
    topic: str | None
    account: str | None
    headers: dict[str, str]
    payload: Any
    status: str
    execution_id: UUID | None
    event_id: UUID | None
    error: dict[str, Any] | None
    duplicate_count: int
    replayed_from_id: UUID | None
    received_at: datetime
    redacted_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyRequest:
    """What a customer or a shop asked of its data, as ``aias.privacy_requests`` shows it."""

    tenant_id: UUID
    tenant: str
    id: UUID
    kind: str
    account: str
    customer_id: str | None
    order_ids: list[str]
    delivery_id: UUID
    status: str
    due_at: datetime
    found: dict[str, int]
    note: str | None
    created_at: datetime
    searched_at: datetime | None
    settled_at: datetime | None
    settled_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """An address that is told of executions, as ``aias.webhook_endpoints`` shows it."""

    tenant_id: UUID
    tenant: str
    id: UUID
    name: str
    url: str
    types: list[str]
    is_enabled: bool
    disabled_reason: str | None
    failing_since: datetime | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is told to an endpoint, as ``aias.webhook_messages`` shows it."""

    tenant_id: UUID
    id: UUID
    endpoint_id: UUID
    type: str
    payload: dict[str, Any]
    status: str
    attempt_count: int
    next_at: datetime | None
    last_status: int | None
    last_error: str | None
    created_at: datetime
    finished_at: datetime | None
