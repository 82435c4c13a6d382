"""What every command shares: ``--json``, ``--debug``, tables, and how a failure is told."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import click
from pydantic import BaseModel, SecretStr

from aias.errors import AiasError, DefinitionError, SqlError, StepError

__all__ = ["Command", "Group", "asked_for", "emit", "fail", "is_json", "line_of", "note", "set_up", "table"]

_JSON = "aias.json"


class Command(click.Command):
    """A command with the options that every command has."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.append(
            click.Option(
                ["--json"],
                is_flag=True,
                expose_value=False,
                callback=_remember_json,
                help="Print one JSON document.",
            )
        )
        self.params.append(
            click.Option(["--debug"], is_flag=True, expose_value=False, help="Show where an error came from.")
        )

    def invoke(self, ctx: click.Context) -> Any:
        """Set logging up and run the command; bad settings are told before anything is done."""
        set_up()
        return super().invoke(ctx)


def set_up() -> None:
    """Let logs go where the settings say; for what is done before a command runs, such as loading plugins.

    Raises:
        ConfigurationError: bad settings.
    """
    from aias.logs import configure_logs
    from aias.settings import get_settings

    settings = get_settings()
    configure_logs(settings.log_level, log_format=settings.log_format)


class Group(click.Group):
    """A group whose commands and groups are of these classes."""

    command_class = Command
    group_class = type


def _remember_json(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    ctx.find_root().meta[_JSON] = value


def is_json() -> bool:
    """Whether the running command was asked for JSON."""
    return bool(click.get_current_context().find_root().meta.get(_JSON))


def asked_for(arguments: Sequence[str]) -> list[str]:
    """Give the arguments that are ours to interpret: those before ``--``."""
    arguments = list(arguments)
    return arguments[: arguments.index("--")] if "--" in arguments else arguments


def emit(document: Any, text: str | Iterable[str]) -> None:
    """Print a command's result, once: the document with ``--json``, else the text (a string or lines)."""
    shown = dumps(document) if is_json() else text if isinstance(text, str) else "\n".join(text)
    encoding = sys.stdout.encoding or "utf-8"
    try:
        shown.encode(encoding)
    except UnicodeEncodeError:  # a locale that has not got these letters
        shown = (
            json.dumps(json.loads(shown), indent=2)
            if is_json()
            else shown.encode(encoding, "backslashreplace").decode(encoding)
        )
    click.echo(shown)


def note(message: str) -> None:
    """Tell a person what is going on, on stderr."""
    click.echo(message, err=True)


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Lay rows out: with rich on a terminal, in plain aligned columns anywhere else."""
    cells = [[_cell(value) for value in row] for row in rows]
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        drawn = Table(*columns, box=None, pad_edge=False, header_style="bold")
        for row in cells:
            drawn.add_row(*(Text(cell) for cell in row))
        console = Console()
        with console.capture() as captured:
            console.print(drawn)
        return captured.get().rstrip("\n")
    widths = [max(len(line[at]) for line in [list(columns), *cells]) for at in range(len(columns))]
    lines = [[name.upper() for name in columns], *cells]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return value.astimezone().isoformat(sep=" ", timespec="seconds")  # for a person: the local zone
        case bool():
            return "yes" if value else "no"
        case _:
            return str(value)


def dumps(document: Any) -> str:
    """Write JSON as every command does: times in UTC, ids and paths as text, durations in seconds."""
    return json.dumps(document, default=_plain, ensure_ascii=False, indent=2)


def line_of(document: Any) -> str:
    """Write JSON in one line, for commands that go on: one document per line."""
    return json.dumps(document, default=_plain, ensure_ascii=False)


def _plain(value: object) -> object:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case UUID() | Path():
            return str(value)
        case Decimal():
            return str(value)
        case BaseModel():
            return value.model_dump(mode="json")
        case SecretStr():
            return str(value)
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        case _:
            raise TypeError(f"{type(value).__name__} has no JSON form")


def fail(
    message: str,
    *,
    arguments: Sequence[str],
    error: AiasError | None = None,
    kind: str | None = None,
    code: int = 1,
) -> int:
    """Say on stderr what went wrong, with ``--json`` also as the one document on stdout; give the exit code back."""
    click.echo(f"aias: {message}", err=True)
    if "--json" in asked_for(arguments):
        described: dict[str, object] = {"type": kind or type(error).__name__, "message": message}
        described |= {key: value for key, value in _particulars(error).items() if value is not None}
        click.echo(dumps({"error": described}))
    return code


def _particulars(error: AiasError | None) -> Mapping[str, object]:
    match error:
        case SqlError():
            return {"code": error.sqlstate, "argument": error.argument, "detail": error.detail}
        case DefinitionError():
            return {"problems": error.problems}
        case StepError():
            return {"detail": error.detail}
        case _:
            return {}
