"""The record of every call that a local server received, bounded so that a long run can't fill the memory."""

from __future__ import annotations

import hashlib
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any, cast

__all__ = ["JOURNAL_LIMIT", "Call", "Entry", "Journal", "as_array", "as_object", "summary"]

JOURNAL_LIMIT = 10_000
"""How many calls a journal keeps; older ones are dropped, their number is not."""

_SUMMARY_DEPTH = 6
_SUMMARY_ITEMS = 20
_SUMMARY_TEXT = 200
_LARGE = 2**63


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What a request asks for, as far as it could be read.

    ``operations`` are the names that a fault may be matched by: the operation's own name, the fields it asks for
    (``order``, ``invoiceCreate``, ``business``) and, one level down, ``business.invoices``. ``key`` is the idempotency
    key that came along (header or directive), ``reference`` the caller's own number for the thing (an external id, a
    purchase order number, a memo), where there is one.
    """

    operations: tuple[str, ...] = ()
    kind: str = ""
    variables: Mapping[str, Any] = field(default_factory=dict[str, Any])
    key: str | None = None
    reference: str | None = None


@dataclass(slots=True, kw_only=True)
class Entry:
    """One call, noted when it arrives and completed when it is answered.

    ``status`` is None until then, and stays so when the connection was cut without an answer. ``effect`` says that the
    call changed something, whatever the caller was told; ``digest`` is the beginning of its body's SHA-256, so that two
    different requests under one key show; ``caller`` is its ``Idempotency-Key`` header, also where the key that the
    service goes by stands elsewhere; ``trace`` is its ``traceparent`` header.
    """

    sequence: int
    at: float
    method: str
    path: str
    call: Call
    digest: str = ""
    caller: str | None = None
    trace: str | None = None
    status: int | None = None
    effect: bool = False
    error: str | None = None
    fault: int | None = None
    seconds: float | None = None

    @property
    def operation(self) -> str:
        """The call's most telling name."""
        return self.call.operations[0] if self.call.operations else ""

    def to_json(self) -> dict[str, Any]:
        """The entry as ``/_control/journal`` shows it."""
        return {
            "sequence": self.sequence,
            "at": datetime.fromtimestamp(self.at, UTC).isoformat(timespec="milliseconds"),
            "method": self.method,
            "path": self.path,
            "operation": self.operation,
            "operations": list(self.call.operations),
            "kind": self.call.kind,
            "variables": self.call.variables,
            "key": self.call.key,
            "caller": self.caller,
            "trace": self.trace,
            "reference": self.call.reference,
            "digest": self.digest,
            "status": self.status,
            "effect": self.effect,
            "error": self.error,
            "fault": self.fault,
            "seconds": self.seconds,
        }


def as_object(value: Any) -> dict[str, Any] | None:
    """The value if it is a JSON object."""
    return {str(k): v for k, v in cast("Mapping[Any, Any]", value).items()} if isinstance(value, Mapping) else None


def as_array(value: Any) -> list[Any] | None:
    """The value if it is a JSON array."""
    return list(cast("Sequence[Any]", value)) if isinstance(value, (list, tuple)) else None


def summary(value: Any, depth: int = _SUMMARY_DEPTH) -> Any:
    """The value cut to a size that a journal can keep: short texts, few items, few levels."""
    if isinstance(value, str):
        # A lone surrogate can be written in JSON, but not in UTF-8.
        value = value.encode(errors="replace").decode()
        return value if len(value) <= _SUMMARY_TEXT else f"{value[:_SUMMARY_TEXT]}… ({len(value)} characters)"
    if (fields := as_object(value)) is not None:
        if depth == 0:
            return f"{{… {len(fields)} fields}}"
        kept = {summary(k): summary(v, depth - 1) for k, v in islice(fields.items(), _SUMMARY_ITEMS)}
        return kept if len(fields) <= _SUMMARY_ITEMS else {**kept, "…": f"{len(fields) - _SUMMARY_ITEMS} more"}
    if (items := as_array(value)) is not None:
        if depth == 0:
            return f"[… {len(items)} items]"
        shown = [summary(v, depth - 1) for v in items[:_SUMMARY_ITEMS]]
        return shown if len(items) <= _SUMMARY_ITEMS else [*shown, f"… {len(items) - _SUMMARY_ITEMS} more"]
    plain = value is None or isinstance(value, (bool, float)) or (isinstance(value, int) and abs(value) < _LARGE)
    return value if plain else summary(str(value))


class Journal:
    """The last :data:`JOURNAL_LIMIT` calls, in the order of their arrival."""

    def __init__(self, clock: Callable[[], float], limit: int = JOURNAL_LIMIT) -> None:
        self._clock = clock
        self._entries: deque[Entry] = deque(maxlen=limit)
        self.total = 0

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(list(self._entries))

    def open(self, *, method: str, path: str, call: Call, body: bytes = b"") -> Entry:
        """Note that a call arrived."""
        self.total += 1
        # Only the summary is kept: ten thousand bodies of a megabyte would be the end of the process.
        kept = Call(
            operations=tuple(summary(name) for name in call.operations[:_SUMMARY_ITEMS]),
            kind=call.kind,
            variables=summary(call.variables),
            key=summary(call.key),
            reference=summary(call.reference),
        )
        digest = hashlib.sha256(body).hexdigest()[:16] if body else ""
        entry = Entry(
            sequence=self.total, at=self._clock(), method=method, path=summary(path), call=kept, digest=digest
        )
        self._entries.append(entry)
        return entry

    def close(self, entry: Entry, *, status: int | None) -> None:
        """Note how the call was answered; no status means that the connection was cut."""
        entry.status = status
        entry.seconds = round(max(0.0, self._clock() - entry.at), 4)

    def find(
        self,
        operation: str | None = None,
        since: int = 0,
        limit: int | None = None,
        *,
        key: str | None = None,
        reference: str | None = None,
    ) -> list[Entry]:
        """The entries after sequence number ``since`` that carry what is asked for, the oldest first."""
        found = (
            e
            for e in self
            if e.sequence > since
            and (operation is None or operation in e.call.operations)
            and (key is None or e.call.key == key)
            and (reference is None or e.call.reference == reference)
        )
        return list(found if limit is None else islice(found, limit))

    def effects(self) -> dict[str, dict[str, int]]:
        """How many calls changed something, by operation, idempotency key and reference: the books of a test.

        A call that found its work already done counts nowhere. Only calls that the journal still keeps are counted.
        """
        counts: dict[str, Counter[str]] = {"operation": Counter(), "key": Counter(), "reference": Counter()}
        for entry in self:
            if entry.effect:
                counts["operation"][entry.operation] += 1
                counts["key"].update([entry.call.key] if entry.call.key else ())
                counts["reference"].update([entry.call.reference] if entry.call.reference else ())
        return {f"by_{name}": dict(sorted(counted.items())) for name, counted in counts.items()}

    def clear(self) -> None:
        """Forget every call and count from 1 again."""
        self._entries.clear()
        self.total = 0
