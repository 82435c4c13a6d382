"""What is measured, and what comes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

__all__ = ["UNITS", "Aim", "Comparison", "Key", "Plan", "Sizes", "Trial", "Values"]

UNITS = {
    "drain": "jobs/s",
    "drain-cores": "cores busy",
    "enqueue-single": "jobs/s",
    "enqueue-bulk": "jobs/s",
    "latency-p50": "ms",
    "latency-p99": "ms",
    "workflow": "workflows/s",
    "fairness-wait": "s",
    "fairness-before": "jobs",
    "fairness-share": "share of starts / share of weights",
    "claims": "jobs/s",
    "xmin": "jobs/s",
    "xmin-dead-rows": "rows",
    "xmin-table": "MB",
    "limits": "jobs/s",
    "limiter": "calls/s",
    "limiter-beyond": "calls beyond the bound",
    "api-rate": "requests/s",
    "api-p50": "ms",
    "api-p95": "ms",
    "api-p99": "ms",
    "webhooks": "webhooks/s",
    "webhooks-p50": "ms",
    "webhooks-p95": "ms",
    "webhooks-p99": "ms",
    "cache-hits": "share of uses",
    "dashboard-p95": "ms",
    "percentiles": "ms",
    "percentiles-error": "relative error",
    "telemetry": "events/s",
    "telemetry-duplicates": "found",
    "audit": "rows/s",
    "retention": "ms",
    "retention-wait": "ms",
}
"""The unit of each measure's values."""


@dataclass(frozen=True, slots=True)
class Key:
    """One row of the results."""

    measure: str
    contender: str
    processes: int = 1
    case: str = ""


Values = Mapping[Key, float]


@dataclass(frozen=True, slots=True)
class Aim:
    """What a median is to be: at least, at most, or both."""

    at_least: float | None = None
    at_most: float | None = None

    def is_met(self, value: float) -> bool:
        """Whether it is."""
        return (self.at_least is None or value >= self.at_least) and (self.at_most is None or value <= self.at_most)

    def __str__(self) -> str:
        parts = [f">= {self.at_least:g}" if self.at_least is not None else ""]
        parts.append(f"<= {self.at_most:g}" if self.at_most is not None else "")
        return ", ".join(filter(None, parts))


@dataclass(frozen=True, slots=True)
class Trial:
    """What is done once in every round."""

    name: str
    settings: Mapping[str, str | int | float]
    run: Callable[[], Values]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A ratio: ``of`` divided by ``to``, round by round."""

    of: Key
    to: Key
    aim: Aim | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A measure: its trials, the ratios that it is for, the values that have an aim of their own."""

    name: str
    trials: Sequence[Trial]
    comparisons: Sequence[Comparison] = ()
    aims: Mapping[Key, Aim] = field(default_factory=dict[Key, Aim])


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much of everything; all of it follows from the number of jobs of a drain."""

    jobs: int = 20_000
    seconds: float = 60.0
    """How long the lanes are kept busy."""

    def scaled(self, size: int, least: int = 1) -> int:
        """Give a size that is meant for 20,000 jobs in proportion to what was asked for."""
        return max(least, size * self.jobs // 20_000)
