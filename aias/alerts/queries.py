"""The SQL calls of this domain, one function each. The caller owns the connection and its transaction.

A tenant of None means the operators, for whom callers that are confined to a tenant can't speak (``Forbidden``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row, scalar_row

from aias.alerts.models import Alert, AlertRule, AlertSource, RuleChanges, RuleProblem, Silence
from aias.errors import NotFound, translated

__all__ = [
    "acknowledge_alert",
    "close_alert",
    "end_silence",
    "evaluate_alerts",
    "find_alert",
    "find_rule",
    "list_alerts",
    "list_rules",
    "list_silences",
    "list_sources",
    "remove_rule",
    "set_rule",
    "silence_alerts",
]

Connection = AsyncConnection[Any]


async def list_alerts(
    conn: Connection,
    *,
    tenant: str | None = None,
    statuses: Sequence[str] | None = ("open", "acknowledged"),
    rule: str | None = None,
    before: UUID | None = None,
    limit: int = 100,
) -> list[Alert]:
    """List alerts, the newest first; those that are not over, or in the given states (None: all)."""
    async with translated(), conn.cursor(row_factory=class_row(Alert)) as cursor:
        await cursor.execute(
            "select a.tenant, a.id, a.rule, a.key, a.severity, a.status, a.title, a.value, a.details,"
            " a.occurrence_count, a.opened_at, a.last_seen_at, a.acknowledged_at, a.acknowledged_by,"
            " a.acknowledged_note, a.resolved_at, a.resolved_by, a.silenced_until, a.silenced_reason, a.told_at,"
            " a.told_count from aias.alerts as a"
            " where (%(tenant)s::text is null or a.tenant = %(tenant)s)"
            " and (%(statuses)s::text[] is null or a.status = any(%(statuses)s))"
            " and (%(rule)s::text is null or a.rule = %(rule)s)"
            " and (%(before)s::uuid is null or a.id < %(before)s)"
            " order by a.id desc limit %(limit)s",
            {
                "tenant": tenant,
                "statuses": None if statuses is None else list(statuses),
                "rule": rule,
                "before": before,
                "limit": limit,
            },
        )
        return await cursor.fetchall()


async def find_alert(conn: Connection, alert: UUID) -> Alert:
    """Give an alert.

    Raises:
        NotFound: there is none of that id.
    """
    async with translated(), conn.cursor(row_factory=class_row(Alert)) as cursor:
        await cursor.execute(
            "select a.tenant, a.id, a.rule, a.key, a.severity, a.status, a.title, a.value, a.details,"
            " a.occurrence_count, a.opened_at, a.last_seen_at, a.acknowledged_at, a.acknowledged_by,"
            " a.acknowledged_note, a.resolved_at, a.resolved_by, a.silenced_until, a.silenced_reason, a.told_at,"
            " a.told_count from aias.alerts as a where a.id = %s",
            (alert,),
        )
        found = await cursor.fetchone()
    if found is None:
        raise NotFound(f"there is no alert {alert}", argument="p_alert")
    return found


async def acknowledge_alert(conn: Connection, alert: UUID, note: str | None = None) -> None:
    """Say that one is at it: nobody is told of the alert again until it ends.

    Raises:
        NotFound: there is none of that id.
        Conflict: it is over.
    """
    await _value(conn, "select aias.acknowledge_alert(%s, %s)", (alert, note))


async def close_alert(conn: Connection, alert: UUID, note: str | None = None) -> None:
    """End an alert by hand; what a rule still finds opens again.

    Raises:
        NotFound: there is none of that id.
        Conflict: it is over.
    """
    await _value(conn, "select aias.close_alert(%s, %s)", (alert, note))


async def silence_alerts(
    conn: Connection, tenant: str | None, *, rule: str | None, key: str | None, until: datetime, reason: str
) -> UUID:
    """Keep a tenant, or the operators, from being told of a rule and a key (None: of all) until a time.

    Raises:
        NotFound: there is no such tenant.
        InvalidArgument: the time is past or more than a year away, or there is no reason.
    """
    return await _value(conn, "select aias.silence_alerts(%s, %s, %s, %s, %s)", (tenant, rule, key, until, reason))


async def end_silence(conn: Connection, silence: UUID) -> None:
    """End a silence before its time.

    Raises:
        NotFound: there is none of that id that goes on.
    """
    await _value(conn, "select aias.end_silence(%s)", (silence,))


async def list_silences(
    conn: Connection, *, tenant: str | None = None, is_active: bool = True, before: UUID | None = None, limit: int = 100
) -> list[Silence]:
    """List silences, the newest first; those that go on, or all."""
    async with translated(), conn.cursor(row_factory=class_row(Silence)) as cursor:
        await cursor.execute(
            "select s.tenant, s.id, s.rule, s.key, s.until, s.reason, s.is_active, s.created_by, s.created_at,"
            " s.ended_at, s.ended_by from aias.alert_silences as s"
            " where (%(tenant)s::text is null or s.tenant = %(tenant)s)"
            " and (s.is_active or not %(is_active)s) and (%(before)s::uuid is null or s.id < %(before)s)"
            " order by s.id desc limit %(limit)s",
            {"tenant": tenant, "is_active": is_active, "before": before, "limit": limit},
        )
        return await cursor.fetchall()


async def list_rules(
    conn: Connection, *, tenant: str | None = None, after: tuple[str, str] | None = None, limit: int = 100
) -> list[AlertRule]:
    """List rules by tenant and name, the operators' first; ``after`` is the tenant ("" for none) and name before.

    With a tenant: its own and the operators', which look at it, too.
    """
    async with translated(), conn.cursor(row_factory=class_row(AlertRule)) as cursor:
        await cursor.execute(
            "select r.tenant, r.name, r.description, r.source, r.unit, r.comparison, r.threshold, r.window_length,"
            " r.for_duration, r.resolve_after, r.severity, r.scope, r.scope_name, r.tells, r.channels,"
            " r.renotify_every, r.is_enabled, r.is_shipped, r.open_count, r.updated_at from aias.alert_rules as r"
            " where (%(tenant)s::text is null or r.tenant is null or r.tenant = %(tenant)s)"
            " and (%(name)s::text is null or (coalesce(r.tenant, ''), r.name) > (%(place)s, %(name)s))"
            " order by coalesce(r.tenant, ''), r.name limit %(limit)s",
            {
                "tenant": tenant,
                "place": None if after is None else after[0],
                "name": None if after is None else after[1],
                "limit": limit,
            },
        )
        return await cursor.fetchall()


async def find_rule(conn: Connection, tenant: str | None, name: str) -> AlertRule:
    """Give a rule of a tenant's, or of the operators'.

    Raises:
        NotFound: there is none of that name.
    """
    rules = await list_rules(conn, tenant=tenant, limit=10_000)
    found = next((rule for rule in rules if rule.name == name and rule.tenant == tenant), None)
    if found is None:
        raise NotFound(f"there is no rule {name!r}", argument="p_name")
    return found


async def list_sources(conn: Connection) -> list[AlertSource]:
    """List what rules may look at."""
    async with translated(), conn.cursor(row_factory=class_row(AlertSource)) as cursor:
        await cursor.execute(
            "select s.name, s.key_kind, s.unit, s.description from aias.alert_sources as s order by s.name"
        )
        return await cursor.fetchall()


async def set_rule(conn: Connection, tenant: str | None, name: str, changes: RuleChanges) -> None:
    """Make a rule over one of the sources, or change one.

    Raises:
        NotFound: there is no such tenant or source.
        InvalidArgument: a value is not valid, or a new rule has no source or threshold.
    """
    await _value(
        conn,
        "select aias.set_alert_rule(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            tenant,
            name,
            changes.source,
            changes.comparison,
            changes.threshold,
            changes.window,
            changes.wait,
            changes.severity,
            changes.scope,
            changes.scope_name,
            None if changes.tells is None else list(changes.tells),
            None if changes.channels is None else list(changes.channels),
            changes.renotify_every,
            changes.is_enabled,
            changes.description,
        ),
    )


async def remove_rule(conn: Connection, tenant: str | None, name: str) -> None:
    """Remove a rule; its alerts end.

    Raises:
        NotFound: there is no such tenant or rule.
        Conflict: it comes with AIAS; switch it off instead.
    """
    await _value(conn, "select aias.remove_alert_rule(%s, %s)", (tenant, name))


async def evaluate_alerts(conn: Connection) -> list[RuleProblem]:
    """Apply every rule and put the notices that are due into the outbox; gives the rules that could not be applied."""
    async with translated(), conn.cursor(row_factory=class_row(RuleProblem)) as cursor:
        await cursor.execute("select e.rule, e.problem from aias_private.evaluate_alerts() as e")
        return await cursor.fetchall()


async def _value(conn: Connection, query: Any, parameters: Sequence[Any]) -> Any:
    async with translated(), conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(query, parameters)
        return await cursor.fetchone()
