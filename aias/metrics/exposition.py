"""The metrics in the text format of Prometheus (exposition format 0.0.4).

Counters and histograms are those of ``aias_private.metric_totals``: of all processes and tenants, since the beginning,
one row per endpoint, statement, action, lane and kind of upstream; a scrape costs what these rows cost, however much
was observed. A bound of a histogram is kept within 2 %: what lies in its log-scale bucket counts as below it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from aias.metrics.queries import Gauge, Total
from aias.observations import bucket_of

__all__ = ["CONTENT_TYPE", "expose"]

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

_BOUNDS: Final = (
    0.001,
    0.0025,
    0.005,
    0.01,
    0.025,
    0.05,
    0.1,
    0.25,
    0.5,
    1.0,
    2.5,
    5.0,
    10.0,
    30.0,
    60.0,
    300.0,
    3600.0,
)
_BUCKETS: Final = tuple((f"{bound:g}", bucket_of(bound)) for bound in _BOUNDS)

# metric -> name, label of its key, what it is
_METRICS: Final[Mapping[str, tuple[str, str, str]]] = {
    "requests": ("aias_requests", "endpoint", "HTTP requests, by endpoint"),
    "upstream_calls": ("aias_upstream_calls", "integration", "Calls of upstreams, by integration"),
    "statements": ("aias_statements", "statement", "Statements of the database as its callers see them"),
    "steps": ("aias_steps", "action", "Steps of executions that ended, by action"),
    "executions": ("aias_executions", "", "Executions that ended, waits included"),
    "queue_wait": ("aias_queue_wait", "lane", "What executions waited until a worker took them, by lane"),
}


def expose(totals: Sequence[Total], gauges: Sequence[Gauge]) -> str:
    """Write the document."""
    lines: list[str] = []
    for metric, (name, label, told) in _METRICS.items():
        rows = [row for row in totals if row.metric == metric]
        lines += _head(f"{name}_total", "counter", f"{told}, by outcome.")
        for row in rows:
            ok = row.observation_count - row.failure_count - row.refusal_count
            for outcome, count in (("ok", ok), ("refused", row.refusal_count), ("failed", row.failure_count)):
                lines.append(f"{name}_total{_labels({label: row.key, 'outcome': outcome})} {count}")
        lines += _head(f"{name}_seconds", "histogram", f"{told}: how long they took, in seconds.")
        for row in rows:
            lines += _histogram(f"{name}_seconds", {label: row.key}, row)
    for name in dict.fromkeys(gauge.name for gauge in gauges):
        own = [gauge for gauge in gauges if gauge.name == name]
        lines += _head(name, "gauge", own[0].help)
        lines += [f"{name}{_labels({gauge.label: gauge.value_of_label})} {gauge.value:g}" for gauge in own]
    return "\n".join(lines) + "\n"


def _head(name: str, kind: str, told: str) -> list[str]:
    return [f"# HELP {name} {told}", f"# TYPE {name} {kind}"]


def _histogram(name: str, labels: Mapping[str, str], row: Total) -> Iterable[str]:
    counts = list(zip(row.buckets, row.counts, strict=True))
    for bound, last in _BUCKETS:
        up_to = sum(count for bucket, count in counts if bucket <= last)
        yield f"{name}_bucket{_labels({**labels, 'le': bound})} {up_to}"
    whole = sum(row.counts)
    yield f"{name}_bucket{_labels({**labels, 'le': '+Inf'})} {whole}"
    yield f"{name}_sum{_labels(labels)} {row.total_seconds!r}"
    yield f"{name}_count{_labels(labels)} {whole}"


def _labels(labels: Mapping[str, str]) -> str:
    told = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items() if name)
    return f"{{{told}}}" if told else ""


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
