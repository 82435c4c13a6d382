"""Keys over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from aias.api.models.base import Given, Shown, Time

__all__ = ["KeyMade", "KeyShown", "NewKeyGiven"]


class KeyShown(Shown):
    """A key, without its secret."""

    id: str = Field(description="The public part of the token.")
    tenant: str | None = Field(description="Whose it is; null for one of the platform's operators.")
    name: str = Field(description="What it is called.")
    scopes: list[str] = Field(description="What it may do.")
    requests_per_minute: int | None = Field(description="Its own limit; null leaves it to the plan.")
    status: Literal["active", "expired", "revoked"] = Field(description="Whether it is accepted.")
    created_at: datetime = Field(description="When it was made.")
    created_by: str = Field(description="Who made it.")
    expires_at: datetime | None = Field(description="From when on it is refused.")
    last_used_at: datetime | None = Field(description="When it was last used, a few seconds late.")
    revoked_at: datetime | None = Field(description="When it was revoked.")
    revoked_by: str | None = Field(description="Who revoked it.")


Scope = Annotated[str, Field(pattern=r"^(\*|\*:read|[a-z][a-z-]{0,40}:(read|write|\*))$")]


class NewKeyGiven(Given):
    """A key to make."""

    name: str = Field(min_length=1, max_length=200, description="What it is called.", examples=["back office"])
    scopes: list[Scope] = Field(
        min_length=1,
        max_length=100,
        description="What it may do: resource:read, resource:write, resource:*, *:read or *; none that yours lacks.",
        examples=[["executions:read", "executions:write"]],
    )
    expires_at: Time | None = Field(default=None, description="From when on it is refused.")
    requests_per_minute: int | None = Field(default=None, ge=1, le=1_000_000, description="A limit of its own.")


class KeyMade(KeyShown):
    """A key with its token, which is shown this once."""

    token: str = Field(description="What goes into Authorization: Bearer ... It can't be shown again.")
