"""Telemetry over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from aias.api.models.base import Given, Shown

__all__ = ["TelemetryGiven", "TelemetryProblemShown", "TelemetryShown", "TelemetryTaken"]

_TIME = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$"


class TelemetryGiven(Given):
    """What a user did: for the document, since a bad event is told and does not refuse the others."""

    name: str = Field(min_length=1, max_length=200, description="What was done.", examples=["order_viewed"])
    event_id: str | None = Field(
        default=None,
        min_length=1,
        max_length=255,
        description="Its id: the same one of the same tenant within 7 days is the same event. UUIDv7 is best.",
    )
    user_id: str | None = Field(default=None, min_length=1, max_length=255, description="Who did it.")
    session_id: str | None = Field(default=None, min_length=1, max_length=255, description="In which session.")
    occurred_at: str | None = Field(
        default=None,
        pattern=_TIME,
        description="When (RFC 3339), from 1970 to a day from now; without it when it is received.",
        examples=["2026-03-01T09:00:00Z"],
    )
    properties: dict[str, Any] | None = Field(default=None, description="The particulars; 32768 bytes at most.")
    correlation_id: str | None = Field(
        default=None, min_length=1, max_length=255, description="What it belongs to: a request, an execution."
    )
    trace_id: str | None = Field(default=None, pattern=r"^[0-9a-f]{32}$", description="The W3C trace it belongs to.")


class TelemetryProblemShown(Shown):
    """Why an event was not taken."""

    index: int = Field(description="Its place among those that were sent, from 0.")
    reason: str = Field(description="What is wrong with it.")


class TelemetryTaken(Shown):
    """What came of the events; it is committed."""

    accepted: int = Field(description="Events that are stored now.")
    duplicates: int = Field(description="Events whose id had come within 7 days, or earlier in the request.")
    rejected: int = Field(description="Events that could not be taken.")
    problems: list[TelemetryProblemShown] = Field(description="Each of those that could not be taken, and why.")


class TelemetryShown(Shown):
    """What a user did."""

    id: UUID = Field(description="The event's id here (UUIDv7): ordering by it is ordering by arrival.")
    tenant: str = Field(description="The tenant's slug.")
    event_id: str = Field(description="Its id as its sender gave it; else one that was made.")
    name: str = Field(description="What was done.")
    user_id: str | None = Field(description="Who did it.")
    session_id: str | None = Field(description="In which session.")
    occurred_at: datetime = Field(description="When it was done.")
    received_at: datetime = Field(description="When it was stored.")
    properties: dict[str, Any] = Field(description="The particulars.")
    correlation_id: str | None = Field(description="What it belongs to.")
    trace_id: str | None = Field(description="The trace that it belongs to.")
