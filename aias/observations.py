"""What a process sees: how often something happened and how long it took, as log-scale histograms that can be added up.

Any part of the system may ``observe``; it costs two microseconds and waits for nobody. Whoever serves the process has
an ``aias.metrics.Flusher``, which writes down every few seconds what has come together. Where nobody does (a command,
a client in somebody's program) nothing is kept.

The histogram is that of DDSketch (Masson, Rim, Lee: DDSketch, a fast and fully-mergeable quantile sketch with
relative-error guarantees, VLDB 2019): bucket i holds what is longer than GAMMA^(i-1) and at most GAMMA^i seconds, so
its middle is within 1 % of everything in it. ``aias_private.histogram_bucket`` is the same rule in SQL.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

__all__ = ["ACCURACY", "GAMMA", "OTHER", "Book", "Sketch", "bucket_of", "give_back", "keep", "observe", "take"]

ACCURACY: Final = 0.01
"""The relative error of a percentile, at most."""
GAMMA: Final = (1 + ACCURACY) / (1 - ACCURACY)
OTHER: Final = "other"
"""The key of what found no place: a process keeps a bounded number of keys between two flushes."""

_LOG_GAMMA: Final = math.log(GAMMA)
_SHORTEST: Final = 1e-6
_LONGEST: Final = 1e9
_MOST_KEYS: Final = 5000
_LONGEST_KEY: Final = 200
_MINUTE: Final = 60

Key = tuple[int, str, UUID | None, str, str]
"""Minute, metric, tenant, key, detail."""


def bucket_of(seconds: float) -> int:
    """Give the bucket of a duration; a microsecond is the shortest, thirty years the longest."""
    return math.ceil(math.log(min(max(seconds, _SHORTEST), _LONGEST)) / _LOG_GAMMA)


@dataclass(slots=True)
class Sketch:
    """The observations of one key: how many, how many failed or were refused, how long they took."""

    count: int = 0
    failures: int = 0
    refusals: int = 0
    total: float = 0.0
    buckets: dict[int, int] = field(default_factory=dict[int, int])

    def add(self, seconds: float, *, is_failure: bool = False, is_refusal: bool = False) -> None:
        """Add one observation."""
        self.count += 1
        self.failures += is_failure
        self.refusals += is_refusal
        self.total += seconds
        bucket = bucket_of(seconds)
        self.buckets[bucket] = self.buckets.get(bucket, 0) + 1

    def join(self, other: Sketch) -> None:
        """Add the observations of another."""
        self.count += other.count
        self.failures += other.failures
        self.refusals += other.refusals
        self.total += other.total
        for bucket, count in other.buckets.items():
            self.buckets[bucket] = self.buckets.get(bucket, 0) + count

    def to_json(self) -> dict[str, Any]:
        """Give it as ``aias_private.add_observations`` takes it."""
        return {
            "count": self.count,
            "failures": self.failures,
            "refusals": self.refusals,
            "total": self.total,
            **self.histogram(),
        }

    def histogram(self) -> dict[str, list[int]]:
        """Give the histogram alone: its buckets, ascending, and how many each holds."""
        buckets = sorted(self.buckets)
        return {"buckets": buckets, "counts": [self.buckets[bucket] for bucket in buckets]}


@dataclass(slots=True)
class Book:
    """What has come together since the last flush; bounded, and what finds no place is counted under ``OTHER``."""

    sketches: dict[Key, Sketch] = field(default_factory=dict[Key, Sketch])
    overflow_count: int = 0
    """Observations that were counted under ``OTHER``."""

    def sketch(self, key: Key, count: int) -> Sketch:
        """Give the sketch of a key, or where there is no room for it that of the metric's rest."""
        found = self.sketches.get(key)
        if found is None:
            if len(self.sketches) >= _MOST_KEYS:
                self.overflow_count += count
                key = (key[0], key[1], None, OTHER, "")
                found = self.sketches.get(key)
            if found is None:
                found = self.sketches[key] = Sketch()
        return found

    def join(self, other: Book) -> None:
        """Add what another holds."""
        for key, sketch in other.sketches.items():
            self.sketch(key, sketch.count).join(sketch)
        self.overflow_count += other.overflow_count

    def to_json(self) -> list[dict[str, Any]]:
        """Give it as ``aias_private.add_observations`` takes it."""
        this_minute = int(time.time()) // _MINUTE
        return [
            {
                "metric": metric,
                "tenant": None if tenant is None else str(tenant),
                "key": key[:_LONGEST_KEY],
                "detail": detail[:_LONGEST_KEY],
                "ago": this_minute - minute,
                **sketch.to_json(),
            }
            for (minute, metric, tenant, key, detail), sketch in self.sketches.items()
        ]


class _Process:
    """The book of this process, and how many are there to write it down."""

    book = Book()
    keepers = 0


def observe(
    metric: str,
    seconds: float,
    *,
    tenant_id: UUID | None = None,
    key: str,
    detail: str = "",
    ok: bool = True,
    refused: bool = False,
) -> None:
    """Count one observation of a metric; written down within seconds, and lost only with the process.

    ``ok=False`` counts it as a failure (ours, or the upstream's), ``refused`` as turned away (the caller's fault, or
    for load). The clock of the process tells its minute.
    """
    if _Process.keepers:
        name = (int(time.time()) // _MINUTE, metric, tenant_id, key, detail)
        _Process.book.sketch(name, 1).add(seconds, is_failure=not ok, is_refusal=refused)


def keep(*, is_kept: bool) -> None:
    """Say that somebody writes down what is observed, or (once for each) does so no more."""
    _Process.keepers += 1 if is_kept else -1
    if _Process.keepers == 0:
        _Process.book = Book()


def take() -> Book:
    """Take what has come together; whoever can't write it down joins it to what comes next."""
    book, _Process.book = _Process.book, Book()
    return book


def give_back(book: Book) -> None:
    """Keep what could not be written down for the next time."""
    book.join(_Process.book)
    _Process.book = book
