"""The system's health as operators see it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from aias.api.models.base import Shown

__all__ = ["CheckShown", "HealthShown", "OrphanShown", "OrphansShown", "ProblemShown"]


class ProblemShown(Shown):
    """Something that a check found."""

    object: str = Field(description="What it is about.")
    problem: str = Field(description="What is wrong with it.")


class CheckShown(Shown):
    """How a check is, by its last look."""

    name: str = Field(description="The check.")
    cadence: Literal["five_minutes", "hourly", "daily", "weekly", "quarterly"] = Field(
        description="How often it is made."
    )
    status: Literal["unknown", "ok", "failing"] = Field(description="unknown before the first look.")
    is_vital: bool = Field(description="Whether the system is of no use, or soon will not be, while it fails.")
    since: datetime | None = Field(description="Since when the status is so.")
    checked_at: datetime | None = Field(description="When it was last looked at.")
    latency_ms: float | None = Field(description="How long that took, in milliseconds.")
    problem_count: int = Field(description="How many problems were found.")
    problems: list[ProblemShown] = Field(description="The first 20 of them.")
    is_fresh: bool = Field(description="Whether it was looked at of late, for its cadence.")
    description: str = Field(description="What holds when it is ok.")


class HealthShown(Shown):
    """How the system is."""

    items: list[CheckShown] = Field(description="Those that fail first.")


class OrphanShown(Shown):
    """What is left over of one kind."""

    kind: str = Field(description="What is left over, and of what.")
    policy: Literal["report", "repair"] = Field(description="repair: may be repaired; report: a person decides.")
    row_count: int = Field(description="How many were found.")
    repaired_count: int = Field(description="How many of them were repaired.")
    samples: list[dict[str, Any]] = Field(description="Up to 5 of them: the ids that lead to them.")
    description: str = Field(description="What they are.")


class OrphansShown(Shown):
    """What is left over where no key holds it."""

    items: list[OrphanShown] = Field(description="Every kind.")
