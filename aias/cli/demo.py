"""``aias demo``: the whole system, once through."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import click

from aias.cli.foreground import foreground
from aias.cli.output import Command, emit, note, table
from aias.cli.progress import bar
from aias.settings import get_settings

if TYPE_CHECKING:
    import asyncio

    from aias.demo import Report

__all__ = ["command"]


@click.command(cls=Command, name="demo")
@click.option("--orders", type=click.IntRange(5, 500), default=25, show_default=True, help="How many orders.")
@click.option("--keep", is_flag=True, help="Keep the worker and the local servers running until Ctrl-C.")
def command(orders: int, keep: bool) -> None:
    """Send orders through the shipped workflow, with everything going wrong that should not matter.

    Runs on a database of its own, aias_demo, made anew; nothing else is touched. Exit code 0 only if nothing was lost
    or done twice and the execution of the killed worker was finished by another one.
    """
    from aias.demo import as_lines, run_demo

    async def main(stop: asyncio.Event) -> Report:
        with ExitStack() as stack:
            show = stack.enter_context(bar(orders))

            def tell(report: Report) -> None:
                stack.close()
                emit(report, [_counts(report), *as_lines(report)])
                if keep:
                    note("The worker and the local servers stay until Ctrl-C.")

            return await run_demo(get_settings(), count=orders, progress=show, told=tell, keep=stop if keep else None)

    report = foreground(main, interrupt=not keep)
    if not report.is_good:
        raise click.exceptions.Exit(1)


def _counts(report: Report) -> str:
    killed = report.killed
    return table(
        ("what", "count"),
        [
            ("orders started", report.orders),
            *((f"executions {status}", count) for status, count in report.executions.items()),
            ("steps done", report.steps),
            ("retries of steps", report.retries),
            ("starts repeated with their key", report.repeated_starts),
            ("executions rescued from a killed worker", report.rescued),
            ("dead letters", report.dead_letters),
            ("invoices expected", report.invoices_expected),
            ("invoices found in Wave's books", report.invoices_found),
            ("done twice", report.duplicates),
            ("lost", report.lost),
            ("messages that the killed worker left in doubt", report.messages_in_doubt),
            ("order in whose middle the worker was killed", f"{killed.order} {killed.status}" if killed else "none"),
            ("seconds", report.seconds),
        ],
    )
