"""Lifecycle: what happens to data as it ages."""

from aias.lifecycle.queries import MadePartition, ensure_partitions

__all__ = ["MadePartition", "ensure_partitions"]
