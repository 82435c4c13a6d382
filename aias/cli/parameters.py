"""What commands take: JSON, times, ids, secrets, and the options that many of them share."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

import click

__all__ = ["ID", "JSON", "JSON_OBJECT", "TIME", "limit_option", "read_secret", "required_tenant", "tenant_option"]

_LARGEST_FILE = 10_000_000
_LARGEST_SECRET = 100_000
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


def _read(value: str, limit: int) -> str:
    """Give the text itself, that of ``@file``, or that of standard input (``-``).

    Raises:
        ValueError: it can't be read, is larger than ``limit`` bytes, or is not UTF-8; the message says which.
    """
    if value == "-":
        data, place = sys.stdin.buffer.read(limit + 1), "standard input"
    elif value.startswith("@"):
        place = value[1:]
        try:
            with Path(place).open("rb") as file:
                data = file.read(limit + 1)
        except OSError as error:
            raise ValueError(f"{place}: {error.strerror or error}") from None
    else:
        return value
    if len(data) > limit:
        raise ValueError(f"{place} has more than {limit:,} bytes")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"{place} is not UTF-8: byte {error.start}") from None


if TYPE_CHECKING:
    _Type = click.ParamType[Any, Any]
else:  # generic in later versions of click only
    _Type = click.ParamType


class _Json(_Type):
    """JSON, ``@FILE`` or ``-`` for standard input."""

    name = "JSON|@FILE|-"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read it; what is wrong is told with its line and column."""
        if not isinstance(value, str):
            return value
        from aias.db import loads

        try:
            return loads(_read(value, _LARGEST_FILE))
        except ValueError as error:
            self.fail(f"not JSON: {error}" if "line" in str(error) else str(error), param, ctx)


class _JsonObject(_Json):
    """The same, of an object."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read it, and refuse what is no object."""
        found = super().convert(value, param, ctx)
        if not isinstance(found, dict):
            self.fail("a JSON object is wanted here: {...}", param, ctx)
        return cast("dict[str, Any]", found)


class _Time(_Type):
    """A time: RFC 3339, without an offset in the local zone; or from now: ``+30s``, ``+5m``, ``-2h``, ``-1d``."""

    name = "TIME"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Give the time with its zone."""
        if isinstance(value, datetime):
            return value
        try:
            if value.startswith(("+", "-")):
                return datetime.now().astimezone() + timedelta(**{_UNITS[value[-1]]: float(value[:-1])})
            time = datetime.fromisoformat(value)
            return time.astimezone() if time.tzinfo is None else time
        except (ValueError, KeyError, OverflowError):
            self.fail(f"{value!r} is no time: 2026-03-01T09:00:00+01:00, or +10m for ten minutes from now", param, ctx)


class _Id(_Type):
    """A UUID."""

    name = "ID"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> UUID:
        """Give the UUID."""
        try:
            return value if isinstance(value, UUID) else UUID(value)
        except ValueError:
            self.fail(f"{value!r} is no id (a UUID)", param, ctx)


JSON = _Json()
JSON_OBJECT = _JsonObject()
TIME = _Time()
ID = _Id()


def tenant_option(function: Decorated) -> Decorated:
    """``--tenant``, to narrow a list down."""
    return click.option("--tenant", metavar="SLUG", help="Of this tenant only.")(function)


def required_tenant(function: Decorated) -> Decorated:
    """``--tenant``, which must be given."""
    return click.option("--tenant", metavar="SLUG", required=True, help="The tenant's slug.")(function)


def limit_option(function: Decorated) -> Decorated:
    """``--limit``: lists are bounded."""
    return click.option(
        "--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="How many at most."
    )(function)


def read_secret(value: str | None, option: str) -> str:
    """Give a secret: from ``@FILE``, standard input (``-``), the argument itself, or asked for on a terminal.

    Raises:
        click.UsageError: it is missing and there is nobody to ask, or it can't be read. The secret is not shown.
    """
    if value is None:
        if not sys.stdin.isatty():
            raise click.UsageError(f"Missing option '{option}' (@FILE, or - for standard input).")
        return str(click.prompt(option.strip("-"), hide_input=True, err=True))
    try:
        secret = _read(value, _LARGEST_SECRET).strip()
    except ValueError as error:
        raise click.UsageError(f"{option}: {error}") from None
    if not secret:
        raise click.UsageError(f"{option} is empty")
    return secret
