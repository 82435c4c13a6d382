"""Dead letters over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from aias.api.models.base import Given, Shown

__all__ = ["DeadLetterDetail", "DeadLetterSummary", "Discard"]


class DeadLetterSummary(Shown):
    """Something that gave up."""

    id: UUID = Field(description="Its id (UUIDv7).")
    tenant: str | None = Field(description="Whose it is; null for the system's own.")
    kind: Literal["execution", "job"] = Field(description="What gave up.")
    execution_id: UUID | None = Field(description="Which execution.")
    job_id: int | None = Field(description="Which job.")
    reason: str = Field(description="Why, in words.")
    error: dict[str, Any] = Field(description="The error.")
    created_at: datetime = Field(description="When it gave up.")
    resolution: str | None = Field(description="requeued or discarded; null while it is open.")
    resolved_at: datetime | None = Field(description="When that was decided.")
    resolved_by: str | None = Field(description="Who decided.")
    resolved_reason: str | None = Field(description="Why.")
    fuse_id: UUID | None = Field(description="The blown fuse that diverted it here; null where it failed itself.")


class DeadLetterDetail(DeadLetterSummary):
    """Something that gave up, kept whole."""

    snapshot: dict[str, Any] = Field(description="The execution with its steps, or the job, as it was.")


class Discard(Given):
    """Why it is not tried again."""

    reason: str = Field(min_length=1, max_length=1000, description="Stays on record.", examples=["a test order"])
