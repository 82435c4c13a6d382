"""The command line: ``aias``.

A group of commands is a module of this package with a ``command``; one line in ``COMMANDS`` registers it. Modules are
imported when their command is asked for (or listed), and import what they need inside their commands, so that
``aias --help`` stays fast.

Conventions, kept in one place each
    - ``--json`` and ``--debug`` belong to every command (``output.Command``). With ``--json`` stdout carries exactly
      one JSON document, also when the command fails (``{"error": ...}``).
    - Exit codes come from the error classes (``aias.errors``): 0 done, 1 failed, 2 usage, 3 not found, 4 conflict;
      130 interrupted. When nobody reads the output any more it ends silently with 1.
    - Nobody sees a traceback without ``--debug``, and nobody a password at all.
"""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from collections.abc import Sequence

import click
import psycopg

import aias
from aias.cli.output import Group, asked_for, fail
from aias.errors import AiasError, DatabaseError, from_sqlstate

__all__ = ["COMMANDS", "main"]

# name on the command line -> module; the module's `command` is the click command or group
COMMANDS = {
    "alert": "aias.cli.alert",
    "archive": "aias.cli.archive",
    "audit": "aias.cli.audit",
    "business": "aias.cli.business",
    "cache": "aias.cli.cache",
    "channel": "aias.cli.channel",
    "config": "aias.cli.config",
    "db": "aias.cli.db",
    "dead": "aias.cli.dead",
    "demo": "aias.cli.demo",
    "effect": "aias.cli.effect",
    "errors": "aias.cli.errors",
    "event": "aias.cli.event",
    "execution": "aias.cli.execution",
    "flag": "aias.cli.flag",
    "fuse": "aias.cli.fuse",
    "gate": "aias.cli.gate",
    "health": "aias.cli.health",
    "integration": "aias.cli.integration",
    "job": "aias.cli.job",
    "key": "aias.cli.key",
    "lane": "aias.cli.lane",
    "limit": "aias.cli.limit",
    "logs": "aias.cli.logs",
    "metrics": "aias.cli.metrics",
    "onboarding": "aias.cli.onboarding",
    "orphans": "aias.cli.orphans",
    "pause": "aias.cli.pause",
    "plugin": "aias.cli.plugin",
    "report": "aias.cli.report",
    "resume": "aias.cli.resume",
    "retention": "aias.cli.retention",
    "run": "aias.cli.run",
    "serve": "aias.cli.serve",
    "schedule": "aias.cli.schedule",
    "simulator": "aias.cli.simulator",
    "telemetry": "aias.cli.telemetry",
    "template": "aias.cli.template",
    "tenant": "aias.cli.tenant",
    "trace": "aias.cli.trace",
    "up": "aias.cli.up",
    "usage": "aias.cli.usage",
    "user": "aias.cli.user",
    "webhook": "aias.cli.webhook",
    "worker": "aias.cli.worker",
    "workflow": "aias.cli.workflow",
}

_INTERRUPTED = 130


class _Root(Group):
    """Finds commands in their modules when they are needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        module = COMMANDS.get(cmd_name)
        return importlib.import_module(module).command if module else None


@click.command(
    cls=_Root, name="aias", context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(aias.__version__, prog_name="aias")
def _aias() -> None:
    """Run business automations that live in PostgreSQL."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave the process with its exit code."""
    given = [_decoded(argument) for argument in (sys.argv[1:] if arguments is None else arguments)]
    sys.exit(_run(given))


def _decoded(argument: str) -> str:
    """Read an argument as UTF-8 where the locale could not: Python hands over its bytes as surrogates."""
    try:
        argument.encode()
    except UnicodeEncodeError:
        return os.fsencode(argument).decode(errors="replace")
    return argument


def _run(arguments: list[str]) -> int:
    try:
        result = _aias.main(arguments, prog_name="aias", standalone_mode=False)
        sys.stdout.flush()
    except BaseException as error:  # noqa: BLE001 (the outermost frame: every error becomes a message and an exit code)
        if "--debug" in asked_for(arguments):
            traceback.print_exc()
        return _exit_code(error, arguments)
    return result if isinstance(result, int) else 0


def _exit_code(error: BaseException, arguments: list[str]) -> int:
    """Say what went wrong, and give the exit code for it."""
    match error:
        case SystemExit():
            return error.code if isinstance(error.code, int) else int(error.code is not None)
        case BrokenPipeError():
            # the interpreter flushes stdout once more at exit; let that go nowhere
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 1
        case KeyboardInterrupt() | click.Abort():
            click.echo("interrupted", err=True)
            return _INTERRUPTED
        case click.ClickException():
            hint = f" (`{error.ctx.command_path} --help`)" if isinstance(error, click.UsageError) and error.ctx else ""
            return fail(error.format_message() + hint, kind="UsageError", code=error.exit_code, arguments=arguments)
        case psycopg.Error():
            ours: AiasError = from_sqlstate(error) or DatabaseError(
                error.diag.message_primary or str(error).strip() or type(error).__name__
            )
            return fail(ours.message, error=ours, code=ours.exit_code, arguments=arguments)
        case AiasError():
            return fail(error.message, error=error, code=error.exit_code, arguments=arguments)
        case _:
            message = f"{type(error).__name__}: {error}".strip(": ")
            return fail(f"{message} (unexpected; --debug shows where)", kind="Unexpected", arguments=arguments)
