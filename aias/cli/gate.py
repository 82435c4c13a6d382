"""``aias gate``: what stands before the upstreams."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from aias.cli.calls import on_connection
from aias.cli.output import Group, emit, table
from aias.cli.parameters import TIME, tenant_option

if TYPE_CHECKING:
    from psycopg import AsyncConnection

__all__ = ["command"]


@click.group(cls=Group, name="gate")
def command() -> None:
    """Gates before the upstreams: a closed one lets no call through, and the steps that need it wait."""


@command.command(name="list")
@tenant_option
def list_(tenant: str | None) -> None:
    """List the gates that are closed and the breakers of the connections that are in use."""
    from aias.client.api import require_tenant
    from aias.integrations import Breaker, Gate, list_breakers, list_gates

    async def find(conn: AsyncConnection[Any]) -> tuple[list[Gate], list[Breaker]]:
        if tenant is not None:
            await require_tenant(conn, tenant)
        return await list_gates(conn, tenant=tenant), await list_breakers(conn, tenant=tenant)

    gates, breakers = on_connection(find)
    shown = table(
        ("gate", "state", "until", "because", "by", "closed", "waiting"),
        [(g.gate, g.state, g.closed_until, g.reason, g.closed_by, g.closed_at, g.waiting_count) for g in gates],
    )
    states = table(
        ("breaker", "state", "until", "calls", "failed", "changed"),
        [
            (f"{b.kind}:{b.tenant}/{b.connection}", b.state, b.open_until, b.call_count, b.failure_count, b.changed_at)
            for b in breakers
        ],
    )
    emit({"gates": gates, "breakers": breakers}, f"{shown}\n\n{states}" if breakers else shown)


@command.command()
@click.argument("gate", metavar="GATE")
@click.option("--until", type=TIME, help="When one step is let through again; without it: when the gate is opened.")
@click.option("--reason", required=True, help="Why; shown to whoever asks why a step waits.")
def close(gate: str, until: datetime | None, reason: str) -> None:
    """Let no call of an upstream through; the steps wait and lose no attempt.

    GATE is a kind (shopify: all tenants) or KIND:TENANT/CONNECTION.
    """
    from aias.integrations import close_gate

    on_connection(lambda conn: close_gate(conn, gate, until=until, reason=reason))
    emit({"gate": gate, "state": "closed", "until": until}, f"{gate}: closed")


@command.command(name="open")
@click.argument("gate", metavar="GATE")
def open_(gate: str) -> None:
    """Let the steps go on that wait for an upstream."""
    from aias.integrations import open_gate

    was_closed = on_connection(lambda conn: open_gate(conn, gate))
    emit(
        {"gate": gate, "state": "open", "was_closed": was_closed},
        f"{gate}: open" if was_closed else f"{gate}: was open",
    )
