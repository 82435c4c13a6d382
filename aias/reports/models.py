"""The figures of a month, as ``aias.usage_report`` gives them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["ConnectionUsed", "Day", "MeasureUsed", "PlanMove", "TenantRan", "Totals", "UsageReport", "WorkflowRan"]


class _Figures(BaseModel):
    model_config = ConfigDict(frozen=True)


class Totals(_Figures):
    """The month in a line."""

    tenant_count: int = Field(description="Tenants whose workflows ran.")
    started_count: int = Field(description="Executions that were asked for.")
    succeeded_count: int = Field(description="Executions that succeeded.")
    failed_count: int = Field(description="Executions that failed for good.")
    cancelled_count: int = Field(description="Executions that were cancelled.")
    step_count: int = Field(description="Steps that ran in the executions that ended.")
    run_seconds: float = Field(description="From first start to end of the executions that ended, summed up, seconds.")
    error_rate: float | None = Field(description="Of those that succeeded or failed, the part that failed, 0 to 1.")
    p50_seconds: float | None = Field(description="Half of the executions took at most so long, within 1 %.")
    p95_seconds: float | None = Field(description="95 of 100 took at most so long, within 1 %.")
    p99_seconds: float | None = Field(description="99 of 100 took at most so long, within 1 %.")
    call_count: int = Field(description="Calls of upstreams, repeated ones included.")
    call_failure_count: int = Field(description="Those of them that count as failures of the upstream.")
    former_started_count: int = Field(description="Executions that were asked for in the month before.")


class MeasureUsed(_Figures):
    """What was used of one measure."""

    measure: str = Field(description="executions, steps, upstream_calls or telemetry_events.")
    used_count: int = Field(description="How many were used.")
    quota: int | None = Field(description="How many the plan included; null is unlimited, and for all tenants.")
    used_ratio: float | None = Field(description="Used to included: 1 is all of it.")
    state: Literal["within", "near", "over"] = Field(description="near from 80 % on, over from 100 % on.")


class Day(_Figures):
    """A day (UTC)."""

    day: date = Field(description="The day.")
    started_count: int = Field(description="Executions that were asked for.")
    succeeded_count: int = Field(description="Executions that succeeded.")
    failed_count: int = Field(description="Executions that failed for good.")
    cancelled_count: int = Field(description="Executions that were cancelled.")
    call_count: int = Field(description="Calls of upstreams.")
    call_failure_count: int = Field(description="Those of them that failed.")


class WorkflowRan(_Figures):
    """A workflow's month."""

    workflow: str | None = Field(description="Its name; null when it is gone.")
    started_count: int = Field(description="Executions that were asked for.")
    succeeded_count: int = Field(description="Executions that succeeded.")
    failed_count: int = Field(description="Executions that failed for good.")
    error_rate: float | None = Field(description="Of those that succeeded or failed, the part that failed, 0 to 1.")
    p50_seconds: float | None = Field(description="Half took at most so long, within 1 %.")
    p95_seconds: float | None = Field(description="95 of 100 took at most so long, within 1 %.")
    p99_seconds: float | None = Field(description="99 of 100 took at most so long, within 1 %.")


class ConnectionUsed(_Figures):
    """A connection's month; for all tenants those of one kind and name together."""

    kind: str = Field(description="shopify, wave, slack, email or http.")
    connection: str | None = Field(description="Its name; null for addresses of the steps' own.")
    call_count: int = Field(description="Calls, repeated ones included.")
    failure_count: int = Field(description="Calls that count as failures of the upstream.")
    error_rate: float | None = Field(description="Their part of all calls, 0 to 1.")
    mean_ms: float | None = Field(description="How long a call took on average, milliseconds.")
    max_ms: float | None = Field(description="How long the slowest took, milliseconds.")


class PlanMove(_Figures):
    """A move between plans."""

    at: datetime = Field(description="When.")
    tenant: str = Field(description="The tenant's slug.")
    from_plan: str = Field(description="Its plan before.")
    to_plan: str = Field(description="Its plan from then on.")
    direction: Literal["up", "down", "aside"] = Field(description="up, down or aside.")


class TenantRan(_Figures):
    """A tenant's month, in the report of all."""

    tenant: str = Field(description="Its slug.")
    plan: str = Field(description="Its plan as it is now.")
    started_count: int = Field(description="Executions that were asked for.")
    succeeded_count: int = Field(description="Executions that succeeded.")
    failed_count: int = Field(description="Executions that failed for good.")
    error_rate: float | None = Field(description="Of those that succeeded or failed, the part that failed, 0 to 1.")


class UsageReport(_Figures):
    """A month (UTC) of one tenant, or of all."""

    month: date = Field(description="The first day of the month.")
    is_complete: bool = Field(description="Whether the whole month is in the figures.")
    as_of: datetime | None = Field(description="What was committed before is in them; null before the first count.")
    tenant: str | None = Field(description="The tenant's slug; null for all tenants together.")
    name: str | None = Field(description="Its name.")
    plan: str | None = Field(description="Its plan as it is now.")
    totals: Totals = Field(description="The month in a line.")
    usage: list[MeasureUsed] = Field(description="What was used of the plan.")
    days: list[Day] = Field(description="Every day of the month.")
    workflows: list[WorkflowRan] = Field(description="The 50 that were started most.")
    integrations: list[ConnectionUsed] = Field(description="The 50 connections that were called most.")
    plan_changes: list[PlanMove] = Field(description="Moves between plans, the oldest first.")
    tenants: list[TenantRan] = Field(description="The 100 that ran most; empty in a tenant's own report.")
