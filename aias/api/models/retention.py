"""Retention over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from aias.api.models.base import Age, Given, Shown

__all__ = [
    "HoldGiven",
    "HoldShown",
    "PolicyChanges",
    "PolicyShown",
    "RemovalShown",
    "RemovalsShown",
    "RetentionShown",
    "RunRetention",
]


class PolicyShown(Shown):
    """How long the rows of a table are kept, and how the last run went."""

    policy: str = Field(description="The table.")
    action: str = Field(
        description="What happens to what is too old: drop, archive, aggregate, soft_delete, anonymize, delete or keep."
    )
    age: Age | None = Field(description="How old rows get; null where they stay, or go with another table's.")
    cadence: str = Field(description="daily, weekly, monthly or quarterly.")
    is_enabled: bool = Field(description="Whether it is looked after at all.")
    follows: str | None = Field(description="The table whose rows these go with.")
    note: str | None = Field(description="Why it is so, where that is not plain.")
    last_run_at: datetime | None = Field(description="When a run last took it up.")
    status: str | None = Field(description="How that went: done, running, waiting or failed.")
    removed_count: int | None = Field(description="How many rows it removed; of partitions an estimate.")
    problem: str | None = Field(description="What is waited for, or what failed.")
    oldest_at: datetime | None = Field(description="When the oldest partition begins.")
    byte_count: int = Field(description="The bytes that the table occupies.")
    override_count: int = Field(description="How many tenants' holds and contracts apply to it.")


class HoldShown(Shown):
    """A tenant whose rows are kept longer, or shorter, than the policies say."""

    tenant: str = Field(description="The tenant's slug.")
    policy: str = Field(description="The policy that it stands instead of; * is every one.")
    age: Age | None = Field(description="How old the tenant's rows get; null for a legal hold: nothing goes.")
    reason: str = Field(description="Why.")
    set_by: str = Field(description="Who set it.")
    set_at: datetime = Field(description="When.")


class RetentionShown(Shown):
    """The policies and the holds."""

    items: list[PolicyShown] = Field(description="The policies, by name.")
    holds: list[HoldShown] = Field(description="The tenants' own ages.")


class RunRetention(Given):
    """Whether to remove, or only to say."""

    dry_run: bool = Field(default=True, description="Only say what would go; the default.", examples=[True])


class RemovalShown(Shown):
    """What goes."""

    policy: str = Field(description="The table.")
    object: str = Field(description="The partition, the table, or the tenant's rows in it.")
    rows: int = Field(description="How many rows it has: the planner's estimate, or counted up to 100,000.")
    bytes: int = Field(description="How many bytes it occupies.")
    action: str = Field(description="What happens to it.")


class RemovalsShown(Shown):
    """What would go, or what a job removes now."""

    dry_run: bool = Field(description="Whether nothing is removed.")
    items: list[RemovalShown] = Field(description="In the order in which they go.")


class PolicyChanges(Given):
    """What changes of a policy; what is left out stays."""

    days: int | None = Field(default=None, ge=1, le=36_500, description="How old rows get.", examples=[14])
    cadence: Literal["daily", "weekly", "monthly", "quarterly"] | None = Field(
        default=None, description="How often it is looked after."
    )
    is_enabled: bool | None = Field(default=None, description="Whether it is looked after at all.")


class HoldGiven(Given):
    """An age of a tenant's own."""

    reason: str = Field(
        min_length=1, max_length=1000, description="The case, or the contract.", examples=["lawsuit 4711"]
    )
    days: int | None = Field(
        default=None,
        ge=1,
        le=36_500,
        description="How old its rows get; without it nothing goes (a legal hold).",
    )
