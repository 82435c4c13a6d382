"""What is measured."""

from collections.abc import Callable

from bench.field import Field
from bench.measures.api import api
from bench.measures.audit import audit
from bench.measures.claims import claims, limits, xmin
from bench.measures.drain import drain
from bench.measures.enqueue import enqueue
from bench.measures.fairness import fairness
from bench.measures.latency import latency
from bench.measures.limiter import limiter
from bench.measures.percentiles import percentiles
from bench.measures.retention import retention
from bench.measures.telemetry import telemetry
from bench.measures.workflow import workflow
from bench.model import Plan

__all__ = ["MEASURES"]

MEASURES: dict[str, Callable[[Field], Plan]] = {
    "queue": drain,
    "workflow": workflow,
    "latency": latency,
    "fairness": fairness,
    "enqueue": enqueue,
    "claims": claims,
    "xmin": xmin,
    "limits": limits,
    "limiter": limiter,
    "api": api,
    "percentiles": percentiles,
    "telemetry": telemetry,
    "audit": audit,
    "retention": retention,
}
"""By their names on the command line."""
