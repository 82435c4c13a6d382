"""A template as its file says it, and the rows that SQL gives of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, cast
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from aias.triggers import Style

__all__ = [
    "EventTrigger",
    "MadeTrigger",
    "Recommendation",
    "Rendered",
    "ScheduleTrigger",
    "Template",
    "TemplateDocument",
    "TemplateUse",
    "Used",
    "WebhookTrigger",
]

_WHOLE = re.compile(r"\{\{ *parameters\.([a-z][a-z0-9_]*) *\}\}")
_MENTIONED = re.compile(r"\bparameters\s*[.\[]")
_TEMPLATE = re.compile(r"\{\{|\{%")

TemplateName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,21}$")]
Mapping = dict[str, JsonValue]


class _Model(BaseModel):
    """Unknown keys are mistakes, and nothing is coerced."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class ScheduleTrigger(_Model):
    """The workflow runs by the clock."""

    kind: Literal["schedule"]
    name: Word
    cron: str
    time_zone: str = "UTC"
    input: Mapping = Field(default_factory=dict)


class EventTrigger(_Model):
    """The workflow runs for every event that matches; without a mapping the payload is its input."""

    kind: Literal["event"]
    name: Word
    type: str
    """A pattern: ``*`` stands for anything. What comes in by a Shopify webhook is ``shopify.<topic>``."""
    filter: Mapping = Field(default_factory=dict)
    condition: str | None = None
    mapping: Mapping | None = None


class WebhookTrigger(_Model):
    """The workflow runs for what is sent to an address of its own, which is made with the workflow."""

    kind: Literal["webhook"]
    name: Word
    style: Style
    condition: str | None = None
    mapping: Mapping | None = None


Trigger = Annotated[ScheduleTrigger | EventTrigger | WebhookTrigger, Field(discriminator="kind")]


class TemplateDocument(_Model):
    """A file of ``aias/templates/library``.

    ``{{ parameters.name }}`` may stand wherever a whole value stands, in the workflow and in the triggers, and becomes
    the parameter's value when the template is used. In an expression of a step ``{{ vars.name }}`` is written, and the
    workflow's ``vars`` take the parameter: no value is ever pasted into a text that is rendered later.
    """

    name: TemplateName
    version: Annotated[int, Field(ge=1)]
    title: Annotated[str, Field(min_length=1, max_length=80)]
    description: Annotated[str, Field(min_length=1, max_length=2000)]
    industries: list[Word] = Field(default_factory=list[str])
    """Empty: everybody's."""
    integrations: list[Word] = Field(default_factory=list[str])
    parameters: dict[str, JsonValue]
    """JSON Schema of an object; what is not required has a default."""
    example: Mapping = Field(default_factory=dict)
    triggers: list[Trigger] = Field(default_factory=list[Trigger])
    workflow: Mapping
    """A definition without its name."""

    @model_validator(mode="after")
    def _parameters_are_declared_and_stand_alone(self) -> TemplateDocument:
        declared = cast("dict[str, Any]", self.parameters.get("properties", {}))
        named: set[str] = set()
        for text in _texts([self.workflow, [trigger.model_dump() for trigger in self.triggers]]):
            whole = _WHOLE.fullmatch(text)
            if whole is not None:
                named.add(whole[1])
            elif _TEMPLATE.search(text) and _MENTIONED.search(text):
                raise ValueError(f"parameters stand alone, as in '{{{{ parameters.x }}}}'; this does not: {text:.80}")
        if unknown := named - declared.keys():
            raise ValueError(f"parameters that are not declared: {', '.join(sorted(unknown))}")
        if idle := declared.keys() - named:
            raise ValueError(f"parameters that stand nowhere: {', '.join(sorted(idle))}")
        required = cast("list[str]", self.parameters.get("required", []))
        if bare := [name for name, one in declared.items() if "default" not in one and name not in required]:
            raise ValueError(f"parameters with no default that are not required: {', '.join(sorted(bare))}")
        return self


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for member in cast("dict[str, Any]", value).values():
            yield from _texts(member)
    elif isinstance(value, list):
        for item in cast("list[Any]", value):
            yield from _texts(item)


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A template in its newest version."""

    name: str
    version: int
    title: str
    description: str
    industries: list[str]
    """Empty: everybody's."""
    integrations: list[str]
    """The kinds of connections that its steps need."""
    parameters: dict[str, Any]
    """JSON Schema."""
    example: dict[str, Any]
    """Parameters that it can be used with as they are."""
    triggers: list[dict[str, Any]]
    workflow: dict[str, Any]
    loaded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """What a template makes of parameters."""

    template: str
    version: int
    parameters: dict[str, Any]
    """With defaults filled in."""
    definition: dict[str, Any]
    triggers: list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeTrigger:
    """What starts the workflow that was made."""

    kind: Literal["schedule", "event", "webhook"]
    name: str
    what: str
    """The cron expression, the type of the events, or the style of the webhook."""
    token: str | None = field(default=None, repr=False)
    """Of a webhook that was made: its path is ``/hooks/{token}``. Told once."""
    secret: str | None = field(default=None, repr=False)
    """Of a webhook that was made. Told once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """The workflow that a use made, or found as it is to be."""

    workflow_id: UUID
    workflow: str
    version: int
    template: str
    template_version: int
    is_changed: bool
    triggers: list[MadeTrigger]


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateUse:
    """A version of a workflow, and the template that it was made from."""

    tenant: str
    workflow_id: UUID
    workflow: str
    workflow_version: int
    is_current: bool
    template: str
    template_version: int
    newest_template_version: int
    parameters: dict[str, Any]
    used_by: str
    used_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """How well a template suits a tenant, and why."""

    template: str
    version: int
    title: str
    score: Decimal
    """The sum of the reasons' points."""
    is_ready: bool
    """Whether every connection that it needs is there."""
    is_used: bool
    """Whether a workflow was made from it already."""
    missing: list[str]
    """The kinds of connections that are to be made first."""
    reasons: list[dict[str, Any]]
    """``reason``, ``points``, and where they say something ``what`` and ``share`` (of other tenants, in tenths)."""
