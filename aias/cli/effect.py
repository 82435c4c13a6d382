"""``aias effect``: what the executions changed outside, and what is in doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from aias.cli.calls import on_connection, operator, select
from aias.cli.output import Group, dumps, emit, table
from aias.cli.parameters import ID, JSON, limit_option, tenant_option
from aias.errors import NotFound

if TYPE_CHECKING:
    from psycopg import AsyncConnection

__all__ = ["command"]


@click.group(cls=Group, name="effect")
def command() -> None:
    """The ledger of effects: every call that changes something outside, and what came of it."""


@command.command(name="list")
@tenant_option
@click.option("--execution", type=ID, help="Of this execution only.")
@click.option("--all", "everything", is_flag=True, help="The settled ones too, not only those in doubt.")
@limit_option
def list_(tenant: str | None, execution: UUID | None, everything: bool, limit: int) -> None:
    """List the effects that are in doubt, the longest first; with --all every effect, the newest first."""
    from aias.client import require_tenant
    from aias.integrations import Effect, list_effects

    async def work(conn: AsyncConnection[Any]) -> list[Effect]:
        if tenant is not None:
            await require_tenant(conn, tenant)
        return await list_effects(conn, tenant=tenant, execution=execution, everything=everything, limit=limit)

    found = on_connection(work)
    columns = ("execution", "tenant", "step", "part", "connection", "operation", "state", "begun", "in doubt since")
    rows = [
        (e.execution_id, e.tenant, e.step, e.part, e.connection, e.operation, e.state, e.begun_at, e.doubted_at)
        for e in found
    ]
    emit({"effects": found}, table(columns, rows))


@command.command()
@click.argument("execution", type=ID)
@click.argument("step")
def show(execution: UUID, step: str) -> None:
    """Show the effects of a STEP ("step", or "step[3]" for an item of a fan-out) with all that is known of them."""
    found = select(
        """
        select e.execution_id, e.step, e.item, e.part, e.operation, e.connection, e.state, e.response,
            e.idempotency_key, e.request_hash, e.attempt, e.send_count, e.begun_at, e.held_until, e.doubted_at,
            e.settled_at, e.resolved_by, e.resolved_comment
        from aias.effects as e
        where e.execution_id = %(execution)s
            and e.step || case when e.item is null then '' else format('[%%s]', e.item) end = %(step)s
        order by e.part nulls first
        """,
        {"execution": execution, "step": step},
    )
    if not found:
        raise NotFound(f"the step {step!r} of {execution} has no effects", argument="p_step")
    emit({"effects": found}, dumps(found))


@command.command()
@click.argument("execution", type=ID)
@click.argument("step")
@click.option("--happened/--did-not-happen", required=True, default=None, help="What came of it.")
@click.option("--response", type=JSON, help="What the upstream answered: the step goes on with it.")
@click.option("--part", help="Which of several effects of the step.")
@click.option("--by", help="Who says so; default: you.")
@click.option("--comment", help="How you know; it stays on record.")
def resolve(
    execution: UUID, step: str, happened: bool, response: Any, part: str | None, by: str | None, comment: str | None
) -> None:
    """Say what came of an effect that is in doubt; look at the upstream first.

    It happened: the step goes on as if it had been answered. It did not: it is sent again. An execution that has failed
    over it goes on with aias execution retry.
    """
    from aias.integrations import resolve_effect

    state = on_connection(
        lambda conn: resolve_effect(
            conn,
            execution=execution,
            step=step,
            happened=happened,
            by=by or operator(),
            response=response,
            comment=comment,
            part=part,
        )
    )
    told = "done" if state == "done" else "refused: it is sent again"
    emit({"execution": execution, "step": step, "state": state}, f"{step}: {told}")
