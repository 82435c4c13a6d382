"""Logs, errors and fuses over HTTP."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, PlainSerializer

from aias.api.models.base import Given, Shown

__all__ = [
    "Decide",
    "ErrorDetail",
    "ErrorStatus",
    "ErrorSummary",
    "FuseRuleGiven",
    "FuseRuleShown",
    "FuseRulesShown",
    "FuseScope",
    "FuseShown",
    "LogLevel",
    "LogShown",
    "ReleaseFuse",
    "Released",
]

LogLevel = Literal["debug", "info", "warning", "error", "critical"]
FuseScope = Literal["task", "workflow"]
ErrorStatus = Literal["open", "resolved", "ignored"]
Seconds = Annotated[timedelta, PlainSerializer(timedelta.total_seconds, return_type=float)]


class LogShown(Shown):
    """A log record."""

    id: UUID = Field(description="Its id (UUIDv7: ordering by it is ordering by time).")
    at: datetime = Field(description="When it was written.")
    level: LogLevel = Field(description="How severe it is.")
    logger: str = Field(description="The part of the program that wrote it.")
    message: str = Field(description="What it says.")
    tenant: str | None = Field(description="For whom the work was done; null for the system's own.")
    execution_id: UUID | None = Field(description="The execution that was advanced.")
    step: str | None = Field(description="The step of the execution.")
    job_id: int | None = Field(description="The job that ran.")
    correlation_id: str | None = Field(description="What ties together all that one request or trigger led to.")
    trace_id: str | None = Field(description="The trace (W3C Trace Context).")
    request_id: str | None = Field(description="The HTTP request (its X-Request-ID).")
    context: dict[str, Any] = Field(description="The other fields; exception is a traceback.")
    process: str = Field(description="Who wrote it.")


class ErrorSummary(Shown):
    """Errors that are the same."""

    id: UUID = Field(description="The group's id.")
    type: str = Field(description="The exception's type.")
    message: str = Field(description="The message, without what differs from one failure to the next.")
    frames: list[str] = Field(description="Where it was raised, the innermost first.")
    status: ErrorStatus = Field(description="open, resolved (open again when it returns) or ignored.")
    first_seen_at: datetime = Field(description="When it first came.")
    last_seen_at: datetime = Field(description="When it last came.")
    failure_count: int = Field(description="How often it came, exactly.")
    tenant_count: int = Field(description="For how many tenants.")
    reopened_at: datetime | None = Field(description="When it last returned after it was resolved.")
    reopen_count: int = Field(description="How often it returned after it was resolved.")


class ErrorDetail(ErrorSummary):
    """Errors that are the same, with one of the latest."""

    fingerprint: str = Field(description="What makes them the same.")
    tenants: list[str] = Field(description="For whom it came, the latest 20.")
    executions: list[UUID] = Field(description="The latest executions that met it, at most 20.")
    sample: dict[str, Any] = Field(description="One of the latest failures, with its traceback.")
    status_at: datetime | None = Field(description="When somebody last decided on it.")
    status_by: str | None = Field(description="Who; for operators.")
    status_reason: str | None = Field(description="Why; for operators.")


class Decide(Given):
    """Why."""

    reason: str | None = Field(default=None, max_length=1000, description="Stays on record.", examples=["fixed in 1.2"])


class FuseShown(Shown):
    """A task or a workflow that gave up too often."""

    id: UUID = Field(description="The incident's id (UUIDv7); the dead letters name it.")
    tenant: str | None = Field(description="Whose work it is; null for jobs of no tenant.")
    scope: FuseScope = Field(description="What gave up.")
    name: str = Field(description="Which one.")
    status: Literal["blown", "released"] = Field(description="blown: nothing of it starts.")
    reason: str = Field(description="The error for which it gave up.")
    error_group_id: UUID | None = Field(description="The error.")
    failure_count: int = Field(description="How often it had given up when the fuse blew.")
    within: Seconds = Field(description="Within how many seconds.")
    diverted_count: int = Field(description="How many jobs or executions went to the dead letters instead of starting.")
    requeued_count: int = Field(description="How many of these were started again.")
    is_requeueing: bool = Field(description="Whether more of them are to be started again.")
    blown_at: datetime = Field(description="Since when.")
    released_at: datetime | None = Field(description="When it was released.")
    released_by: str | None = Field(description="Who released it.")
    released_reason: str | None = Field(description="Why.")


class ReleaseFuse(Given):
    """How a fuse is released."""

    requeue: bool = Field(default=False, description="Whether what was diverted is started again.", examples=[True])
    reason: str | None = Field(
        default=None, max_length=1000, description="Stays on record.", examples=["the price list is back"]
    )


class Released(FuseShown):
    """A fuse that was released."""

    requeued_at_once: int = Field(description="How many were started again at once; the rest follows within minutes.")


class FuseRuleShown(Shown):
    """When fuses blow."""

    scope: FuseScope = Field(description="Of what.")
    name: str = Field(description="The task or the workflow; * for all that have no rule of their own.")
    failure_count: int = Field(description="How many failures for good of one tenant it takes, all for one reason.")
    within: Seconds = Field(description="Within how many seconds.")
    is_enabled: bool = Field(description="Whether there is a fuse at all.")


class FuseRulesShown(Shown):
    """The rules of fuses."""

    items: list[FuseRuleShown] = Field(description="By scope and name.")


class FuseRuleGiven(Given):
    """When a fuse blows."""

    failures: int = Field(ge=1, le=1_000_000, description="How many, all for the same reason.", examples=[50])
    within_seconds: int = Field(ge=10, le=86_400, description="In which time.", examples=[300])
    is_enabled: bool = Field(default=True, description="Whether there is a fuse at all.")
