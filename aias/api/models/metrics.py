"""Metrics as the API shows them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from aias.api.models.base import Shown

__all__ = [
    "Dimension",
    "ErrorRateShown",
    "ErrorRatesShown",
    "Metric",
    "ObjectiveShown",
    "ObjectivesShown",
    "PercentilesOfKey",
    "PercentilesShown",
    "SlowQueriesShown",
    "SlowQueryShown",
]

Metric = Literal["requests", "upstream_calls", "statements", "steps", "executions", "queue_wait"]
Dimension = Literal["endpoint", "integration", "operation", "statement", "action", "workflow", "lane", "tenant", "plan"]


class PercentilesOfKey(Shown):
    """How long something took."""

    key: str = Field(description="Which endpoint, integration, ...; empty when it is not told apart.")
    count: int = Field(description="How often it happened.")
    p50: float = Field(description="Half of them took at most so long, in seconds; within 1 %.")
    p95: float = Field(description="95 of 100 took at most so long, in seconds; within 1 %.")
    p99: float = Field(description="99 of 100 took at most so long, in seconds; within 1 %.")


class PercentilesShown(Shown):
    """How long things took."""

    items: list[PercentilesOfKey] = Field(description="The most observed first.")


class ErrorRateShown(Shown):
    """How much of something failed."""

    key: str = Field(description="Which endpoint, integration, ...; empty when it is not told apart.")
    count: int = Field(description="How often it happened.")
    failure_count: int = Field(description="How many of them failed.")
    refusal_count: int = Field(description="How many of them were turned away: 4xx, throttled, cancelled.")
    error_rate: float | None = Field(description="The part of them that failed, from 0 to 1.")
    mean_seconds: float | None = Field(description="How long they took on average, in seconds.")


class ErrorRatesShown(Shown):
    """How much of what happened failed."""

    items: list[ErrorRateShown] = Field(description="The most failures first.")


class ObjectiveShown(Shown):
    """What is promised, and what is kept."""

    objective: str = Field(description="api_error_rate, api_p95, api_p99 or cache_hit_rate.")
    period: str = Field(description="Over which time up to now: hour, day, month (30 days) or ever.")
    comparison: Literal["<", ">"] = Field(description="Whether it is to stay below or above the target.")
    target: float = Field(description="The target, in the unit.")
    actual: float | None = Field(description="What it is, in the unit; null when nothing was observed.")
    unit: str = Field(description="ms, or share: a part of all, from 0 to 1.")
    observation_count: int = Field(description="How many observations that says something about.")
    is_met: bool | None = Field(description="Whether it is kept; null when nothing was observed.")


class ObjectivesShown(Shown):
    """The objectives."""

    items: list[ObjectiveShown] = Field(description="Each objective over each period.")


class SlowQueryShown(Shown):
    """A statement of the database."""

    statement: str = Field(description="The first function, view or table of ours in it; else its first word.")
    call_count: int | None = Field(description="How many times it was run in the last 24 hours.")
    error_count: int | None = Field(description="How many times of these it ended with an error.")
    total_seconds: float | None = Field(description="How long these took together, in seconds.")
    mean_ms: float | None = Field(description="How long they took on average, in milliseconds.")
    p95_ms: float | None = Field(description="95 of 100 took at most so long, in milliseconds.")
    p99_ms: float | None = Field(description="99 of 100 took at most so long, in milliseconds.")
    database_call_count: int | None = Field(description="How often pg_stat_statements saw it; null without it.")
    database_mean_ms: float | None = Field(description="How long the database itself took on average.")
    database_max_ms: float | None = Field(description="How long the database itself took for the slowest.")


class SlowQueriesShown(Shown):
    """Statements of the database."""

    items: list[SlowQueryShown] = Field(description="Those that took most first.")
