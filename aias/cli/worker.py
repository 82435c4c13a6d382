"""``aias worker``: procrastinate's worker with our app."""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
from typing import cast

import click

from aias.cli.output import Command, emit
from aias.settings import get_settings

__all__ = ["command"]

_LONGEST_QUEUE_NAME = 40
_MOST_CONCURRENT = 1000


class _Worker(Command):
    """Shows procrastinate's own help: the options are its."""

    def get_help(self, ctx: click.Context) -> str:
        with contextlib.redirect_stdout(io.StringIO()) as shown, contextlib.suppress(SystemExit):
            _parse(["--help"])
        return f"{super().get_help(ctx)}\n\n{shown.getvalue()}"


@click.command(cls=_Worker, name="worker", context_settings={"ignore_unknown_options": True})
@click.argument("arguments", metavar="[OPTIONS OF PROCRASTINATE]", nargs=-1, type=click.UNPROCESSED)
def command(arguments: tuple[str, ...]) -> None:
    """Work: the same as procrastinate --app=aias.app.app worker, with all of its options."""
    from procrastinate import cli

    from aias.db import database_url

    # The embedded server is started here; whoever runs procrastinate itself says where the database is.
    os.environ["DATABASE_URL"] = database_url(get_settings())
    options = _parse(arguments)
    _check(options)
    asyncio.run(cli.cli(["--app=aias.app.app", "worker", *arguments]))
    emit({"worker": "stopped"}, ())


def _parse(arguments: tuple[str, ...] | list[str]) -> dict[str, object]:
    """Read procrastinate's options as its own command line does.

    Raises:
        click.UsageError: one of them is unknown or malformed.
    """
    from procrastinate import cli

    complaint = io.StringIO()
    try:
        with contextlib.redirect_stderr(complaint):
            return cli.parse_args(["--app=", "worker", *arguments])
    except SystemExit as error:
        if error.code == 0:
            raise
        last = (complaint.getvalue().strip().splitlines() or ["bad arguments"])[-1]
        raise click.UsageError(last.removeprefix("procrastinate worker: error: ")) from None


def _check(options: dict[str, object]) -> None:
    """Refuse what a worker could only fail with later.

    Raises:
        click.UsageError: a number or a name out of range.
    """
    concurrency = options.get("concurrency")
    if concurrency is not None and not 1 <= cast("int", concurrency) <= _MOST_CONCURRENT:
        raise click.UsageError(f"--concurrency: {concurrency} is not in the range 1 to {_MOST_CONCURRENT}")
    for name in cast("list[str]", options.get("queues") or []):
        size = len(name.encode())
        if size > _LONGEST_QUEUE_NAME:
            raise click.UsageError(f"--queues: {name!r} has {size} bytes, more than {_LONGEST_QUEUE_NAME}")
    for option in ("fetch_job_polling_interval", "abort_job_polling_interval", "shutdown_graceful_timeout"):
        seconds = options.get(option)
        if seconds is not None and not 0 <= cast("float", seconds) < float("inf"):
            raise click.UsageError(f"--{option.replace('_', '-')}: {seconds} is no number of seconds")
