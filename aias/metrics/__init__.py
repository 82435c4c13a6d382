"""Metrics: what happened how often and how fast, and what it is told apart by."""

from aias.metrics.exposition import CONTENT_TYPE, expose
from aias.metrics.flushing import Flusher
from aias.metrics.queries import (
    ErrorRate,
    Objective,
    Percentiles,
    SlowQuery,
    error_rates,
    exposed,
    objectives,
    percentiles,
    slow_queries,
)
from aias.observations import observe

__all__ = [
    "CONTENT_TYPE",
    "ErrorRate",
    "Flusher",
    "Objective",
    "Percentiles",
    "SlowQuery",
    "error_rates",
    "expose",
    "exposed",
    "objectives",
    "observe",
    "percentiles",
    "slow_queries",
]
