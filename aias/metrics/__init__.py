"""Metrics: what happened how often and how fast, and what it is told apart by."""

from aias.metrics.flushing import Flusher
from aias.metrics.queries import ErrorRate, Percentiles, error_rates, percentiles
from aias.observations import observe

__all__ = [
    "ErrorRate",
    "Flusher",
    "Percentiles",
    "error_rates",
    "observe",
    "percentiles",
]
