"""Effects over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field, JsonValue

from aias.api.models.base import Given, Shown

__all__ = ["EffectShown", "Resolution", "Resolved"]


class EffectShown(Shown):
    """Something that an execution changed outside, or set out to."""

    execution_id: UUID = Field(description="The execution.")
    tenant: str = Field(description="The slug of its tenant.")
    step: str = Field(description="The step's id.")
    item: int | None = Field(description="The item of a fan-out, from 0.")
    part: str | None = Field(description="Which of several effects of the step.")
    operation: str = Field(description="What was asked for: orderCancel, invoiceSend, POST.")
    connection: str | None = Field(description="Of which connection; null for an address of the step's own.")
    state: str = Field(description="intended, done, refused or in_doubt.")
    response: Any = Field(description="What the other service answered, secrets masked.")
    idempotency_key: UUID = Field(description="The key that services which take one were given.")
    send_count: int = Field(description="How often it was sent.")
    begun_at: datetime = Field(description="When it was last begun.")
    doubted_at: datetime | None = Field(description="When its call ended without an answer.")
    settled_at: datetime | None = Field(description="When its outcome was known.")
    resolved_by: str | None = Field(description="Who said what came of it.")
    resolved_comment: str | None = Field(description="What that person said about it.")


class Resolution(Given):
    """What came of an effect that is in doubt."""

    happened: bool = Field(description="Whether it happened; what did not is sent again.", examples=[True])
    response: JsonValue = Field(default=None, description="What the other service answered: the step goes on with it.")
    part: str | None = Field(default=None, max_length=63, description="Which of several effects of the step.")
    by: str | None = Field(default=None, min_length=1, max_length=200, description="Who says so; default: the key.")
    comment: str | None = Field(
        default=None, max_length=2000, description="How they know.", examples=["it is in the books"]
    )


class Resolved(Shown):
    """What an effect is now."""

    state: str = Field(description="done, or refused: it is sent again.")
