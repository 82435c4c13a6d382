"""What the views of this domain say, row by row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

__all__ = ["Business", "BusinessDay", "Freshness", "FunnelStage", "UsageRow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageRow:
    """What a tenant has used of one measure in a month, as ``aias.usage`` says."""

    tenant_id: UUID
    tenant: str
    plan: str
    month: date
    measure: str
    used_count: int
    quota: int | None
    used_ratio: float | None
    is_hard: bool
    state: Literal["within", "near", "over"]
    resets_at: datetime
    as_of: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessDay:
    """A day (UTC) of one tenant, or of all."""

    day: date
    active_user_count: int
    started_count: int
    succeeded_count: int
    failed_count: int
    cancelled_count: int
    step_count: int
    call_count: int
    call_failure_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelStage:
    """How many tenants, whenever they signed up, have reached a stage and all before it."""

    position: int
    stage: str
    tenant_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """As of when figures are, as ``aias.freshness`` says."""

    name: str
    as_of: datetime | None
    cadence: timedelta
    is_late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Business:
    """The days, the oldest first; the funnel, which is empty for one tenant; and as of when both are."""

    days: list[BusinessDay]
    funnel: list[FunnelStage]
    freshness: list[Freshness]
