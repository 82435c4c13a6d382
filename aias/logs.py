"""Log records: ours (structlog) and the libraries' (logging) take one way, to stderr.

On a terminal they are lines for a person, anywhere else JSON, one object per line. stdout is never written to: with
``--json`` it carries exactly one document.
"""

from __future__ import annotations

import logging
import sys

import structlog

__all__ = ["configure_logs", "through_logging"]

# What structlog adds to its own events and, through the formatter, to everybody else's.
_SHARED: list[structlog.types.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]

# Frames without their local variables: those hold inputs of tenants, tokens and pages of text.
_WITHOUT_VALUES = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
)


class _ToStderr(logging.Handler):
    """Writes to whatever stderr is at that moment; logging's own handler would keep the one that it was made with."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stderr.write(f"{self.format(record)}\n")
        except Exception:  # noqa: BLE001 (logging's rule: a record that can't be written is told, never raised)
            self.handleError(record)


def through_logging() -> None:
    """Hand structlog's events to ``logging``, whoever has configured that (procrastinate's own CLI does)."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def configure_logs(level: str) -> None:
    """Send every record of at least ``level`` to stderr. Calling again replaces what an earlier call set up."""
    through_logging()
    is_terminal = sys.stderr.isatty()
    render: list[structlog.types.Processor] = (
        [structlog.dev.ConsoleRenderer(colors=True)]
        if is_terminal
        else [_WITHOUT_VALUES, structlog.processors.JSONRenderer(ensure_ascii=False, default=str)]
    )
    handler = _ToStderr()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED,
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
