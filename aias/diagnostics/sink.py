"""Log records on their way to the database: a bounded queue that drops, and counts what it dropped, when it is full."""

from __future__ import annotations

import json
import logging
import threading
from collections import deque
from datetime import UTC, datetime
from typing import Any, Final

from aias.diagnostics.gathering import id_of, text_of
from aias.ids import uuid7
from aias.logs import event_of, exception_of, traceback_of
from aias.reporting import Failed, report, type_of, was_reported

__all__ = ["OWN_LOGGER", "Sink"]

OWN_LOGGER: Final = "aias.diagnostics.recorder"
"""What it says of itself goes to stderr only: a database that is away is not told of it."""

_MOST_WAITING: Final = 10_000
_MOST_CHARACTERS: Final = 16_000_000
_LONGEST_MESSAGE: Final = 4_000
_LONGEST_CONTEXT: Final = 16_000
_COLUMNS: Final = ("execution_id", "step", "job_id", "correlation_id", "trace_id", "request_id", "tenant_id")
_NOT_CONTEXT: Final = frozenset({*_COLUMNS, "event", "level", "logger", "timestamp"})
_LEVELS: Final = {"debug": 10, "info": 20, "warning": 30, "error": 40, "critical": 50, "off": 100}


class Sink(logging.Handler):
    """Takes every record of a process and keeps those of its level until they are written; never waits."""

    def __init__(self, process: str, level: str) -> None:
        super().__init__(logging.DEBUG)
        self.set_name("aias.diagnostics")
        self._process = process
        self._keep_from = _LEVELS[level]
        self._waiting: deque[str] = deque()
        self._size = 0
        self._dropped = 0
        self._inside = threading.local()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record; an error that nobody has reported yet is reported."""
        if record.name == OWN_LOGGER or getattr(self._inside, "is_busy", False):
            return
        self._inside.is_busy = True  # what is logged while a record is being taken is not taken
        try:
            error = exception_of(record)
            if error is not None and record.levelno >= logging.ERROR and not was_reported(error):
                message = str(error) or type(error).__name__
                report(Failed(source="log", name=record.name, error=error, type=type_of(error), message=message))
            if record.levelno >= self._keep_from:
                self._keep(json.dumps(self._row(record, error)))
        except Exception:  # noqa: BLE001 (logging's rule: a record that can't be taken is told, never raised)
            self.handleError(record)
        finally:
            self._inside.is_busy = False

    def take(self, most: int) -> list[str]:
        """Give the oldest records, each as JSON, and forget them; that some were dropped is a record of its own."""
        with self.lock or threading.Lock():  # the handler's own, under which records come
            taken = [self._waiting.popleft() for _ in range(min(most, len(self._waiting)))]
            self._size -= sum(map(len, taken))
            dropped, self._dropped = self._dropped, 0
        if dropped:
            taken.append(json.dumps(self._told(dropped)))
        return taken

    def waiting_count(self) -> int:
        """How many records wait."""
        return len(self._waiting)

    def dropped_count(self) -> int:
        """How many were dropped and are not told of yet."""
        return self._dropped

    def _keep(self, row: str) -> None:
        if len(self._waiting) >= _MOST_WAITING or self._size + len(row) > _MOST_CHARACTERS:
            self._dropped += 1
            return
        self._waiting.append(row)
        self._size += len(row)

    def _row(self, record: logging.LogRecord, error: BaseException | None) -> dict[str, Any]:
        event = event_of(record)
        context = {name: value for name, value in event.items() if name not in _NOT_CONTEXT}
        if error is not None:
            context["exception"] = traceback_of(error)
        job = event.get("job_id")
        tenant, execution = id_of(event.get("tenant_id")), id_of(event.get("execution_id"))
        return {
            "id": str(uuid7()),
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower() if record.levelname.lower() in _LEVELS else "info",
            "logger": record.name[:200],
            "message": str(event.get("event", ""))[:_LONGEST_MESSAGE],
            "tenant_id": None if tenant is None else str(tenant),
            "execution_id": None if execution is None else str(execution),
            "step": text_of(event.get("step")),
            "job_id": job if isinstance(job, int) else None,
            "correlation_id": text_of(event.get("correlation_id")),
            "trace_id": text_of(event.get("trace_id")),
            "request_id": text_of(event.get("request_id")),
            "context": _bounded(context),
            "process": self._process,
        }

    def _told(self, dropped: int) -> dict[str, Any]:
        return {
            "id": str(uuid7()),
            "at": datetime.now(UTC).isoformat(),
            "level": "error",
            "logger": OWN_LOGGER,
            "message": "log records were dropped: more came than could be written",
            "context": {"dropped": dropped},
            "process": self._process,
        }


def _bounded(context: dict[str, Any]) -> dict[str, Any]:
    """Give fields whose JSON is at most 16,000 characters: the longest ones are cut."""
    while len(json.dumps(context)) > _LONGEST_CONTEXT:
        name = max(context, key=lambda one: len(json.dumps(context[one])))
        text = context[name] if isinstance(context[name], str) else json.dumps(context[name])
        if len(text) <= 1000:  # noqa: PLR2004 (many fields, none of them long)
            return {"cut": json.dumps(context)[: _LONGEST_CONTEXT // 2]}
        context = {**context, name: f"{text[: len(text) // 2]}..."}
    return context
