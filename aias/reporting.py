"""Failures are told here where they are caught, for whoever keeps them (``aias.diagnostics``).

Telling costs nothing while nobody listens, never waits and never raises: what happens to the report is not the
business of the work that failed.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, Final, Literal
from uuid import UUID

__all__ = ["Failed", "listening", "report", "type_of", "was_reported"]

Source = Literal["step", "job", "request", "periodic", "log"]

_MARK: Final = "_aias_was_reported"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """Something that failed, as whoever caught it knows it; what is None is taken from structlog's variables."""

    source: Source
    name: str
    """The action, the task, the route or the logger."""
    error: BaseException | None = None
    type: str
    message: str
    tenant_id: UUID | None = None
    execution_id: UUID | None = None
    step: str | None = None
    job_id: int | None = None
    fuse: tuple[Literal["task", "workflow"], str] | None = None
    """What gave up for good with it, and so counts towards a fuse: a task or a workflow by its name."""
    is_told_before: bool = False
    """Whether the error itself was reported before, and this says only that something gave up because of it."""
    fingerprint: str | None = None
    """The one that the earlier report gave, where it is known."""


Listener = Callable[[Failed], str | None]

_listeners: list[Listener] = []


def report(failed: Failed) -> str | None:
    """Tell a failure; gives the fingerprint that it is grouped by, or None while nobody listens."""
    found: str | None = None
    for listener in tuple(_listeners):
        try:
            found = listener(failed) or found
        except Exception:  # noqa: BLE001 (a report that fails must not fail the work; it is told)
            _log.exception("a failure could not be recorded: %s", failed.name, extra={"failed_type": failed.type})
    if failed.error is not None and _listeners:
        # an exception with __slots__ takes no mark, and may be counted once more when it is logged
        with contextlib.suppress(AttributeError, TypeError):
            setattr(failed.error, _MARK, True)
    return found


def was_reported(error: BaseException) -> bool:
    """Whether an exception was reported; what only logs it afterwards does not count it again."""
    return bool(getattr(error, _MARK, False))


@contextlib.contextmanager
def listening(listener: Listener) -> Generator[None]:
    """Have ``listener`` called with each failure, in the thread that reports it, while the block runs."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


def type_of(error: BaseException) -> str:
    """Give the name of an error's type as groups show it: with its module, but for Python's own."""
    kind: Any = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
