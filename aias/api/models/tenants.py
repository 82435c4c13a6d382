"""Tenants and plans over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from aias.api.models.base import Given, Shown

__all__ = ["NewTenant", "NewUser", "PlanChange", "PlanShown", "PlansShown", "TenantShown", "UserShown"]

Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
PlanName = Annotated[str, Field(min_length=1, max_length=63)]


class TenantShown(Shown):
    """A customer account."""

    id: UUID = Field(description="Its id (UUIDv7).")
    slug: str = Field(description="The short name by which calls name it; unique.")
    name: str = Field(description="The name to show.")
    plan: str = Field(description="The plan that it is on.")
    lane: str = Field(description="The lane that the plan gives its executions.")
    industry: str | None = Field(description="Its industry, where it said so.")
    created_at: datetime = Field(description="When the account was made.")


class NewTenant(Given):
    """An account to make."""

    slug: Slug = Field(description="The short name by which calls name it.", examples=["acme"])
    plan: PlanName = Field(default="free", description="The plan.", examples=["pro"])
    name: str | None = Field(default=None, min_length=1, max_length=200, description="The name to show.")
    industry: str | None = Field(default=None, max_length=200, description="Its industry.")


class PlanChange(Given):
    """Another plan."""

    plan: PlanName = Field(description="The plan's name.", examples=["pro"])


class UserShown(Shown):
    """A person of a tenant."""

    id: UUID = Field(description="The person's id (UUIDv7).")
    email: str = Field(description="The person's e-mail address.")
    name: str = Field(description="The person's name.")
    role: Literal["owner", "member", "viewer"] = Field(description="What the person may do.")
    created_at: datetime = Field(description="When the person was added.")


class NewUser(Given):
    """A person to add."""

    email: str = Field(
        pattern=r"^[^@\s]+@[^@\s]+$", max_length=320, description="The address.", examples=["ada@acme.example"]
    )
    name: str = Field(min_length=1, max_length=200, description="The name.", examples=["Ada Lovelace"])
    role: Literal["owner", "member", "viewer"] = Field(default="member", description="What the person may do.")


class PlanShown(Shown):
    """What a tenant pays for."""

    name: str = Field(description="The plan's name.")
    lane: str = Field(description="The lane of its tenants' executions.")
    executions_per_month: int | None = Field(description="Included executions a month; null is unlimited.")
    concurrent_executions: int = Field(description="Executions of one tenant at once.")
    requests_per_minute: int = Field(description="HTTP requests a minute of one tenant.")
    workflow_count: int | None = Field(description="Workflows of one tenant; null is unlimited.")
    telemetry_events_per_minute: int = Field(description="Telemetry events a minute of one tenant.")
    steps_per_month: int | None = Field(description="Included steps a month; null is unlimited.")
    upstream_calls_per_month: int | None = Field(description="Included calls of upstreams a month; null is unlimited.")
    telemetry_events_per_month: int | None = Field(description="Included telemetry events; null is unlimited.")
    is_quota_hard: bool = Field(description="Whether executions are refused (429) once a quota is used up.")


class PlansShown(Shown):
    """All plans."""

    items: list[PlanShown] = Field(description="The plans, by name.")
