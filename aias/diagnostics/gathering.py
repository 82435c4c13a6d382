"""Failures on their way to the database: counted where they are told, sent a few times a second.

The cost of sending follows the kinds of failures, not how many there were: 50,000 that are the same are one element
with a count. Memory is bounded by the number of kinds; what comes beyond is counted as one of its own.
"""

from __future__ import annotations

import threading
from collections import Counter, deque
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from aias.diagnostics.fingerprints import Fingerprint, fingerprint_of
from aias.ids import uuid7
from aias.logs import known_fields, traceback_of
from aias.redaction import scrub
from aias.reporting import Failed

__all__ = ["Gatherer", "id_of", "text_of"]

_MOST_KINDS: Final = 2000
_MOST_KEPT: Final = 20
"""Occurrences per kind and batch; the database keeps as many per group and minute."""
_OVERFLOW: Final = Fingerprint(
    value="0" * 32, type="TooManyKinds", message="more kinds of errors than a process keeps apart", frames=()
)


@dataclass(slots=True, kw_only=True)
class _Kind:
    """The failures of one fingerprint and tenant that gathered."""

    fingerprint: Fingerprint
    tenant_id: UUID | None
    count: int = 0
    first_at: datetime
    last_at: datetime
    sample: dict[str, Any] = field(default_factory=dict[str, Any])
    executions: deque[str] = field(default_factory=lambda: deque(maxlen=_MOST_KEPT))
    occurrences: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    fuses: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])

    def to_json(self) -> dict[str, Any]:
        return {
            "fingerprint": self.fingerprint.value,
            "type": self.fingerprint.type,
            "message": self.fingerprint.message,
            "frames": list(self.fingerprint.frames),
            "tenant_id": None if self.tenant_id is None else str(self.tenant_id),
            "failure_count": self.count,
            "first_at": self.first_at.isoformat(),
            "last_at": self.last_at.isoformat(),
            "sample": self.sample,
            "executions": list(dict.fromkeys(reversed(self.executions))),
            "occurrences": self.occurrences,
            "fuses": [
                {"scope": scope, "name": name, "failure_count": count} for (scope, name), count in self.fuses.items()
            ],
        }


class Gatherer:
    """Counts failures; may be called from any thread."""

    def __init__(self, process: str) -> None:
        self._process = process
        self._lock = threading.Lock()
        self._kinds: dict[tuple[str, UUID | None], _Kind] = {}

    def add(self, failed: Failed) -> str:
        """Count a failure; gives its fingerprint."""
        fingerprint = fingerprint_of(failed)
        if failed.fingerprint is not None:
            fingerprint = replace(fingerprint, value=failed.fingerprint)
        known = known_fields()
        tenant_id = failed.tenant_id or id_of(known.get("tenant_id"))
        now = datetime.now(UTC)
        execution = failed.execution_id or id_of(known.get("execution_id"))
        occurrence = None
        if not failed.is_told_before and self._wants(fingerprint.value, tenant_id):
            # writing a traceback out takes its time: not under the lock
            occurrence = self._occurrence(failed, known, execution, now)
        with self._lock:
            if (fingerprint.value, tenant_id) not in self._kinds and len(self._kinds) >= _MOST_KINDS:
                fingerprint, tenant_id = _OVERFLOW, None
            kind = self._kinds.setdefault(
                (fingerprint.value, tenant_id),
                _Kind(fingerprint=fingerprint, tenant_id=tenant_id, first_at=now, last_at=now),
            )
            kind.last_at = max(kind.last_at, now)
            if failed.fuse is not None:
                kind.fuses[failed.fuse] += 1
            if not failed.is_told_before:
                kind.count += 1
                if execution is not None:
                    kind.executions.append(str(execution))
            if occurrence is not None:
                kind.occurrences.append(occurrence)
                kind.sample = {
                    **{name: value for name, value in occurrence.items() if value is not None and name != "id"},
                    **({} if tenant_id is None else {"tenant_id": str(tenant_id)}),
                }
        return fingerprint.value

    def _wants(self, fingerprint: str, tenant_id: UUID | None) -> bool:
        kind = self._kinds.get((fingerprint, tenant_id))
        return kind is None or len(kind.occurrences) < _MOST_KEPT

    def take(self) -> list[dict[str, Any]]:
        """Give what has gathered, and begin anew."""
        with self._lock:
            kinds, self._kinds = self._kinds, {}
        return [kind.to_json() for kind in kinds.values()]

    def has_some(self) -> bool:
        """Whether anything has gathered."""
        return bool(self._kinds)

    def _occurrence(
        self, failed: Failed, known: dict[str, Any], execution: UUID | None, at: datetime
    ) -> dict[str, Any]:
        job = failed.job_id if failed.job_id is not None else known.get("job_id")
        return {
            "id": str(uuid7()),
            "at": at.isoformat(),
            "source": failed.source,
            "name": scrub(failed.name[:300]),
            "message": scrub(failed.message[:4000])[:2000],
            "execution_id": None if execution is None else str(execution),
            "step": text_of(failed.step or known.get("step")),
            "job_id": job if isinstance(job, int) else None,
            "correlation_id": text_of(known.get("correlation_id")),
            "trace_id": text_of(known.get("trace_id")),
            "request_id": text_of(known.get("request_id")),
            "traceback": None if failed.error is None else traceback_of(failed.error),
            "process": self._process,
        }


def id_of(value: Any) -> UUID | None:
    """Give an id that somebody has bound as a UUID or as its text; None for anything else."""
    if isinstance(value, UUID):
        return value
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def text_of(value: Any) -> str | None:
    """Give a short text of what somebody has bound; None for nothing."""
    return None if value is None or value == "" else scrub(str(value)[:300])
