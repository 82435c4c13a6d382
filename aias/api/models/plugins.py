"""Plugins, who may use them, and flags over HTTP."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from aias.api.models.base import Given, Shown

__all__ = [
    "FlagGiven",
    "FlagShown",
    "FlagState",
    "PluginRuleGiven",
    "PluginRuleShown",
    "PluginShown",
    "TenantFlagGiven",
]


class PluginShown(Shown):
    """A plugin as the workers of a machine found it."""

    name: str = Field(description="Its distribution.")
    version: str | None = Field(description="The version of its distribution.")
    api_version: str | None = Field(description="The version of the interface for plugins that it needs.")
    state: Literal["loaded", "left_out"] = Field(description="Whether anything of it is there.")
    problem: str | None = Field(description="Why it was left out.")
    brings: dict[str, list[str]] = Field(description="Names by kind: actions, integrations, analytics, tasks, ...")
    reported_by: str = Field(description="The machine.")
    reported_at: datetime = Field(description="When its workers said so last; they do every ten minutes.")


class PluginRuleShown(Shown):
    """Whether a tenant may use a plugin."""

    plugin: str = Field(description="The plugin.")
    tenant: str | None = Field(description="Whose rule it is; null: every tenant without a rule of its own.")
    is_allowed: bool = Field(description="Whether it may be used.")
    reason: str | None = Field(description="Why.")
    set_by: str = Field(description="Who said so.")
    set_at: datetime = Field(description="When.")


class PluginRuleGiven(Given):
    """Give a plugin to a tenant, or refuse it."""

    is_allowed: bool = Field(description="Whether it may be used.")
    reason: str | None = Field(default=None, max_length=250, description="Why: whoever writes a workflow is told.")


class FlagShown(Shown):
    """A change of behaviour, and how far it is rolled out."""

    name: str = Field(description="The flag.")
    percentage: float = Field(description="For how many of the tenants it is on.")
    description: str = Field(description="What it changes.")
    tenant_count: int = Field(description="Of how many tenants, of those that the key sees, something else was said.")
    set_by: str = Field(description="Who set it last.")
    set_at: datetime = Field(description="When.")


class FlagState(Shown):
    """Whether a flag is on for a tenant."""

    name: str = Field(description="The flag.")
    tenant: str = Field(description="The tenant.")
    is_on: bool = Field(description="False also for a flag that nobody has set.")


class FlagGiven(Given):
    """Roll a change of behaviour out; what is not given stays as it is."""

    percentage: Annotated[Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2)] | None = Field(
        default=None, description="For how many of the tenants it is on."
    )
    description: str | None = Field(default=None, max_length=500, description="What it changes.")


class TenantFlagGiven(Given):
    """Say something else of a tenant."""

    is_on: bool = Field(description="On or off for it, whatever the percentage.")
