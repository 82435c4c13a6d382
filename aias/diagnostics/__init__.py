"""Diagnostics: what the processes log, what fails in them, and the fuses that failures blow.

A worker and the HTTP server record by themselves (``Recorder``). Everything else asks.
"""

from aias.diagnostics.following import Followed, LogPlace, follow_logs
from aias.diagnostics.models import ErrorGroup, ErrorRow, Fuse, FuseRule, Level, LogFilter, LogRow, Scope
from aias.diagnostics.queries import (
    find_errors,
    find_logs,
    get_error,
    get_fuse,
    ignore_error,
    list_fuse_rules,
    list_fuses,
    release_fuse,
    remove_fuse_rule,
    reopen_error,
    resolve_error,
    set_fuse_rule,
    tend_fuses,
)
from aias.diagnostics.recorder import Recorder, recording
from aias.diagnostics.side_task import Recording
from aias.jobs import app

__all__ = [
    "ErrorGroup",
    "ErrorRow",
    "Followed",
    "Fuse",
    "FuseRule",
    "Level",
    "LogFilter",
    "LogPlace",
    "LogRow",
    "Recorder",
    "Scope",
    "find_errors",
    "find_logs",
    "follow_logs",
    "get_error",
    "get_fuse",
    "ignore_error",
    "list_fuse_rules",
    "list_fuses",
    "recording",
    "release_fuse",
    "remove_fuse_rule",
    "reopen_error",
    "resolve_error",
    "set_fuse_rule",
    "tend_fuses",
]

app.side_tasks.append(Recording)
