"""Usage and business figures over HTTP."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal

from pydantic import Field

from aias.api.models.base import Shown

__all__ = ["BusinessShown", "UsageShown"]


class UsageShown(Shown):
    """What a tenant has used of one measure in a month."""

    tenant: str = Field(description="The tenant's slug.")
    plan: str = Field(description="Its plan as it is now.")
    month: date = Field(description="The first day of the month (UTC).")
    measure: str = Field(description="What is counted: executions, steps, upstream_calls or telemetry_events.")
    used_count: int = Field(description="How many were used.")
    quota: int | None = Field(description="How many the plan includes per month; null is unlimited.")
    used_ratio: float | None = Field(description="Used to included: 1 is all of it; null where it is unlimited.")
    is_hard: bool = Field(description="Whether executions are refused (429) once it is used up.")
    state: Literal["within", "near", "over"] = Field(description="near from 80 % on, over from 100 % on.")
    resets_at: datetime = Field(description="When the month ends.")
    as_of: datetime | None = Field(description="What was committed before is counted; null before the first count.")


class BusinessDayShown(Shown):
    """A day (UTC)."""

    day: date = Field(description="The day.")
    active_user_count: int = Field(description="People who did something.")
    started_count: int = Field(description="Executions that were asked for.")
    succeeded_count: int = Field(description="Executions that succeeded.")
    failed_count: int = Field(description="Executions that failed for good.")
    cancelled_count: int = Field(description="Executions that were cancelled.")
    step_count: int = Field(description="Steps that ran in the executions that ended.")
    call_count: int = Field(description="Calls of upstreams.")
    call_failure_count: int = Field(description="Those of them that count as failures.")


class FunnelStageShown(Shown):
    """A stage on the way to a customer that stays."""

    position: int = Field(description="Its place, from 1.")
    stage: str = Field(description="signed_up, connected, first_workflow, first_success, weekly_active.")
    tenant_count: int = Field(description="Tenants that have reached it and all before it.")


class FreshnessShown(Shown):
    """As of when figures are."""

    name: str = Field(description="activity (the days) or funnel_stages (the funnel).")
    as_of: datetime | None = Field(description="What was committed before is in them; null before the first time.")
    cadence: timedelta = Field(description="How often they are brought up to date (ISO 8601).")
    is_late: bool = Field(description="Whether they are older than three times that.")


class BusinessShown(Shown):
    """The business figures of a tenant, or of all."""

    days: list[BusinessDayShown] = Field(description="The days, the oldest first.")
    funnel: list[FunnelStageShown] = Field(description="Of all tenants, for operators; else empty.")
    freshness: list[FreshnessShown] = Field(description="As of when these figures are.")
