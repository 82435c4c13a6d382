"""Executions over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from aias.api.models.base import Given, Shown, Time

__all__ = [
    "Approval",
    "Cancellation",
    "Event",
    "ExecutionDetail",
    "ExecutionStatus",
    "ExecutionSummary",
    "Explanation",
    "ReasonShown",
    "Replay",
    "Run",
    "Signal",
    "Signalled",
    "StepShown",
]

ExecutionStatus = Literal["queued", "running", "waiting", "succeeded", "failed", "cancelled"]


class ExecutionSummary(Shown):
    """An execution in a list."""

    id: UUID = Field(description="Its id (UUIDv7: ordering by it is ordering by time).")
    tenant: str = Field(description="The slug of the tenant that it runs for.")
    workflow: str = Field(description="The workflow's name.")
    version: int = Field(description="The version that it runs.")
    status: ExecutionStatus = Field(description="The last three are final.")
    lane: str = Field(description="Its class of service.")
    attempt: int = Field(description="How often a worker has taken it up.")
    run_at: datetime | None = Field(description="Not before this time.")
    wait_reason: str | None = Field(description="What it waits for, while it waits.")
    wait_until: datetime | None = Field(description="Until when it waits.")
    idempotency_key: str | None = Field(description="The key that it was started with.")
    parent_execution_id: UUID | None = Field(description="The execution that started it.")
    replayed_from_id: UUID | None = Field(description="The execution that it repeats.")
    trace_parent: str | None = Field(description="The trace that it belongs to (W3C traceparent).")
    error: dict[str, Any] | None = Field(description="Why it failed: type, message, and detail where there is one.")
    created_at: datetime = Field(description="When it was started.")
    started_at: datetime | None = Field(description="When a worker first took it up.")
    finished_at: datetime | None = Field(description="When it ended.")


class StepShown(Shown):
    """The checkpoint of a step, or of one item of its fan-out."""

    step: str = Field(description="The step's id in the definition.")
    item: int | None = Field(description="Which item of a fan-out.")
    action: str = Field(description="What it calls.")
    status: str = Field(description="running, waiting, succeeded, failed, skipped, cancelled or in_doubt.")
    attempt_count: int = Field(description="How often it was tried.")
    output: Any = Field(description="What it came to.")
    error: dict[str, Any] | None = Field(description="Why it failed.")
    wait_kind: str | None = Field(description="What it waits for.")
    wait_until: datetime | None = Field(description="Until when it waits.")
    wait_detail: Any = Field(description="More about the wait.")
    child_execution_id: UUID | None = Field(description="The execution that it started.")
    started_at: datetime | None = Field(description="When it began.")
    finished_at: datetime | None = Field(description="When it ended.")


class ExecutionDetail(ExecutionSummary):
    """An execution whole, with its checkpoints."""

    trace_id: str = Field(description="The trace that it belongs to: `/v1/traces/{id}` shows it.")
    correlation_id: str = Field(description="The id that whoever caused it gave to all that follows.")
    input: dict[str, Any] = Field(description="What it was started with.")
    output: Any = Field(description="What it came to, when it succeeded.")
    crash_count: int = Field(description="How often a worker died of it.")
    cancel_reason: str | None = Field(description="Why it was cancelled.")
    steps: list[StepShown] = Field(description="Its checkpoints, in the order in which they began.")


class Event(Shown):
    """Something that happened to an execution beside its plain course."""

    id: UUID = Field(description="The event's id (UUIDv7).")
    at: datetime = Field(description="When.")
    type: str = Field(description="What: rescued, step_retry_scheduled, step_failed, cancelled, retried, ...")
    step: str | None = Field(description="The step that it concerns.")
    item: int | None = Field(description="Which item of a fan-out.")
    attempt: int | None = Field(description="In which attempt.")
    detail: dict[str, Any] = Field(description="The particulars.")


class ReasonShown(Shown):
    """Why something does not run now, or that it does or has ended."""

    reason: str = Field(description="In a word: running, scheduled, pause, limit, lock, turn, ...")
    detail: str | None = Field(description="In a sentence.")
    until: datetime | None = Field(description="Until when, where that is known.")


class Explanation(Shown):
    """All reasons; the one that ends first stands first."""

    reasons: list[ReasonShown] = Field(description="Why it does not run now.")


class Run(Given):
    """What to start."""

    workflow: str = Field(
        min_length=1, max_length=63, description="The workflow's name.", examples=["order-to-invoice"]
    )
    input: dict[str, Any] = Field(
        default={}, description="Its input; it must fit the workflow's schema.", examples=[{"order_id": "1001"}]
    )
    run_at: Time | None = Field(default=None, description="Not before this time (RFC 3339, with its zone).")
    idempotency_key: str | None = Field(
        default=None,
        min_length=1,
        max_length=255,
        description="The same key with the same input is the same execution, for good (the header holds for a day).",
    )


class Cancellation(Given):
    """Why."""

    reason: str | None = Field(
        default=None, max_length=1000, description="Stays on record.", examples=["the order was withdrawn"]
    )


class Replay(Given):
    """How to run it again."""

    from_step: str | None = Field(
        default=None, max_length=200, description="Reuse the checkpoints before this step.", examples=["invoice"]
    )
    input_patch: dict[str, Any] | None = Field(
        default=None, description="A JSON merge patch (RFC 7386) on the input.", examples=[{"order_id": "1002"}]
    )
    version: int | None = Field(default=None, ge=1, le=2_147_483_647, description="Another version of the workflow.")


class Approval(Given):
    """The answer to a step that waits for a person."""

    approved: bool = Field(description="Whether it may go on.", examples=[True])
    by: str | None = Field(default=None, min_length=1, max_length=200, description="Who answers; default: the key.")
    comment: str | None = Field(
        default=None,
        max_length=10_000,
        description="Goes into the step's output.",
        examples=["checked with the customer"],
    )


class Signal(Given):
    """An event for a step that waits for it."""

    name: str = Field(min_length=1, max_length=200, description="The event's name.", examples=["paid"])
    payload: Any = Field(
        default=None, description="What the waiting step gets as its output.", examples=[{"amount": "129.90"}]
    )


class Signalled(Shown):
    """What became of a signal."""

    was_waiting: bool = Field(
        description="Whether a step was waiting; else it is kept for the first that waits for it."
    )
