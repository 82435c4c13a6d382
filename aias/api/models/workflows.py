"""Workflows over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from aias.api.models.base import Given, Shown

__all__ = [
    "AppliedShown",
    "Checked",
    "DefinitionProblem",
    "DryRun",
    "Edge",
    "GraphShown",
    "GraphStep",
    "Planned",
    "PlannedShown",
    "VersionSummary",
    "WorkflowDetail",
    "WorkflowSummary",
]


class WorkflowSummary(Shown):
    """A workflow in a list."""

    id: UUID = Field(description="Its id.")
    tenant: str = Field(description="The slug of its tenant.")
    name: str = Field(description="Its name; unique in the tenant.")
    version: int = Field(description="The newest version, which new executions run.")
    is_enabled: bool = Field(description="Whether it starts executions.")
    applied_by: str = Field(description="Who applied the newest version.")
    applied_at: datetime = Field(description="When the newest version was applied.")
    created_at: datetime = Field(description="When the first version was applied.")


class WorkflowDetail(WorkflowSummary):
    """A workflow with its newest definition."""

    definition: dict[str, Any] = Field(description="The newest version's definition.")


class VersionSummary(Shown):
    """One version of a workflow; none ever changes."""

    version: int = Field(description="The version's number, from 1.")
    created_by: str = Field(description="Who applied it.")
    created_at: datetime = Field(description="When it was applied.")
    definition: dict[str, Any] = Field(description="The definition as it was applied.")


class AppliedShown(Shown):
    """What applying a definition came to."""

    workflow_id: UUID = Field(description="The workflow's id.")
    version: int = Field(description="The newest version now.")
    is_changed: bool = Field(description="False: the newest version was the same already.")


class DefinitionProblem(Shown):
    """One thing that is wrong with a definition."""

    path: str = Field(description="Where, as a JSON path.")
    message: str = Field(description="What.")


class Checked(Shown):
    """What checking a definition found."""

    is_valid: bool = Field(description="Whether it would be stored.")
    problems: list[DefinitionProblem] = Field(description="Everything that is wrong with it.")


class DryRun(Given):
    """What to assume."""

    input: dict[str, Any] = Field(default={}, description="The workflow's input.", examples=[{"order_id": "1001"}])
    outputs: dict[str, Any] = Field(default={}, description="What steps that call something give, by step.")


class Planned(Shown):
    """What would become of a step, or of one item of its fan-out."""

    step: str = Field(description="The step's id.")
    item: int | None = Field(description="Which item of a fan-out.")
    action: str = Field(description="What it calls.")
    effect: str = Field(description="Whether the call may be repeated.")
    fate: str = Field(description="called, computed, waits, skipped, may be called or fails.")
    input: Any = Field(description="Its input; templates stay where they need what only a call can give.")
    output: Any = Field(description="Of what is computed, or as assumed.")
    detail: str | None = Field(description="Why.")


class PlannedShown(Shown):
    """What a workflow would do with an input."""

    steps: list[Planned] = Field(description="The steps in the order in which they would run.")


class GraphStep(Shown):
    """A step of the graph."""

    id: str = Field(description="Its id.")
    action: str = Field(description="What it calls.")
    needs: list[str] = Field(description="The steps that come before.")


class Edge(Shown):
    """From a step to one that waits for it, or to its fallback."""

    source: str = Field(description="The step that comes before.")
    target: str = Field(description="The step that comes after.")
    kind: str = Field(description="needs or fallback.")


class GraphShown(Shown):
    """The graph of a workflow."""

    steps: list[GraphStep] = Field(description="The steps in the order in which they run.")
    edges: list[Edge] = Field(description="What waits for what.")
