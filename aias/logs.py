"""Log records: ours (structlog) and the libraries' (logging) take one way, to stderr and to whoever else listens.

As JSON, one object per line, or as lines for a person: as ``AIAS_LOG_FORMAT`` says, by itself for a person on a
terminal. stdout is never written to: with ``--json`` it carries exactly one document. What a record holds is scrubbed
(``aias.redaction``) before anybody gets it: no secret, no personal data, nothing that forges a line.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Callable
from contextvars import ContextVar
from types import TracebackType
from typing import Any, Final, Literal, cast

import structlog

from aias.redaction import scrub, scrub_value

__all__ = [
    "LogFormat",
    "bind_fields",
    "configure_logs",
    "event_of",
    "exception_of",
    "known_fields",
    "merge_fields",
    "scrub_handlers",
    "through_logging",
    "traceback_of",
]

LogFormat = Literal["auto", "json", "text"]

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]

_AS_IT_IS: Final = frozenset({"_record", "_from_structlog", "exc_info", "stack_info", "timestamp", "level", "logger"})
_LONGEST_TRACEBACK: Final = 16_000


# One variable, and the fields only when a record is written: most work logs nothing.
_fields: ContextVar[Callable[[], dict[str, Any]] | None] = ContextVar("aias_log_fields", default=None)


def bind_fields(fields: Callable[[], dict[str, Any]] | None) -> None:
    """Say what every record of this task tells from here on, in place of what it told before; asked when needed."""
    _fields.set(fields)


def known_fields() -> dict[str, Any]:
    """Give what every record of this task says: what was bound here and through structlog."""
    fields = _fields.get()
    return {**({} if fields is None else fields()), **structlog.contextvars.get_contextvars()}


def merge_fields(_logger: Any, _method: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
    """Add to a record what was bound (a processor of structlog); its own fields win."""
    return {**known_fields(), **event}


def _scrubbed(_logger: Any, _method: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
    """Scrub a record's text and fields; its exception is scrubbed where it is written out."""
    kept = {name: value for name, value in event.items() if name in _AS_IT_IS}
    rest = {name: value for name, value in event.items() if name not in _AS_IT_IS}
    return {**scrub_value(rest), **kept}


# What structlog adds to its own events and, through the formatter, to everybody else's.
_SHARED: list[structlog.types.Processor] = [
    merge_fields,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]

# Frames without their local variables: those hold inputs of tenants, tokens and pages of text.
_transformed = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)


class _ToStderr(logging.Handler):
    """Writes to whatever stderr is at that moment; logging's own handler would keep the one that it was made with."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stderr.write(f"{self.format(record)}\n")
        except Exception:  # noqa: BLE001 (logging's rule: a record that can't be written is told, never raised)
            self.handleError(record)


class _Scrubbing(logging.Formatter):
    """Scrubs what another formatter has made: that of a handler which somebody else has set up."""

    def __init__(self, inner: logging.Formatter) -> None:
        super().__init__()
        self._inner = inner

    def format(self, record: logging.LogRecord) -> str:
        shown = logging.makeLogRecord(record.__dict__)
        shown.msg, shown.args = scrub(record.getMessage()), ()
        return scrub(self._inner.format(shown), is_block=True)


def through_logging() -> None:
    """Hand structlog's events to ``logging``, whoever has configured that (procrastinate's own CLI does)."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.processors.StackInfoRenderer(),
            _scrubbed,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def configure_logs(level: str, *, log_format: LogFormat = "auto") -> None:
    """Send every record of at least ``level`` to stderr. Calling again replaces what an earlier call set up."""
    through_logging()
    is_for_people = log_format == "text" or (log_format == "auto" and sys.stderr.isatty())
    render: list[structlog.types.Processor] = (
        [_with_traceback, structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
        if is_for_people
        else [_with_exception, structlog.processors.JSONRenderer(ensure_ascii=False, default=str)]
    )
    handler = _ToStderr()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*_SHARED, _scrubbed],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *render],
        )
    )
    handler.set_name("aias")
    root = logging.getLogger()
    for old in [existing for existing in root.handlers if existing.get_name() == "aias"]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level.upper())
    # one line per imported module of tasks, before anything happens
    logging.getLogger("procrastinate.blueprints").setLevel(logging.WARNING)


def scrub_handlers() -> None:
    """Let the handlers that somebody else has set up write scrubbed lines only; calling again changes nothing."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler) and not isinstance(handler.formatter, _Scrubbing):
            handler.setFormatter(_Scrubbing(handler.formatter or logging.Formatter()))


def event_of(record: logging.LogRecord) -> dict[str, Any]:
    """Give what a record holds, scrubbed, whoever wrote it: ``event``, ``level``, ``logger``, ``timestamp``, fields."""
    given: Any = record.msg
    if isinstance(given, dict) and hasattr(record, "_logger"):
        event = dict(cast("dict[str, Any]", given))  # structlog's, scrubbed on its way here
    else:
        event = {"event": record.getMessage(), "_record": record}
        for processor in (*_SHARED, _scrubbed):
            event = cast("dict[str, Any]", processor(None, record.levelname.lower(), event))
        event.pop("_record", None)
    event.pop("exc_info", None)
    return event


def exception_of(record: logging.LogRecord) -> BaseException | None:
    """Give the exception that a record tells of; to be asked where it is logged, while it is being handled."""
    message: Any = record.msg
    given: Any = record.exc_info
    if isinstance(message, dict):
        given = cast("dict[str, Any]", message).get("exc_info") or given
    found = _exc_info(given)
    return None if found is None else found[1]


def traceback_of(error: BaseException) -> str:
    """Give an exception with its causes as text, scrubbed, without local variables, at most 16,000 characters."""
    text = scrub("".join(traceback.format_exception(error, limit=-50)).rstrip(), is_block=True)
    # the end says what it was
    return text if len(text) <= _LONGEST_TRACEBACK else f"...{text[-_LONGEST_TRACEBACK:]}"


def _exc_info(given: Any) -> ExcInfo | None:
    if isinstance(given, BaseException):
        return type(given), given, given.__traceback__
    if given is True:
        given = sys.exc_info()
    return cast("ExcInfo", given) if isinstance(given, tuple) and given != (None, None, None) else None


def _with_exception(_logger: Any, _method: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
    """Write an exception out as JSON."""
    found = _exc_info(event.pop("exc_info", None))
    if found is not None:
        event["exception"] = scrub_value(_transformed(found))
    return event


def _with_traceback(_logger: Any, _method: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
    """Write an exception out for a person, indented: no line of it can pass for a line of the log."""
    found = _exc_info(event.pop("exc_info", None))
    if found is not None:
        event["exception"] = "\n".join(f"    {line}" for line in traceback_of(found[1]).splitlines())
    return event
