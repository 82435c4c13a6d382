"""``aias health``: how everything is."""

from __future__ import annotations

import sys

import click

from aias.cli.calls import call
from aias.cli.output import Command, emit, table

__all__ = ["command"]


@click.command(cls=Command, name="health")
@click.option("--check", "checks", multiple=True, metavar="NAME", help="Make this check now; may be repeated.")
def command(checks: tuple[str, ...]) -> None:
    """Show how everything is, as the workers found it last, or make checks now and show those.

    Ends with 1 when a check that is vital fails.
    """
    from aias.client import Aias
    from aias.health import Health, get_health, list_health, look

    async def work(aias: Aias) -> list[Health]:
        for name in checks:
            await look(aias.session.pool, name)
        async with aias.session.connection() as conn:
            return [await get_health(conn, name) for name in checks] if checks else await list_health(conn)

    found = call(work)
    is_failing = any(one.is_vital and one.status == "failing" for one in found)
    rows = [
        (
            one.name,
            one.status if one.is_fresh or one.status == "unknown" else f"{one.status} (stale)",
            "yes" if one.is_vital else "no",
            one.cadence.replace("_", " "),
            one.since,
            one.checked_at,
            None if one.latency_ms is None else f"{one.latency_ms:.1f}",
            one.detail if not checks else f"{one.problem_count} problems" if one.problem_count else None,
        )
        for one in found
    ]
    lines = [table(("check", "status", "vital", "made", "since", "looked at", "ms", "problem"), rows)]
    lines += [
        f"{one.name}: {problem['object']}: {problem['problem']}" for one in found if checks for problem in one.problems
    ]
    emit({"is_failing": is_failing, "checks": found}, lines)
    if is_failing:
        sys.exit(1)
