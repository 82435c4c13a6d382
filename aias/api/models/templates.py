"""Templates over HTTP."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from aias.api.models.base import Given, Shown

__all__ = [
    "RecommendationShown",
    "RecommendationsShown",
    "RenderedShown",
    "TemplateDetail",
    "TemplateReason",
    "TemplateSummary",
    "TemplateUseShown",
    "UseTemplate",
    "UsedShown",
    "UsedTrigger",
]


class TemplateSummary(Shown):
    """A template in a list."""

    name: str = Field(description="Its name.")
    version: int = Field(description="Its newest version.")
    title: str = Field(description="What it does, in a few words.")
    description: str = Field(description="What it does and what it needs.")
    industries: list[str] = Field(description="Whom it is meant for; empty: everybody.")
    integrations: list[str] = Field(description="The kinds of connections that its steps need.")


class TemplateDetail(TemplateSummary):
    """A template with all that it makes."""

    parameters: dict[str, Any] = Field(description="The JSON Schema of its parameters, with defaults.")
    example: dict[str, Any] = Field(description="Parameters that it can be used with as they are.")
    triggers: list[dict[str, Any]] = Field(description="What starts the workflow: schedules, events, webhooks.")
    workflow: dict[str, Any] = Field(description="The definition, with {{ parameters.name }} in the places of values.")


class TemplateReason(Shown):
    """What speaks for a template or against it."""

    reason: str = Field(
        description="integration_connected, integration_missing, no_integration_needed, industry, for_everybody,"
        " similar_tenants, runs_with, events_come_in, already_used or done_by_hand."
    )
    what: str | None = Field(default=None, description="The connection, the industry, the event or the workflow.")
    share: Decimal | None = Field(default=None, description="Of at least five other tenants, in tenths.")
    points: Decimal = Field(description="What it adds to the score.")


class RecommendationShown(Shown):
    """How well a template suits the tenant."""

    template: str = Field(description="The template's name.")
    version: int = Field(description="Its newest version.")
    title: str = Field(description="What it does, in a few words.")
    score: Decimal = Field(description="The sum of the reasons' points.")
    is_ready: bool = Field(description="Whether every connection that it needs is there.")
    is_used: bool = Field(description="Whether a workflow was made from it already.")
    missing: list[str] = Field(description="The kinds of connections that are to be made first.")
    reasons: list[TemplateReason] = Field(description="Why, what weighs most first.")


class RecommendationsShown(Shown):
    """The templates that suit a tenant."""

    items: list[RecommendationShown] = Field(description="The best first.")


class UseTemplate(Given):
    """How a template is to be used."""

    parameters: dict[str, Any] = Field(default_factory=dict, description="The parameters; defaults fill the rest.")
    workflow: str | None = Field(
        default=None,
        pattern="^[a-z][a-z0-9-]{0,39}$",
        description="The workflow's name; the template's if none is given.",
    )


class RenderedShown(Shown):
    """What a template makes of parameters."""

    template: str = Field(description="The template's name.")
    version: int = Field(description="Its version.")
    parameters: dict[str, Any] = Field(description="The parameters, defaults filled in.")
    definition: dict[str, Any] = Field(description="The workflow's definition.")
    triggers: list[dict[str, Any]] = Field(description="What would start it.")


class UsedTrigger(Shown):
    """What starts the workflow that was made."""

    kind: Literal["schedule", "event", "webhook"] = Field(description="By the clock, by an event, or by a webhook.")
    name: str = Field(description="The name of the schedule, the subscription or the webhook.")
    what: str = Field(description="The cron expression, the type of the events, or the style of the webhook.")
    token: str | None = Field(description="Of a webhook that was made: its path is /hooks/{token}. Told once.")
    secret: str | None = Field(description="Of a webhook that was made. Told once.")


class UsedShown(Shown):
    """The workflow that a use made, or found as it is to be."""

    workflow_id: UUID = Field(description="The workflow's id.")
    workflow: str = Field(description="The workflow's name.")
    version: int = Field(description="The workflow's version.")
    template: str = Field(description="The template's name.")
    template_version: int = Field(description="The template's version.")
    is_changed: bool = Field(description="Whether there is anything new.")
    triggers: list[UsedTrigger] = Field(description="What starts it.")


class TemplateUseShown(Shown):
    """A workflow whose current version a template made."""

    tenant: str = Field(description="The slug of the tenant.")
    workflow_id: UUID = Field(description="The workflow's id.")
    workflow: str = Field(description="The workflow's name.")
    workflow_version: int = Field(description="The workflow's version.")
    template: str = Field(description="The template's name.")
    template_version: int = Field(description="The template's version that was used.")
    newest_template_version: int = Field(description="The newest one: a higher one is there to be used.")
    parameters: dict[str, Any] = Field(description="The parameters, defaults filled in.")
    used_by: str = Field(description="Who used it.")
    used_at: datetime = Field(description="When.")
