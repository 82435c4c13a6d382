"""Lifecycle: what happens to data as it ages.

``run_retention`` says what would go, or has a job remove it; ``carry_out`` is that job's work.
"""

from aias.lifecycle.queries import (
    Hold,
    MadePartition,
    PolicyStatus,
    Removal,
    ensure_partitions,
    hold_retention,
    release_retention,
    restore_workflow,
    retention_holds,
    retention_status,
    run_retention,
    set_retention,
)
from aias.lifecycle.retention import carry_out

__all__ = [
    "Hold",
    "MadePartition",
    "PolicyStatus",
    "Removal",
    "carry_out",
    "ensure_partitions",
    "hold_retention",
    "release_retention",
    "restore_workflow",
    "retention_holds",
    "retention_status",
    "run_retention",
    "set_retention",
]
