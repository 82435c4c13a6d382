"""Many executions at once: what may be done with them, and doing it one by one, each as if alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from psycopg import AsyncConnection

from aias import workflows
from aias.errors import Conflict, InvalidArgument, NotFound, TooManyRequests

__all__ = ["ACTIONS", "MOST_AT_ONCE", "Action", "Outcome", "action_of", "carry_out"]

MOST_AT_ONCE: Final = 50
"""Executions of one request; more go on with the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What is done with executions, in words, and the states that it is for."""

    name: str
    done: str
    states: tuple[str, ...]
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one execution: the new one where it was replayed, or why it was refused."""

    execution: UUID
    made: UUID | None = None
    refusal: str | None = None


ACTIONS: Final = {
    one.name: one
    for one in (
        Action(
            name="cancel",
            done="cancelled",
            states=("queued", "running", "waiting"),
            told="Each ends before its time, with the executions that it started. What was called stays called.",
        ),
        Action(
            name="retry",
            done="retried",
            states=("failed", "cancelled"),
            told="Each goes on from its checkpoints: what succeeded is not run again.",
        ),
        Action(
            name="replay",
            done="replayed",
            states=("succeeded", "failed", "cancelled"),
            told="Each runs again from its start, as a new execution: its calls are made again.",
        ),
    )
}


def action_of(name: str) -> Action:
    """Give an action by its name.

    Raises:
        InvalidArgument: there is none.
    """
    if name not in ACTIONS:
        raise InvalidArgument(f"there is no action {name!r:.40}: cancel, retry or replay", argument="action")
    return ACTIONS[name]


async def carry_out(
    conn: AsyncConnection[dict[str, object]], action: Action, executions: Sequence[UUID]
) -> list[Outcome]:
    """Do it with each, in the order given; one that is refused changes nothing and holds up no other.

    In the caller's transaction.
    """
    return [await _one(conn, action.name, execution) for execution in executions]


async def _one(conn: AsyncConnection[dict[str, object]], action: str, execution: UUID) -> Outcome:
    made: UUID | None = None
    try:
        async with conn.transaction():
            if action == "cancel":
                await workflows.cancel_execution(conn, execution, reason="cancelled on the dashboard, with others")
            elif action == "retry":
                await workflows.retry_execution(conn, execution)
            else:
                made = await workflows.replay_execution(conn, execution)
    except (Conflict, InvalidArgument, NotFound, TooManyRequests) as error:
        return Outcome(execution=execution, refusal=error.message)
    return Outcome(execution=execution, made=made)
