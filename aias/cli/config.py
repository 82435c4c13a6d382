"""``aias config``: every setting, its value and where that came from."""

from __future__ import annotations

import difflib
import os
from pathlib import Path

import click
from pydantic import SecretStr

from aias.cli.output import Command, emit, note, table
from aias.settings import Settings, get_settings, variable_name

__all__ = ["command"]

_MASK = "********"
# Read by the tests and the shell completion, not settings.
_NOT_SETTINGS = ("AIAS_TEST_", "AIAS_REQUIRE_BROWSER", "AIAS_DATABASE_URL")


@click.command(cls=Command, name="config")
def command() -> None:
    """Show every setting with its value and where it came from; secrets are masked."""
    settings = get_settings()
    dotenv = _dotenv()
    rows = [
        {
            "name": variable_name(field),
            "value": _shown(field, getattr(settings, field)),
            "source": _source(variable_name(field), dotenv),
            "description": info.description or "",
        }
        for field, info in Settings.model_fields.items()
    ]
    unknown = sorted(name for name in {*os.environ, *dotenv} if _is_misspelt(name))
    for name in unknown:
        near = difflib.get_close_matches(name, [str(row["name"]) for row in rows], n=1)
        note(f"{name} is not a setting" + (f"; did you mean {near[0]}?" if near else ""))
    emit(
        {"settings": rows, "unknown": unknown},
        table(("setting", "value", "source"), [(row["name"], row["value"], row["source"]) for row in rows]),
    )


def _dotenv() -> dict[str, str]:
    from dotenv import dotenv_values

    path = Path(".env")
    return {name: value or "" for name, value in dotenv_values(path).items()} if path.is_file() else {}


def _shown(field: str, value: object) -> object:
    if field == "database_url" and isinstance(value, SecretStr):
        from aias.db import without_password

        return without_password(value.get_secret_value())
    if isinstance(value, SecretStr):
        return _MASK
    return str(value) if isinstance(value, Path) else value


def _source(name: str, dotenv: dict[str, str]) -> str:
    if any(variable.upper() == name and value for variable, value in os.environ.items()):
        return "environment"
    if any(variable.upper() == name and value for variable, value in dotenv.items()):
        return ".env"
    return "default"


def _is_misspelt(name: str) -> bool:
    known = {variable_name(field) for field in Settings.model_fields}
    return name.upper().startswith("AIAS_") and name.upper() not in known and not name.startswith(_NOT_SETTINGS)
