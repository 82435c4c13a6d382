"""Pages of schedules, subscriptions, webhooks, endpoints and privacy requests."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row

from aias.api.models.privacy import PrivacyRequestShown
from aias.api.models.triggers import (
    EndpointShown,
    RunShown,
    ScheduleShown,
    SubscriptionShown,
    WebhookShown,
)

__all__ = [
    "page_of_endpoints",
    "page_of_privacy_requests",
    "page_of_runs",
    "page_of_schedules",
    "page_of_subscriptions",
    "page_of_webhooks",
]

Connection = AsyncConnection[Any]
Place = tuple[str | None, str | None]
"""Tenant and name of the last item of the page before; the system's own schedules stand under the empty tenant."""


async def page_of_schedules(
    conn: Connection, *, tenant_id: UUID | None, kind: str | None, after: Place, limit: int
) -> list[ScheduleShown]:
    """Give schedules from after a place on."""
    async with conn.cursor(row_factory=class_row(ScheduleShown)) as cursor:
        await cursor.execute(
            "select s.tenant, s.id, s.name, s.kind, s.workflow, s.task, s.cron, s.time_zone, s.input, s.overlap,"
            " s.catch_up, s.catch_up_limit, s.jitter, s.max_attempts, s.retry_delay, s.starts_at, s.ends_at, s.status,"
            " s.status_reason, s.next_at, s.last_due_at, s.last_outcome, s.last_duration, s.last_execution_id,"
            " s.failure_count, s.created_at, s.updated_at from aias.schedules as s"
            " where (%(tenant_id)s::uuid is null or s.tenant_id = %(tenant_id)s)"
            " and (%(kind)s::text is null or s.kind = %(kind)s)"
            " and (%(name)s::text is null or (coalesce(s.tenant, ''), s.name) > (%(tenant)s, %(name)s))"
            " order by coalesce(s.tenant, ''), s.name limit %(limit)s",
            {"tenant_id": tenant_id, "kind": kind, "tenant": after[0], "name": after[1], "limit": limit},
        )
        return await cursor.fetchall()


async def page_of_runs(conn: Connection, schedule: UUID, *, before: Any, limit: int) -> list[RunShown]:
    """Give the due times of a schedule that were dealt with, the latest first."""
    async with conn.cursor(row_factory=class_row(RunShown)) as cursor:
        await cursor.execute(
            "select r.due_at, r.status, r.is_backfill, r.attempt_count, r.execution_id, r.reason, r.error,"
            " r.started_at, r.finished_at from aias.schedule_runs as r"
            " where r.schedule_id = %(schedule)s and (%(before)s::timestamptz is null or r.due_at < %(before)s)"
            " order by r.due_at desc limit %(limit)s",
            {"schedule": schedule, "before": before, "limit": limit},
        )
        return await cursor.fetchall()


async def page_of_subscriptions(
    conn: Connection, *, tenant_id: UUID | None, after: Place, limit: int
) -> list[SubscriptionShown]:
    """Give subscriptions from after a place on."""
    async with conn.cursor(row_factory=class_row(SubscriptionShown)) as cursor:
        await cursor.execute(
            "select s.tenant, s.id, s.name, s.type_pattern, s.filter, s.condition, s.mapping, s.workflow, s.is_enabled,"
            " s.created_at, s.updated_at from aias.subscriptions as s"
            " where (%(tenant_id)s::uuid is null or s.tenant_id = %(tenant_id)s)"
            " and (%(name)s::text is null or (s.tenant, s.name) > (%(tenant)s, %(name)s))"
            " order by s.tenant, s.name limit %(limit)s",
            {"tenant_id": tenant_id, "tenant": after[0], "name": after[1], "limit": limit},
        )
        return await cursor.fetchall()


async def page_of_webhooks(conn: Connection, *, tenant_id: UUID | None, after: Place, limit: int) -> list[WebhookShown]:
    """Give webhooks from after a place on."""
    async with conn.cursor(row_factory=class_row(WebhookShown)) as cursor:
        await cursor.execute(
            "select w.tenant, w.id, w.name, w.style, w.workflow, w.condition, w.mapping, w.max_bytes, w.is_enabled,"
            " w.created_at, w.rotated_at, extract(epoch from w.replay_window)::double precision as replay_window"
            " from aias.webhooks as w"
            " where (%(tenant_id)s::uuid is null or w.tenant_id = %(tenant_id)s)"
            " and (%(name)s::text is null or (w.tenant, w.name) > (%(tenant)s, %(name)s))"
            " order by w.tenant, w.name limit %(limit)s",
            {"tenant_id": tenant_id, "tenant": after[0], "name": after[1], "limit": limit},
        )
        return await cursor.fetchall()


async def page_of_endpoints(
    conn: Connection, *, tenant_id: UUID | None, after: Place, limit: int
) -> list[EndpointShown]:
    """Give endpoints from after a place on."""
    async with conn.cursor(row_factory=class_row(EndpointShown)) as cursor:
        await cursor.execute(
            "select e.tenant, e.id, e.name, e.url, e.types, e.is_enabled, e.disabled_reason, e.failing_since,"
            " e.created_at, e.updated_at from aias.webhook_endpoints as e"
            " where (%(tenant_id)s::uuid is null or e.tenant_id = %(tenant_id)s)"
            " and (%(name)s::text is null or (e.tenant, e.name) > (%(tenant)s, %(name)s))"
            " order by e.tenant, e.name limit %(limit)s",
            {"tenant_id": tenant_id, "tenant": after[0], "name": after[1], "limit": limit},
        )
        return await cursor.fetchall()


async def page_of_privacy_requests(
    conn: Connection,
    *,
    tenant_id: UUID | None,
    status: str | None,
    after: tuple[Any, Any],
    limit: int,
) -> list[PrivacyRequestShown]:
    """Give privacy requests, the next due first, from after a place on."""
    async with conn.cursor(row_factory=class_row(PrivacyRequestShown)) as cursor:
        await cursor.execute(
            "select r.tenant, r.id, r.kind, r.account, r.customer_id, r.order_ids, r.status, r.due_at, r.found, r.note,"
            " r.created_at, r.searched_at, r.settled_at from aias.privacy_requests as r"
            " where (%(tenant_id)s::uuid is null or r.tenant_id = %(tenant_id)s)"
            " and (%(status)s::text is null or r.status = %(status)s)"
            " and (%(id)s::uuid is null or (r.due_at, r.id) > (%(due_at)s, %(id)s))"
            " order by r.due_at, r.id limit %(limit)s",
            {"tenant_id": tenant_id, "status": status, "due_at": after[0], "id": after[1], "limit": limit},
        )
        return await cursor.fetchall()
