"""The rows of this domain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

__all__ = ["Alert", "AlertRule", "AlertSource", "RuleChanges", "RuleProblem", "Silence"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """What is wrong, or was."""

    tenant: str | None
    id: UUID
    rule: str
    key: str
    severity: str
    status: str
    title: str
    value: float | None
    details: dict[str, Any]
    occurrence_count: int
    opened_at: datetime
    last_seen_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    acknowledged_note: str | None
    resolved_at: datetime | None
    resolved_by: str | None
    silenced_until: datetime | None
    silenced_reason: str | None
    told_at: datetime | None
    told_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRule:
    """When alerts open, and who is told. Without a tenant it is the operators' and looks at every tenant."""

    tenant: str | None
    name: str
    description: str
    source: str | None
    unit: str | None
    comparison: str
    threshold: float
    window_length: timedelta
    for_duration: timedelta
    resolve_after: timedelta
    severity: str
    scope: str
    scope_name: str | None
    tells: list[str]
    channels: list[str] | None
    renotify_every: timedelta | None
    is_enabled: bool
    is_shipped: bool
    open_count: int
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertSource:
    """What a rule may look at."""

    name: str
    key_kind: str
    unit: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """What a tenant, or the operators, do not want to be told of for a while."""

    tenant: str | None
    id: UUID
    rule: str | None
    key: str | None
    until: datetime
    reason: str
    is_active: bool
    created_by: str
    created_at: datetime
    ended_at: datetime | None
    ended_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChanges:
    """What a rule is to be; None leaves a value as it is, and in a new rule means the default."""

    source: str | None = None
    comparison: str | None = None
    threshold: float | None = None
    window: timedelta | None = None
    """Over how much of the past the source looks."""
    wait: timedelta | None = None
    """How long it must hold before the alert opens."""
    severity: str | None = None
    scope: str | None = None
    scope_name: str | None = None
    tells: Sequence[str] | None = None
    channels: Sequence[str] | None = None
    """Names of channels; none at all means every channel."""
    renotify_every: timedelta | None = None
    """Zero: told once."""
    is_enabled: bool | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleProblem:
    """A rule that could not be applied, and why."""

    rule: str
    problem: str
